import frappe
import pytest

from cronus_crm.cronus_crm.report.cronus_activity_log.cronus_activity_log import execute
from tests.scaffold import MANAGER, SELLER, make_customer, make_seller

MARCH = {"from_date": "2019-03-01", "to_date": "2019-03-31"}


def plan(seller, starts_on, activity_type="Call", **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": f"{activity_type} {starts_on}",
			"activity_type": activity_type,
			"starts_on": starts_on,
			"seller": seller,
			**fields,
		}
	).insert(ignore_permissions=True)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	customer = make_customer(first.name).name
	made = {
		"first": plan(first.name, "2019-03-01 00:00:00", state="Done"),
		"last": plan(first.name, "2019-03-31 23:59:59", "Visit", customer=customer),
		"theirs": plan(second.name, "2019-03-15 10:00:00", state="Cancelled"),
	}
	plan(first.name, "2019-02-28 23:59:59")
	plan(first.name, "2019-04-01 00:00:00")
	return frappe._dict(manager=manager, first=first, second=second, customer=customer, made=made)


def rows_of(user, **filters):
	frappe.set_user(user)
	_columns, rows, message, chart, summary, _skip_total = execute({**MARCH, **filters})
	assert message
	return rows, {figure["label"]: figure["value"] for figure in summary}, chart


def names_of(user, **filters):
	return [row["activity"] for row in rows_of(user, **filters)[0] if row.get("activity")]


def test_activities_of_a_period_the_newest_first(team):
	rows, numbers, chart = rows_of(team.manager.user)
	assert [row.get("activity") for row in rows] == [
		team.made[which].name for which in ("last", "theirs", "first")
	] + [None]
	assert numbers == {"Pending": 1, "Done": 1, "Cancelled": 1}
	assert rows[0]["state"] == "Overdue"
	assert rows[-1]["subject"] == "Total: 3"
	of_states = {dataset["name"]: dataset["values"] for dataset in chart["data"]["datasets"]}
	assert chart["data"]["labels"] == ["Call", "Visit"]
	assert of_states == {"Pending": [0, 1], "Done": [1, 0], "Cancelled": [1, 0]}


def test_each_sees_their_own(team):
	assert len(names_of(team.first.user)) == 2
	assert names_of(team.second.user) == [team.made["theirs"].name]
	assert names_of(make_seller(roles=(SELLER, MANAGER)).user) == []
	everything = names_of("Administrator", at_most=2000)
	assert {activity.name for activity in team.made.values()} <= set(everything)


def test_filters(team):
	user = team.manager.user
	assert names_of(user, seller=team.second.name) == [team.made["theirs"].name]
	assert names_of(user, activity_type="Visit") == [team.made["last"].name]
	assert names_of(user, customer=team.customer) == [team.made["last"].name]
	assert names_of(user, state="Done") == [team.made["first"].name]
	assert rows_of(user, at_most=1)[0][-1]["subject"] == "Total: 3"
	assert rows_of(user, customer="None such")[0] == []
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		names_of(user, seller=make_seller().name)
