"""When the next activity may be, and to when one may be postponed: on working days, at the same hour by the
clock of the user."""

from datetime import date, datetime, timedelta

import frappe

from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.base.working_days import WorkingDays


def suggest_next(activity: str) -> dict:
	"""Initial values of the dialog that finishes an activity: `subject`, `activity_type` and `starts_on` of
	the next one, which is on the next working day at the same hour."""
	doc = frappe.get_doc("Cronus Activity", activity)
	doc.check_permission()
	days = get_user_days()
	day = WorkingDays.from_settings().add_days(days.today, 1)
	return {
		"subject": doc.subject,
		"activity_type": doc.activity_type,
		"starts_on": _at_its_hour(doc, days, day),
	}


def suggest_postponements(activity: str | None = None) -> list[dict]:
	"""Moments to which an activity, or several at once, may be postponed: in an hour, tomorrow, in three
	days, next week. Days are counted from today and fall on working days, at the hour of the activity by the
	user's clock; without an activity, at the present hour.

	Returns [{"choice", "starts_on"}]. choice: "hour", "tomorrow" or (where that is no working day)
	"working_day", "three_days", "week". starts_on: in the system's time zone.

	Raises frappe.PermissionError without the right to read the activity.
	"""
	days, calendar = get_user_days(), WorkingDays.from_settings()
	now = days.now.replace(second=0, microsecond=0)
	doc = frappe._dict(starts_on=now)
	if activity:
		doc = frappe.get_doc("Cronus Activity", activity)
		doc.check_permission()
	found = [{"choice": "hour", "starts_on": now + timedelta(hours=1)}]
	for choice, number in (("tomorrow", 1), ("three_days", 3), ("week", 7)):
		wanted = days.today + timedelta(days=number)
		day = calendar.next_working_day(wanted)
		if choice == "tomorrow" and day != wanted:
			choice = "working_day"
		found.append({"choice": choice, "starts_on": _at_its_hour(doc, days, day)})
	return found


def _at_its_hour(doc, days: UserDays, day: date) -> datetime:
	"""When an activity (`starts_on`, `all_day`) begins that is moved to a date of the user."""
	if doc.all_day:  # its date is the same in every time zone
		return datetime.combine(day, doc.starts_on.time())
	return days.at_same_hour(doc.starts_on, day)
