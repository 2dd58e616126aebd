"""Activities that repeat: made by whoever may write one, of the same hour and length, for the same seller."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.automation.doctype.auto_repeat import auto_repeat
from frappe.utils import add_days, add_months, getdate, now_datetime, today

from cronus_crm.base import time_zones
from cronus_crm.cronus_crm.activities import repetition
from tests.scaffold import make_customer, make_seller, unique


@pytest.fixture(autouse=True)
def stays_in_the_test(monkeypatch):
	"""The transactions of each repetition are parts of the test's, which is rolled back."""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	yield
	monkeypatch.undo()


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def activity(seller):
	"""Of today, from ten to half past eleven, with everything that a repetition does not take over."""
	frappe.set_user(seller.user)
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Visit"),
			"activity_type": "Visit",
			"starts_on": f"{today()} 10:00:00",
			"ends_on": f"{today()} 11:30:00",
			"customer": make_customer(seller.name).name,
			"remind_before": 30,
			"state": "Done",
			"result": "Information",
		}
	).insert()


def repeat(activity, frequency="Daily", **fields):
	return auto_repeat.make_auto_repeat("Cronus Activity", activity.name, frequency, **fields)


def run_on(day: str, series) -> list:
	"""What the series makes when that day is today for the scheduler, which is Administrator."""
	frappe.set_user("Administrator")
	frappe.db.set_value("Auto Repeat", series.name, "next_schedule_date", day)
	frappe.get_doc("Auto Repeat", series.name).create_documents()
	return of_series(series)


def of_series(series) -> list:
	return frappe.get_all(
		"Cronus Activity",
		filters={"auto_repeat": series.name, "state": "Pending"},
		fields=["*"],
		order_by="starts_on asc",
	)


def test_a_repetition_is_like_the_first_one_on_its_own_day(seller, activity):
	series = repeat(activity)
	day = add_days(getdate(), 7)
	(made,) = run_on(day, series)
	assert made.starts_on == datetime.combine(day, datetime.min.time()) + timedelta(hours=10)
	assert made.ends_on == made.starts_on + timedelta(minutes=90)
	assert (made.seller, made.customer, made.owner) == (seller.name, activity.customer, seller.user)
	assert made.customer_name == activity.customer_name
	assert made.state == "Pending"
	assert not (made.result or made.done_on or made.origin_key)
	assert made.remind_at == made.starts_on - timedelta(minutes=30)
	assert (made.overdue_told, made.escalated, made.announced) == (0, 0, 1)


def test_the_first_repetition_comes_after_the_activity(activity):
	frappe.db.set_value("Cronus Activity", activity.name, "starts_on", add_days(now_datetime(), 3))
	series = repeat(activity, "Weekly", start_date=today())
	assert getdate(series.next_schedule_date) == getdate(add_days(today(), 10))


def test_only_whoever_may_write_it_has_it_repeated_or_stopped(activity):
	series = repeat(activity)
	other = make_other()
	with pytest.raises(frappe.PermissionError):
		repetition.stop_repetition(activity.name)
	# As if it belonged to the series, which nobody can write by hand.
	frappe.set_user(other.user)
	own = frappe.get_doc({**_essentials(), "auto_repeat": series.name}).insert()
	assert own.auto_repeat is None
	frappe.set_user("Administrator")
	frappe.db.set_value("Cronus Activity", activity.name, "auto_repeat", None)
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		repeat(activity)


def make_other():
	frappe.set_user("Administrator")
	other = make_seller()
	frappe.set_user(other.user)
	return other


def _essentials() -> dict:
	return {
		"doctype": "Cronus Activity",
		"subject": "Of mine",
		"activity_type": "Call",
		"starts_on": now_datetime(),
	}


def test_a_role_of_another_app_opens_no_activity_of_others(activity):
	frappe.set_user("Administrator")
	frappe.set_user(make_seller(roles=("Cronus Seller", "Accounts User")).user)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{
				"doctype": "Auto Repeat",
				"reference_doctype": "Cronus Activity",
				"reference_document": activity.name,
				"frequency": "Daily",
				"start_date": today(),
			}
		).insert()


def test_sellers_make_no_auto_repeat_of_their_own(activity):
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{
				"doctype": "Auto Repeat",
				"reference_doctype": "Cronus Activity",
				"reference_document": activity.name,
				"frequency": "Daily",
				"start_date": today(),
				"message": "{{ frappe.db.get_all('User') }}",
			}
		).insert()
	series = repeat(activity)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Auto Repeat", series.name).update({"message": "{{ frappe.session.user }}"}).save()
	with pytest.raises(frappe.PermissionError):
		auto_repeat.generate_message_preview(series.name)


