"""Next and last activity, traffic light, stalled: as activities change, and as time passes."""

from datetime import datetime, timedelta
from itertools import product

import frappe
import pytest
from frappe.query_builder import Case, DocType
from frappe.utils import add_days, get_datetime, now_datetime

from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.activities.traffic_light import LightRules, compute_light
from cronus_crm.patches.v0_2 import set_standing
from tests.scaffold import make_opportunity, make_seller

OPPORTUNITY, STAY = "Cronus Opportunity", "Cronus Stage Change"
NOON = datetime(2026, 5, 13, 12)


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def opportunity(seller):
	return make_opportunity(seller)


@pytest.fixture(autouse=True)
def settings_as_they_were():
	settings(light_amber_days=0, light_grace_days=0, light_without_activity="Amber", stalled_days=14)
	yield
	frappe.db.rollback()
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def settings(**values):
	frappe.db.set_single_value("Cronus CRM Settings", values)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def plan(opportunity, days: float = 0, **fields):
	"""An activity of an opportunity, so many days from now."""
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Something",
			"activity_type": "Call",
			"state": "Pending",
			"seller": opportunity.seller,
			"opportunity": opportunity.name,
			"starts_on": now_datetime() + timedelta(days=days),
			**fields,
		}
	).insert()


def stands(opportunity) -> tuple:
	return frappe.db.get_value(OPPORTUNITY, opportunity.name, ["light", "stalled"])


@pytest.mark.parametrize(
	("due", "rules", "colour"),
	[
		(None, LightRules(), "Amber"),
		(None, LightRules(unplanned="Red"), "Red"),
		("2026-05-13 11:59", LightRules(), "Red"),
		("2026-05-13 12:01", LightRules(), "Amber"),
		("2026-05-13 23:59:59", LightRules(), "Amber"),
		("2026-05-14 00:00", LightRules(), "Green"),
		("2026-05-14 00:00", LightRules(amber_days=1), "Amber"),
		("2026-05-15 00:00", LightRules(amber_days=1), "Green"),
		("2026-05-11 12:01", LightRules(grace_days=2), "Amber"),
		("2026-05-11 11:59", LightRules(grace_days=2), "Red"),
	],
)
def test_the_light_by_what_is_planned(due, rules, colour):
	due = get_datetime(due) if due else None
	assert compute_light(due, finished=False, rules=rules, now=NOON) == colour
	assert compute_light(due, finished=True, rules=rules, now=NOON) == "Grey"


def test_the_database_gives_every_light_that_python_gives(seller):
	dues = [None, *(NOON + timedelta(hours=hours) for hours in range(-130, 130, 7)), NOON]
	dues += [datetime(2026, 5, day) + timedelta(seconds=s) for day in (13, 14, 15, 17) for s in (-1, 0, 1)]
	opportunities = {make_opportunity(seller).name: (due, 0) for due in dues[:1]}
	template = frappe.db.get_value(OPPORTUNITY, next(iter(opportunities)), "*", as_dict=True)
	fields = ["name", "title", "seller", "stage", "state", "currency", "next_activity_on", "stalled"]
	rows = []
	for number, (due, stalled) in enumerate(product(dues[1:], (0, 1))):
		row = template | {"name": f"{template.name}-{number}", "next_activity_on": due, "stalled": stalled}
		rows.append([row[field] for field in fields])
		opportunities[row["name"]] = due, stalled
	frappe.db.bulk_insert(OPPORTUNITY, fields, rows)
	table = DocType(OPPORTUNITY)
	for amber, grace, unplanned in product((0, 1, 3), (0, 1, 4), ("Amber", "Red")):
		rules = LightRules(amber, grace, unplanned)
		colour = Case()
		for name, when in traffic_light.build_light_conditions(OPPORTUNITY, table, rules, NOON):
			colour = colour.when(when, name)
		query = frappe.qb.from_(table).select(table.name, colour).where(table.name.isin(list(opportunities)))
		assert dict(query.run()) == {
			name: compute_light(due, False, rules, NOON, bool(stalled))
			for name, (due, stalled) in opportunities.items()
		}


