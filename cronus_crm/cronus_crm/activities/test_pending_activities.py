from datetime import datetime

import frappe
import pytest

from cronus_crm.base import time_zones, user_days
from cronus_crm.cronus_crm.activities import pending_activities
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	make_customer,
	make_seller,
	make_user,
	unique,
)

# A Wednesday, at noon.
NOW = datetime(2026, 11, 18, 12, 0)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
	monkeypatch.setattr(user_days, "company_now", lambda: NOW)
	monkeypatch.setattr(time_zones, "get_system_timezone", lambda: "America/Guayaquil")
	frappe.db.set_single_value("System Settings", "first_day_of_the_week", "Monday")
	frappe.clear_cache(doctype="System Settings")


def plan(seller: str | None, starts_on: str, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Activity"),
			"activity_type": "Call",
			"seller": seller,
			"starts_on": starts_on,
			**fields,
		}
	).insert(ignore_permissions=True)


def ask(user: str):
	frappe.set_user(user)
	frappe.db.set_value("User", user, "time_zone", "America/Guayaquil", update_modified=False)
	frappe.clear_document_cache("User", user)


def groups() -> dict[str, str]:
	return {row.name: row.group for row in pending_activities.get_page()["rows"]}


@pytest.mark.parametrize(
	("starts_on", "group"),
	[
		("2026-11-02 09:00:00", "overdue"),
		("2026-11-18 11:44:00", "overdue"),
		("2026-11-18 11:50:00", "today"),  # a call of a quarter of an hour goes on at noon
		("2026-11-18 23:59:59", "today"),
		("2026-11-19 00:00:00", "tomorrow"),
		("2026-11-19 23:59:59", "tomorrow"),
		("2026-11-20 00:00:00", "week"),
		("2026-11-22 23:59:59", "week"),
		("2026-11-23 00:00:00", "later"),
	],
)
def test_each_moment_belongs_to_its_group(starts_on, group):
	seller = make_seller()
	activity = plan(seller.name, starts_on)
	ask(seller.user)
	assert groups() == {activity.name: group}
	assert pending_activities.get_summary()["groups"][group] == 1
	assert [row.name for row in pending_activities.get_page(group=group)["rows"]] == [activity.name]


def test_a_whole_day_is_overdue_when_it_is_over():
	seller = make_seller()
	today = plan(seller.name, "2026-11-18 00:00:00", all_day=1)
	yesterday = plan(seller.name, "2026-11-17 00:00:00", all_day=1)
	since_monday = plan(seller.name, "2026-11-16 00:00:00", all_day=1, ends_on="2026-11-18 23:59:59")
	ask(seller.user)
	assert groups() == {today.name: "today", yesterday.name: "overdue", since_monday.name: "today"}


def test_days_are_those_of_the_user():
	seller = make_seller()
	evening = plan(seller.name, "2026-11-18 19:00:00")  # one in the morning of the 19th in Madrid
	whole_day = plan(seller.name, "2026-11-18 00:00:00", all_day=1)
	ask(seller.user)
	assert groups() == {evening.name: "today", whole_day.name: "today"}
	frappe.db.set_value("User", seller.user, "time_zone", "Europe/Madrid", update_modified=False)
	frappe.clear_document_cache("User", seller.user)
	assert groups() == {evening.name: "tomorrow", whole_day.name: "today"}


def test_the_week_begins_on_the_day_of_the_settings():
	days = user_days.get_user_days("Administrator", datetime(2026, 11, 21, 12))
	assert str(days.next_week) == "2026-11-23"
	frappe.db.set_single_value("System Settings", "first_day_of_the_week", "Sunday")
	frappe.clear_cache(doctype="System Settings")
	assert str(days.next_week) == "2026-11-22"


def test_only_what_is_pending_and_in_scope_is_shown():
	seller, other = make_seller(), make_seller()
	mine = plan(seller.name, "2026-11-18 15:00:00")
	plan(seller.name, "2026-11-18 15:00:00", state="Done")
	plan(other.name, "2026-11-18 15:00:00")
	ask(seller.user)
	orphan = plan(None, "2026-11-18 16:00:00")
	frappe.db.set_value("Cronus Activity", orphan.name, "seller", None)
	assert list(groups()) == [mine.name, orphan.name]
	assert pending_activities.get_summary()["total"] == 2
	assert pending_activities.get_summary()["sellers"] is None