def test_stopping_leaves_what_was_made_and_can_be_begun_again(seller, activity):
	series = repeat(activity)
	(made,) = run_on(add_days(getdate(), 7), series)
	frappe.set_user(seller.user)
	repetition.stop_repetition(made.name)
	assert not frappe.db.exists("Auto Repeat", series.name)
	for name in (made.name, activity.name):
		assert not frappe.get_doc("Cronus Activity", name).save().auto_repeat
	with pytest.raises(frappe.ValidationError, match="does not repeat"):
		repetition.stop_repetition(made.name)
	activity.reload()
	assert repeat(activity).name


@pytest.mark.parametrize("days_down", [1, 3])
def test_days_without_scheduler_lose_neither_the_last_occurrence_nor_the_series(activity, days_down):
	series = repeat(activity)
	frappe.set_user("Administrator")
	frappe.db.set_value("Auto Repeat", series.name, "next_schedule_date", add_days(today(), -days_down))
	auto_repeat.create_repeated_entries([series])
	assert of_series(series) == []  # as the framework leaves it
	repetition.resume_missed()
	repetition.resume_missed()
	auto_repeat.create_repeated_entries([series])
	assert [made.starts_on.date() for made in of_series(series)] == [add_days(getdate(), -1), getdate()]
	assert next_date(series) == add_days(getdate(), 1)


def next_date(series):
	return getdate(frappe.db.get_value("Auto Repeat", series.name, "next_schedule_date"))


@pytest.mark.parametrize("days_down", [1, 3])
def test_a_monthly_one_does_not_lose_its_month(activity, days_down):
	missed = add_days(getdate(), -days_down)
	start = add_months(missed, -1)
	hours = {"starts_on": f"{start} 10:00:00", "ends_on": f"{start} 11:30:00"}
	frappe.db.set_value("Cronus Activity", activity.name, hours)
	series = repeat(activity, "Monthly", start_date=start)
	frappe.set_user("Administrator")
	frappe.db.set_value("Auto Repeat", series.name, "next_schedule_date", missed)
	for _day in range(2):
		repetition.resume_missed()
	assert [made.starts_on.date() for made in of_series(series)] == [missed]
	# A month has 28 days at least.
	assert add_days(missed, 27) < next_date(series) < add_days(missed, 32)


def test_a_series_that_ends_meanwhile_has_its_last_occurrence_once(activity):
	series = repeat(activity, "Weekly", end_date=add_days(today(), 2))
	frappe.set_user("Administrator")
	missed = add_days(getdate(), -3)
	frappe.db.set_value("Auto Repeat", series.name, "next_schedule_date", missed)
	for _day in range(3):
		repetition.resume_missed()
		auto_repeat.create_repeated_entries([series])
	assert [made.starts_on.date() for made in of_series(series)] == [missed]


# (zone of the company, zone of the seller, first day, hour of the seller, days of the repetitions): Chile's
# clocks go back on 5 April 2026 and on on 6 September, Spain's on on 29 March; those of Ecuador and, since
# 2024, Paraguay stay.
CLOCK_CHANGES = [
	("America/Guayaquil", "America/Santiago", "2026-03-30", "10:00", ["2026-04-06", "2026-04-13"]),
	("America/Guayaquil", "America/Santiago", "2026-08-31", "10:00", ["2026-09-07"]),
	("America/Santiago", "America/Guayaquil", "2026-03-30", "10:00", ["2026-04-06"]),
	("America/Guayaquil", "Europe/Madrid", "2026-03-23", "00:30", ["2026-03-30"]),
	("America/Guayaquil", "America/Asuncion", "2026-03-16", "10:00", ["2026-03-23", "2026-10-05"]),
]


@pytest.mark.parametrize("company, zone, first, hour, days", CLOCK_CHANGES)
def test_a_repetition_keeps_the_hour_of_its_seller(seller, monkeypatch, company, zone, first, hour, days):
	monkeypatch.setattr(time_zones, "get_system_timezone", lambda: company)
	frappe.db.set_value("User", seller.user, "time_zone", zone)
	frappe.clear_document_cache("User", seller.user)

	def in_company(day: str) -> datetime:
		local = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZoneInfo(zone))
		return local.astimezone(ZoneInfo(company)).replace(tzinfo=None)

	original = frappe.get_doc(
		{**_essentials(), "seller": seller.name, "starts_on": in_company(first), "subject": unique("Call")}
	).insert()
	series = repeat(original, "Weekly")
	for day in days:
		# The series counts in days of the company, on which the seller may have another date already.
		passed = getdate(day) - getdate(first)
		made = run_on(original.starts_on.date() + passed, series)[-1]
		assert made.starts_on == in_company(day)
		assert made.ends_on - made.starts_on == original.ends_on - original.starts_on