def test_a_planned_activity_lights_the_opportunity(opportunity):
	assert opportunity.light == "Amber"
	activity = plan(opportunity, days=5)
	assert stands(opportunity) == ("Green", 0)
	activity.update({"starts_on": add_days(now_datetime(), -1), "ends_on": None}).save()
	assert stands(opportunity) == ("Red", 0)
	activity.update({"state": "Cancelled"}).save()
	assert stands(opportunity) == ("Amber", 0)
	activity.update({"state": "Pending", "starts_on": add_days(now_datetime(), 3), "ends_on": None}).save()
	frappe.delete_doc("Cronus Activity", activity.name)
	assert stands(opportunity) == ("Amber", 0)


def test_the_earliest_pending_and_the_last_done_count(opportunity):
	plan(opportunity, days=9)
	first = plan(opportunity, days=4)
	plan(opportunity, days=2, state="Cancelled")
	plan(opportunity, days=-3, state="Done")
	opportunity.reload()
	assert opportunity.next_activity_on == first.reload().starts_on
	assert (now_datetime() - opportunity.last_activity_on).total_seconds() < 60


def test_a_whole_day_is_overdue_when_it_has_passed(opportunity):
	plan(opportunity, all_day=1, starts_on=now_datetime().replace(hour=0, minute=0, second=0, microsecond=0))
	assert stands(opportunity)[0] == "Amber"


def test_an_activity_that_moves_to_another_opportunity_is_of_that_one(opportunity, seller):
	other = make_opportunity(seller, opportunity.customer)
	activity = plan(opportunity, days=5)
	activity.update({"opportunity": other.name}).save()
	assert (stands(opportunity)[0], stands(other)[0]) == ("Amber", "Green")


def test_a_opportunity_that_is_over_is_grey_and_no_client_says_otherwise(opportunity):
	plan(opportunity, days=5)
	opportunity.reload().update({"light": "Red", "next_activity_on": None, "stalled": 1}).save()
	assert (opportunity.light, opportunity.stalled, bool(opportunity.next_activity_on)) == ("Green", 0, True)
	opportunity.update({"stage": "Won"}).save()
	assert opportunity.light == "Grey"
	opportunity.update({"stage": "Proposal"}).save()
	assert opportunity.light == "Green"


def test_saving_a_opportunity_that_was_opened_before_an_activity_was_planned_loses_nothing(opportunity):
	stale = frappe.get_doc(OPPORTUNITY, opportunity.name)
	plan(opportunity, days=5)
	stale.update({"value": 7}).save()
	assert stands(opportunity)[0] == "Green"


def test_nothing_is_written_when_a_opportunity_stands_as_it_stood(opportunity):
	activity = plan(opportunity, days=5)
	before = frappe.db.get_value(OPPORTUNITY, opportunity.name, "modified")
	queries = []
	original = frappe.db.sql
	frappe.db.sql = lambda query, *args, **kwargs: (
		queries.append(str(query)),
		original(query, *args, **kwargs),
	)[1]
	try:
		activity.update({"place": "Here"}).save()
		traffic_light.update_record(OPPORTUNITY, opportunity.name)
	finally:
		frappe.db.sql = original
	assert not [query for query in queries if query.lower().startswith("update `tabcronus opportunity`")]
	assert frappe.db.get_value(OPPORTUNITY, opportunity.name, "modified") == before


def test_time_changes_lights_and_the_sweep_only_those(opportunity, seller):
	overdue, due_today, right, won = (make_opportunity(seller) for _number in range(4))
	now = now_datetime()
	wrong = {"light": "Green", "next_activity_on": now - timedelta(minutes=1)}
	frappe.db.set_value(OPPORTUNITY, overdue.name, wrong, update_modified=False)
	frappe.db.set_value(
		OPPORTUNITY, due_today.name, wrong | {"next_activity_on": now.replace(hour=23, minute=59)}
	)
	frappe.db.set_value(OPPORTUNITY, right.name, wrong | {"next_activity_on": now + timedelta(days=3)})
	frappe.db.set_value(OPPORTUNITY, won.name, wrong | {"light": "Grey", "state": "Won"})
	traffic_light.refresh_lights()
	assert [stands(each)[0] for each in (overdue, due_today, right, won, opportunity)] == [
		"Red",
		"Amber",
		"Green",
		"Grey",
		"Amber",
	]


