"""When the next activity may be, and to when one may be postponed: on working days, at the same hour by the
clock of the user."""

from datetime import date, datetime, timedelta

import frappe

from cronus_crm.base.present_records import get_settings
from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.base.working_days import WorkingDays

# Hours in which somebody is called or visited.
_OFFICE_HOURS = range(7, 20)

# The place of the next working day among the suggested days.
_NEXT_DAY = 0


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


def suggest_next_working_day() -> datetime:
	"""The next working day, at the present hour; see :func:`suggest_times`."""
	return suggest_times()[_NEXT_DAY]["starts_on"]


def suggest_postponements(activity: str | None = None) -> list[dict]:
	"""Moments to which an activity, or several at once, may be postponed: in an hour, and those of
	:func:`suggest_times` at the hour of the activity; without an activity, at the present hour.

	Returns [{"choice", "starts_on", "day"}]; choice: "hour", or as there.

	Raises frappe.PermissionError without the right to read the activity.
	"""
	days = get_user_days()
	now = days.now.replace(second=0, microsecond=0)
	doc = frappe._dict(starts_on=now)
	if activity:
		doc = frappe.get_doc("Cronus Activity", activity)
		doc.check_permission()
	hour = now + timedelta(hours=1)
	found = [{"choice": "hour", "starts_on": hour, "day": days.clock(hour).date()}]
	return found + [
		{"choice": choice, "starts_on": _at_its_hour(doc, days, day), "day": day}
		for choice, day in _suggest_days(days)
	]


def suggest_times() -> list[dict]:
	"""Moments for a new activity: tomorrow, in three working days, next Monday, at the present hour by the
	clock of the user, to the half hour; at night at that of follow-ups in the settings.

	Returns [{"choice", "starts_on", "day"}]. choice: "tomorrow" or (where that is no working day)
	"working_day", "three_working_days", "monday". starts_on: in the system's time zone. day: of the user.
	"""
	days = get_user_days()
	clock = days.clock(days.now + timedelta(minutes=15))
	clock = clock.replace(minute=30 * (clock.minute // 30), second=0, microsecond=0)
	if clock.hour not in _OFFICE_HOURS:
		hour, minute = map(int, (get_settings().follow_up_time or "09:00").split(":")[:2])
		clock = clock.replace(hour=hour, minute=minute)
	return [
		{"choice": choice, "starts_on": days.at_clock(datetime.combine(day, clock.time())), "day": day}
		for choice, day in _suggest_days(days)
	]


def _suggest_days(days: UserDays) -> list[tuple[str, date]]:
	"""Dates of the user, counted from today: working days all of them."""
	calendar = WorkingDays.from_settings()
	tomorrow = days.today + timedelta(days=1)
	next_day = calendar.next_working_day(tomorrow)
	monday = days.today + timedelta(days=7 - days.today.weekday())
	return [
		("tomorrow" if next_day == tomorrow else "working_day", next_day),
		("three_working_days", calendar.add_days(days.today, 3)),
		("monday", calendar.next_working_day(monday)),
	]


def _at_its_hour(doc, days: UserDays, day: date) -> datetime:
	"""When an activity (`starts_on`, `all_day`) begins that is moved to a date of the user."""
	if doc.all_day:  # its date is the same in every time zone
		return datetime.combine(day, doc.starts_on.time())
	return days.at_same_hour(doc.starts_on, day)
