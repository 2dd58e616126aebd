from datetime import datetime

import frappe
import pytest

from cronus_crm.cronus_crm.activities import calendar
from cronus_crm.cronus_crm.doctype.cronus_activity.cronus_activity import MAX_DAYS
from tests.scaffold import MANAGER, make_seller, unique

DOCTYPE = "Cronus Activity"


def plan(seller: str | None, starts_on: str, **fields):
	return frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"subject": unique("Activity"),
			"activity_type": "Visit",
			"seller": seller,
			"starts_on": starts_on,
			**fields,
		}
	).insert(ignore_permissions=True)


def november(filters: list | None = None) -> list[str]:
	events = calendar.get_events(
		DOCTYPE, "2026-11-01 00:00:00", "2026-12-01 00:00:00", filters=frappe.as_json(filters or [])
	)
	return [event.name for event in events]


def test_what_touches_the_range_is_shown():
	seller = make_seller()
	# Whole days keep their date in every time zone, so a day is added on both sides.
	plan(seller.name, "2026-10-30 10:00:00")
	plan(seller.name, "2026-12-02 00:00:00")
	long = plan(seller.name, "2026-10-05 10:00:00", ends_on="2026-11-02 10:00:00")
	first = plan(seller.name, "2026-11-01 00:00:00")
	whole_day = plan(seller.name, "2026-11-30 00:00:00", all_day=1)
	last = plan(seller.name, "2026-11-30 23:00:00")
	frappe.set_user(seller.user)
	assert november() == [long.name, first.name, whole_day.name, last.name]


def test_the_longest_activity_is_found_on_its_last_day():
	seller = make_seller()
	longest = plan(seller.name, "2026-10-03 10:00:00", ends_on=f"2026-10-{3 + MAX_DAYS - 31:02} 10:00:00")
	longest.db_set("ends_on", "2026-11-03 10:00:00")
	frappe.set_user(seller.user)
	events = calendar.get_events(DOCTYPE, "2026-11-03 00:00:00", "2026-11-04 00:00:00")
	assert [event.name for event in events] == [longest.name]


def test_an_event_always_has_an_end_and_a_whole_day_has_no_time_zone():
	seller = make_seller()
	plan(seller.name, "2026-11-10 00:00:00", all_day=1)
	plan(seller.name, "2026-11-11 10:00:00", color="#111111", text_color="#eeeeee")
	frappe.set_user(seller.user)
	whole_day, timed = calendar.get_events(DOCTYPE, "2026-11-01 00:00:00", "2026-12-01 00:00:00")
	assert whole_day.ends_on and whole_day.convert_to_user_tz == 0
	assert timed.ends_on == datetime(2026, 11, 11, 11, 30) and timed.convert_to_user_tz == 1
	assert (timed.color, timed.text_color) == ("#111111", "#eeeeee")


def test_only_those_in_scope_are_shown_whatever_is_asked():
	seller, other = make_seller(), make_seller()
	mine = plan(seller.name, "2026-11-10 10:00:00")
	plan(other.name, "2026-11-10 10:00:00")
	frappe.set_user(seller.user)
	assert november() == [mine.name]
	assert november([[DOCTYPE, "seller", "=", other.name]]) == []


def test_a_manager_filters_by_seller_type_and_state():
	manager = make_seller(roles=(MANAGER,))
	seller = make_seller(manager.name)
	visit = plan(seller.name, "2026-11-10 10:00:00")
	done = plan(seller.name, "2026-11-11 10:00:00", state="Done")
	call = plan(seller.name, "2026-11-12 10:00:00", activity_type="Call")
	own = plan(manager.name, "2026-11-13 10:00:00")
	frappe.set_user(manager.user)
	assert november() == [visit.name, done.name, call.name, own.name]
	of_seller = [DOCTYPE, "seller", "=", seller.name]
	assert november([of_seller]) == [visit.name, done.name, call.name]
	# The view sends a fifth value, which says whether the filter is hidden.
	assert november([of_seller, [DOCTYPE, "activity_type", "=", "Call", False]]) == [call.name]
	assert november([of_seller, [DOCTYPE, "state", "=", "Done"]]) == [done.name]


@pytest.mark.parametrize(
	"condition",
	[
		["Cronus Activity", "no_such_field", "=", 1],
		["User", "api_key", "is", "set"],
		["Cronus Activity", "(select 1)", "=", 1],
		["Cronus Activity", "seller"],
		"seller",
	],
)
def test_a_filter_that_is_not_the_users_to_ask_is_refused(condition):
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.ValidationError, match="cannot be filtered"):
		november([condition])


@pytest.mark.parametrize(
	("start", "end"),
	[
		("never", "2026-11-01"),
		("2026-11-02", "2026-11-01"),
		("2020-01-01", "2026-11-01"),
		("", ""),
	],
)
def test_a_range_that_cannot_be_shown_is_refused(start, end):
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.ValidationError, match="range of dates"):
		calendar.get_events(DOCTYPE, start, end)


def test_too_many_are_cut_and_it_is_said(monkeypatch):
	monkeypatch.setattr(calendar, "MAX_EVENTS", 2)
	seller = make_seller()
	names = [plan(seller.name, f"2026-11-1{day} 10:00:00").name for day in range(3)]
	frappe.set_user(seller.user)
	assert november() == names[:2]
	assert "more than 2 activities" in frappe.message_log[-1]["message"]


def test_moving_changes_hour_length_and_whole_day():
	seller = make_seller()
	activity = plan(seller.name, "2026-11-10 00:00:00", all_day=1)
	frappe.set_user(seller.user)
	calendar.move_activity(activity.name, "2026-11-12 09:00:00", "2026-11-12 11:00:00", 0)
	activity.reload()
	assert (activity.starts_on, activity.ends_on) == (
		datetime(2026, 11, 12, 9),
		datetime(2026, 11, 12, 11),
	)
	assert not activity.all_day
	calendar.move_activity(activity.name, "2026-11-13 00:00:00", "2026-11-14 23:59:59", 1)
	activity.reload()
	assert activity.all_day and activity.ends_on == datetime(2026, 11, 14, 23, 59, 59)


def test_what_may_not_be_moved_stays():
	seller, other = make_seller(), make_seller()
	done = plan(seller.name, "2026-11-10 10:00:00", state="Done")
	foreign = plan(other.name, "2026-11-10 10:00:00")
	frappe.set_user(seller.user)
	with pytest.raises(frappe.ValidationError, match="no longer pending"):
		calendar.move_activity(done.name, "2026-11-12 10:00:00")
	with pytest.raises(frappe.PermissionError):
		calendar.move_activity(foreign.name, "2026-11-12 10:00:00")
