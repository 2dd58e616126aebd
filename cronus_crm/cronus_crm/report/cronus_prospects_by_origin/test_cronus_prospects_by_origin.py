"""Prospects by origin against the same counted in plain Python, for each who may look."""

import random
import statistics

import frappe
import pytest
from frappe.utils import add_days, date_diff

from cronus_crm.cronus_crm.prospects.conversion import convert_prospect
from cronus_crm.cronus_crm.report.cronus_prospects_by_origin.cronus_prospects_by_origin import (
	ORIGINS,
	execute,
)
from tests.scaffold import ADMINISTRATOR, MANAGER, SELLER, make_opportunity, make_seller, make_user, unique

YEAR = {"from_date": "2012-01-01", "to_date": "2012-12-31"}
MEDIA = ("Facebook", "Referral", None)


@pytest.fixture
def people():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	return frappe._dict(manager=manager, first=first, second=second, stranger=make_seller())


@pytest.fixture
def campaigns():
	return [
		frappe.get_doc({"doctype": "Cronus Campaign", "campaign_name": unique("Campaign")}).insert().name
		for _number in range(2)
	]


def make_prospect(seller, day, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": unique("Prospect"),
			"phone": "099 123 4567",
			"seller": seller,
			"contacted_on": day,
			**fields,
		}
	).insert()


@pytest.fixture
def history(people, campaigns):
	"""Prospects of three sellers, with who they are, origin, day, and (day, value) of what was won of
	them."""
	chance, made = random.Random(7), []
	for _number in range(40):
		who = chance.choice(("first", "second", "stranger"))
		day = add_days("2011-12-20", chance.randint(0, 390))
		origin = {"medium": chance.choice(MEDIA), "campaign": chance.choice((*campaigns, None))}
		prospect = make_prospect(people[who].name, day, **origin)
		won = []
		for _opportunity in range(chance.choice((0, 0, 1, 2))):
			closed, value = add_days(day, chance.randint(0, 80)), chance.randint(1, 90_000) / 100
			stage = chance.choice(("Won", "Won", "Not won", "Initial contact"))
			make_opportunity(
				people[who].name,
				prospect=prospect.name,
				value=value,
				stage=stage,
				opened_on=day,
				closed_on=closed,
				loss_reason="Price" if stage == "Not won" else None,
			)
			if stage == "Won":
				won.append((closed, value))
		made.append(frappe._dict(who=who, day=day, won=won, **origin))
	return made


READERS = {
	"Administrator": ("first", "second", "stranger"),
	"manager": ("first", "second"),
	"first": ("first",),
	"stranger": ("stranger",),
}


def run(people, reader, **filters):
	frappe.set_user(people[reader].user if reader in people else make_user(ADMINISTRATOR))
	columns, rows, note, _chart, summary, _skip_total = execute({**YEAR, **filters})
	assert columns and note and summary
	total = [row for row in rows if row.get("bold")]
	return [row for row in rows if not row.get("bold")], total[0] if total else None


def expected(prospects) -> dict:
	days = [date_diff(min(won)[0], prospect.day) for prospect in prospects if (won := prospect.won)]
	return {
		"prospects": len(prospects),
		"won": len(days),
		"conversion": round(100 * len(days) / len(prospects), 2),
		"median_days": statistics.median(days) if days else None,
		"mean_days": pytest.approx(statistics.mean(days), abs=0.005) if days else None,
		"won_amount": round(sum(value for prospect in prospects for _day, value in prospect.won), 2),
	}


@pytest.mark.parametrize("by", ORIGINS)
@pytest.mark.parametrize("reader", READERS)
def test_each_origin_has_what_became_of_its_prospects(people, history, by, reader):
	rows, total = run(people, reader, by=by)
	mine = [
		prospect
		for prospect in history
		if prospect.who in READERS[reader] and "2012-01-01" <= str(prospect.day) <= "2012-12-31"
	]
	origins = {tuple(prospect[name] for name in ORIGINS[by]) for prospect in mine}
	assert {tuple(row[name] for name in ORIGINS[by]) for row in rows} == origins
	for row in [*rows, total]:
		of_row = [
			prospect
			for prospect in mine
			if row is total or all(prospect[name] == row[name] for name in ORIGINS[by])
		]
		wanted = expected(of_row)
		assert {name: row[name] for name in wanted} == wanted


def test_a_conversion_carries_the_campaign_and_counts_a_customer(people, campaigns):
	kept, converted = (
		make_prospect(people.first.name, "2012-05-05", campaign=campaigns[0], medium="Facebook")
		for _number in range(2)
	)
	opportunity = convert_prospect(converted.name, opportunity=True)["opportunity"]
	carried = frappe.db.get_value("Cronus Opportunity", opportunity, ["medium", "campaign"])
	assert carried == ("Facebook", campaigns[0])
	(row,), _total = run(people, "first", by="Campaign")
	assert (row["prospects"], row["customers"], row["won"], row["conversion"]) == (2, 1, 0, 0)
	assert row["median_days"] is None
	assert kept.reload().state == "Open"


def test_an_opportunity_of_another_team_is_not_counted(people, campaigns):
	prospect = make_prospect(people.first.name, "2012-05-05")
	make_opportunity(
		people.stranger.name,
		prospect=prospect.name,
		value=500,
		stage="Won",
		opened_on="2012-05-06",
		closed_on="2012-05-07",
	)
	assert run(people, "first")[1]["won_amount"] == 0
	assert run(people, "stranger")[1] is None


def test_wrong_filters_are_refused(people):
	with pytest.raises(frappe.ValidationError, match="is none of"):
		run(people, "first", by="Seller")
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		run(people, "first", seller=people.second.name)


def test_filters_of_seller_and_work_centre(people, history):
	rows, total = run(people, "manager", seller=people.first.name)
	assert rows
	assert total["prospects"] == run(people, "first")[1]["prospects"]
	assert run(people, "manager", work_center="None such") == ([], None)