def test_the_sweep_follows_the_settings(opportunity):
	settings(light_without_activity="Red")
	traffic_light.refresh_lights()
	assert stands(opportunity)[0] == "Red"


def age(opportunity, days: int):
	frappe.db.set_value(
		STAY, {"parent": opportunity.name}, "entered_on", now_datetime() - timedelta(days=days)
	)


def test_a_opportunity_without_activity_is_stalled_and_one_that_is_done_revives_it(opportunity):
	settings(stalled_days=14)
	age(opportunity, 15)
	plan(opportunity, days=5)  # what is only planned is no sign of life
	traffic_light.mark_stalled()
	assert stands(opportunity)[1] == 1
	plan(opportunity, state="Done")
	assert stands(opportunity)[1] == 0
	traffic_light.mark_stalled()
	assert stands(opportunity)[1] == 0


def test_a_move_to_another_stage_revives_a_opportunity(opportunity):
	settings(stalled_days=14)
	age(opportunity, 15)
	assert opportunity.reload().save().stalled == 1
	assert opportunity.update({"stage": "Proposal"}).save().stalled == 0


def test_the_day_counts_both_ways(opportunity, seller):
	settings(stalled_days=14)
	younger, won = make_opportunity(seller), make_opportunity(seller, stage="Won")
	age(opportunity, 15), age(younger, 13), age(won, 99)
	traffic_light.mark_stalled()
	assert [stands(each)[1] for each in (opportunity, younger, won)] == [1, 0, 0]
	settings(stalled_days=30)
	traffic_light.mark_stalled()
	assert stands(opportunity)[1] == 0
	settings(stalled_days=0)
	age(opportunity, 400)
	traffic_light.mark_stalled()
	assert stands(opportunity)[1] == 0


def test_records_of_before_know_how_they_stand(opportunity, seller):
	settings(stalled_days=14)
	old, won = make_opportunity(seller), make_opportunity(seller, stage="Won")
	plan(opportunity, days=5)
	plan(old, state="Done", done_on=now_datetime() - timedelta(days=40))
	frappe.db.set_value(
		"Cronus Activity", {"opportunity": old.name}, "done_on", add_days(now_datetime(), -40)
	)
	age(old, 60)
	unknown = {"light": "Amber", "stalled": 0, "next_activity_on": None, "last_activity_on": None}
	for each in (opportunity, old, won):
		frappe.db.set_value(OPPORTUNITY, each.name, unknown, update_modified=False)
	set_standing.execute()
	assert [stands(each) for each in (opportunity, old, won)] == [("Green", 0), ("Amber", 1), ("Grey", 0)]
	assert opportunity.reload().next_activity_on and old.reload().last_activity_on


def test_what_is_stalled_is_not_green(opportunity):
	plan(opportunity, days=5)
	assert stands(opportunity) == ("Green", 0)
	began = add_days(now_datetime(), -30)
	frappe.db.set_value(STAY, {"parent": opportunity.name}, "entered_on", began)
	traffic_light.mark_stalled()
	assert stands(opportunity) == ("Amber", 1)
	opportunity.reload().save()
	assert (opportunity.light, stands(opportunity)) == ("Amber", ("Amber", 1))
	plan(opportunity, days=6)
	assert stands(opportunity) == ("Amber", 1)
	plan(opportunity, days=-1, state="Done", done_on=now_datetime())
	assert stands(opportunity) == ("Green", 0)


def test_a_new_prospect_says_the_light_that_is_stored(seller):
	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": "Ana",
			"seller": seller,
			"appointment_on": now_datetime() + timedelta(days=4),
		}
	).insert()
	fields = ["light", "next_activity_on"]
	assert frappe.db.get_value("Cronus Prospect", prospect.name, fields) == (
		prospect.light,
		get_datetime(prospect.next_activity_on),
	)
	assert prospect.light == "Green"
