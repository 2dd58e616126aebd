from datetime import date

import frappe
import pytest

from cronus_crm.base.working_days import WorkingDays

MONDAY_TO_FRIDAY = set(range(5))
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)


def test_days_that_are_not_worked_do_not_count():
	calendar = WorkingDays(MONDAY_TO_FRIDAY)
	assert calendar.add_days(FRIDAY, 1) == MONDAY
	assert calendar.add_days(FRIDAY, 3) == date(2026, 11, 25)
	assert calendar.add_days(SATURDAY, 1) == MONDAY


def test_no_days_is_that_day_or_the_next_worked_one():
	calendar = WorkingDays(MONDAY_TO_FRIDAY)
	assert calendar.add_days(FRIDAY, 0) == FRIDAY
	assert calendar.add_days(SATURDAY, 0) == MONDAY


def test_holidays_are_not_worked():
	calendar = WorkingDays(MONDAY_TO_FRIDAY, {MONDAY})
	assert calendar.add_days(FRIDAY, 1) == date(2026, 11, 24)


def test_a_week_without_work_is_refused():
	with pytest.raises(ValueError, match="no working day"):
		WorkingDays(set())
	settings = frappe.get_doc("Cronus CRM Settings")
	for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"):
		settings.set(day, 0)
	with pytest.raises(frappe.ValidationError, match="at least one day"):
		settings.save()


def test_a_holiday_stands_once():
	settings = frappe.get_doc("Cronus CRM Settings")
	for _time in range(2):
		settings.append("holidays", {"date": "2026-12-25"})
	with pytest.raises(frappe.ValidationError, match="there twice"):
		settings.save()


def test_a_time_of_day_is_hours_and_minutes():
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.follow_up_time = "7:05"
	settings.save()
	settings.follow_up_time = "half past nine"
	with pytest.raises(frappe.ValidationError, match="not a time of day"):
		settings.save()