def test_a_manager_sees_the_team_and_counts_of_each():
	manager = make_seller(roles=(MANAGER,))
	seller = make_seller(manager.name)
	plan(seller.name, "2026-11-01 09:00:00")
	plan(seller.name, "2026-11-18 15:00:00", activity_type="Visit")
	plan(manager.name, "2026-11-18 15:00:00")
	ask(manager.user)
	assert len(groups()) == 3
	counts = {
		each["name"]: (each["count"], each["overdue"]) for each in pending_activities.get_summary()["sellers"]
	}
	assert counts == {manager.name: (1, 0), seller.name: (2, 1)}
	of_one = pending_activities.get_overview(seller=seller.name, kind="Visit")
	assert of_one["summary"]["total"] == 1
	assert of_one["summary"]["kinds"] == {"Call": 1, "Visit": 1}
	assert [row.kind for row in of_one["page"]["rows"]] == ["Visit"]
	visits = {each["name"]: each["count"] for each in of_one["summary"]["sellers"]}
	assert visits == {manager.name: 0, seller.name: 1}


@pytest.mark.parametrize(
	"question", [pending_activities.get_summary, pending_activities.get_page, pending_activities.get_overview]
)
def test_a_seller_of_others_is_refused(question):
	seller, other = make_seller(), make_seller()
	ask(seller.user)
	with pytest.raises(frappe.PermissionError, match="not one of your team"):
		question(seller=other.name)


def test_who_may_not_read_activities_is_refused():
	ask(make_user(BILLING))
	frappe.db.delete("DocPerm", {"parent": "Cronus Activity", "role": BILLING})
	frappe.clear_cache(doctype="Cronus Activity")
	with pytest.raises(frappe.PermissionError):
		pending_activities.get_summary()


def test_an_administrator_sees_all():
	seller = make_seller()
	activity = plan(seller.name, "2026-11-18 15:00:00")
	ask(make_user(ADMINISTRATOR))
	assert [row.name for row in pending_activities.get_page(seller=seller.name)["rows"]] == [activity.name]
	assert seller.name in [each["name"] for each in pending_activities.get_summary()["sellers"]]


def test_pages_neither_repeat_nor_lose_anything():
	seller = make_seller()
	# Several at the same moment, across pages.
	names = [plan(seller.name, f"2026-11-{day:02} 15:00:00").name for day in (1, 18, 18, 18, 18, 18, 30)]
	ask(seller.user)
	shown, after = [], None
	for _page in range(4):
		page = pending_activities.get_page(after=after, limit=2)
		shown += [row.name for row in page["rows"]]
		after = frappe.as_json(page["next"]) if page["next"] else None
	assert after is None
	assert len(shown) == 7 and set(shown) == set(names)


def test_what_changes_between_two_pages_loses_nothing_else():
	seller = make_seller()
	first, second, third = (plan(seller.name, f"2026-11-{day} 15:00:00") for day in (18, 19, 20))
	ask(seller.user)
	page = pending_activities.get_page(limit=1)
	assert [row.name for row in page["rows"]] == [first.name]
	first.reload()
	first.update({"state": "Done"}).save()
	rest = pending_activities.get_page(after=page["next"], limit=5)["rows"]
	assert [row.name for row in rest] == [second.name, third.name]


@pytest.mark.parametrize(
	"question",
	[
		lambda: pending_activities.get_page(group="someday"),
		lambda: pending_activities.get_page(kind="Dance"),
		lambda: pending_activities.get_summary(kind="Dance"),
		lambda: pending_activities.get_page(after="nonsense"),
		lambda: pending_activities.get_page(after='["never", 1]'),
	],
)
def test_what_is_not_understood_is_said(question):
	ask(make_seller().user)
	with pytest.raises(frappe.ValidationError):
		question()


def test_phone_and_email_are_of_whom_the_user_may_read():
	seller, other = make_seller(), make_seller()
	customer = make_customer(seller.name, phone="+593 2 111", email="a@example.com")
	foreign = make_customer(other.name, phone="+593 2 222")
	mine = plan(seller.name, "2026-11-18 15:00:00", customer=customer.name)
	not_mine = plan(seller.name, "2026-11-18 16:00:00", customer=foreign.name)
	ask(seller.user)
	reached = {row.name: (row.phone, row.email) for row in pending_activities.get_page()["rows"]}
	assert reached == {mine.name: ("+593 2 111", "a@example.com"), not_mine.name: (None, None)}


def test_the_contact_is_nearer_than_the_customer():
	seller = make_seller()
	customer = make_customer(seller.name, phone="+593 2 111", email="office@example.com")
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": unique("Ana"),
			"phone_nos": [{"phone": "+593 9 333", "is_primary_mobile_no": 1}],
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer.name}],
		}
	).insert(ignore_permissions=True)
	plan(seller.name, "2026-11-18 15:00:00", customer=customer.name, contact=contact.name)
	ask(seller.user)
	(row,) = pending_activities.get_page()["rows"]
	assert (row.phone, row.email) == ("+593 9 333", "office@example.com")
