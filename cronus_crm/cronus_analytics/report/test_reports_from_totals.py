"""The reports that are read from the totals, against the same figures added up in plain Python from a history
of a few records, for each who may look."""

from datetime import date
from importlib import import_module
from random import Random
from typing import NamedTuple

import frappe
import pytest
from frappe.utils import add_days, add_months, get_first_day, getdate, nowdate

from cronus_crm.cronus_analytics.ledger import recount_totals
from tests.scaffold import (
	ADMINISTRATOR,
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_opportunity,
	make_seller,
	make_user,
)

MARCH = {"from_date": "2011-03-01", "to_date": "2011-03-31"}


class Closed(NamedTuple):
	"""An opportunity that ended on a day, in a stage; reason: why, if it was not won."""

	who: str
	day: str
	value: float
	stage: str
	reason: str | None = None


class Sale(NamedTuple):
	"""A proforma and its invoice of the same day, of that many at 100.

	returned: how many came back, on which day. cancelled: the invoice was.
	"""

	who: str
	day: str
	quantity: int
	returned: tuple[int, str] | None = None
	cancelled: bool = False


OPPORTUNITIES = (
	Closed("first", "2011-03-01", 100, "Won"),
	Closed("first", "2011-03-31", 250.25, "Won"),
	Closed("first", "2011-02-28", 7_000, "Won"),
	Closed("first", "2011-04-01", 9_000, "Won"),
	Closed("first", "2010-03-15", 50, "Won"),
	Closed("first", "2011-03-10", 300, "Not won", "Price"),
	Closed("second", "2011-03-11", 40, "Not won", "Price"),
	Closed("second", "2011-03-12", 60, "Not won", "Competitor"),
	Closed("second", "2011-03-20", 500, "Won"),
	Closed("stranger", "2011-03-20", 11_111, "Won"),
	Closed("stranger", "2011-03-21", 22_222, "Not won", "Price"),
)
SALES = (
	Sale("first", "2011-03-01", 2),
	Sale("first", "2011-03-31", 5, returned=(2, "2011-03-31")),
	Sale("first", "2011-02-10", 9, returned=(3, "2011-03-05")),
	Sale("second", "2011-03-15", 4, cancelled=True),
	Sale("second", "2011-03-16", 1),
	Sale("second", "2010-03-31", 6),
	Sale("second", "2010-04-01", 8),
	Sale("stranger", "2011-03-17", 30),
)


@pytest.fixture
def people():
	"""A manager with two sellers, and a manager of another team."""
	manager = make_seller(roles=(SELLER, MANAGER))
	sellers = {
		"manager": manager,
		"first": make_seller(manager.name),
		"second": make_seller(manager.name),
		"stranger": make_seller(roles=(SELLER, MANAGER)),
	}
	return frappe._dict(sellers, names={seller.name: who for who, seller in sellers.items()})


@pytest.fixture
def world(people):
	"""All that DEALS and SALES say."""
	for opportunity in OPPORTUNITIES:
		make_opportunity(
			people[opportunity.who].name,
			value=opportunity.value,
			stage=opportunity.stage,
			opened_on="2010-01-01",
			closed_on=opportunity.day,
			loss_reason=opportunity.reason,
		)
	for sale in SALES:
		proforma = issue_proforma(people[sale.who].name, posting_date=sale.day, quantity=sale.quantity)
		invoice = invoice_of(proforma, posting_date=sale.day)
		if sale.returned:
			note = credit_note_of(invoice, quantity=sale.returned[0], issue=False)
			note.update({"posting_date": sale.returned[1]})
			note.save()
			note.submit()
		if sale.cancelled:
			invoice.cancel()
	return people


READERS = {
	"administrator": ("first", "second", "stranger", "manager"),
	"manager": ("first", "second", "manager"),
	"stranger": ("stranger",),
}
each_reader = pytest.mark.parametrize("reader", READERS)


def run(report: str, people, reader: str, **filters):
	"""Rows of a report without its total, the total, the chart and the summary, as a reader gets them."""
	frappe.set_user(make_user(ADMINISTRATOR) if reader == "administrator" else people[reader].user)
	module = f"cronus_crm.cronus_analytics.report.{report}.{report}"
	columns, rows, note, chart, summary, _skip_total = import_module(module).execute(filters)
	assert columns and note
	fields = {column["fieldname"] for column in columns}
	total = next((row for row in rows if row.get("bold")), None)
	rows = [row for row in rows if not row.get("bold")]
	assert all(set(row) <= fields | {"color"} for row in rows)
	return rows, total, chart, {figure["label"]: figure["value"] for figure in summary}


def seen(records, reader: str, first: str, last: str, **values):
	"""The records of a period that a reader may see and that have these values."""
	return [
		record
		for record in records
		if record.who in READERS[reader]
		and first <= record.day <= last
		and all(getattr(record, name) == value for name, value in values.items())
	]


def invoiced(reader: str, first: str, last: str, who: tuple[str, ...] = ()) -> float:
	"""What was invoiced in a period, less what came back in it."""
	amount = 0
	for sale in SALES:
		if sale.who not in READERS[reader] or sale.cancelled or (who and sale.who not in who):
			continue
		amount += 100 * sale.quantity if first <= sale.day <= last else 0
		if sale.returned and first <= sale.returned[1] <= last:
			amount -= 100 * sale.returned[0]
	return amount


@each_reader
def test_won_opportunities(world, reader):
	rows, total, _chart, summary = run("cronus_won_deals", world, reader, **MARCH)
	for row in rows:
		who = world.names[row["seller"]]
		won = [
			opportunity.value
			for opportunity in seen(OPPORTUNITIES, reader, *MARCH.values(), who=who, stage="Won")
		]
		lost = [
			opportunity.value
			for opportunity in seen(OPPORTUNITIES, reader, *MARCH.values(), who=who, stage="Not won")
		]
		assert (row["won"], row["won_amount"]) == (len(won), sum(won))
		assert (row["lost"], row["lost_amount"]) == (len(lost), sum(lost))
		assert row["conversion"] == round(100 * len(won) / len(won + lost), 2)
	won = [opportunity.value for opportunity in seen(OPPORTUNITIES, reader, *MARCH.values(), stage="Won")]
	assert (total["won"], total["won_amount"]) == (len(won), sum(won))
	assert total["average"] == summary["Average won value"] == round(sum(won) / len(won), 2)
	assert [row["won_amount"] for row in rows] == sorted((row["won_amount"] for row in rows), reverse=True)


@each_reader
def test_loss_reasons(world, reader):
	rows, total, chart, _summary = run("cronus_loss_reasons", world, reader, **MARCH)
	lost = seen(OPPORTUNITIES, reader, *MARCH.values(), stage="Not won")
	assert (total["number"], total["amount"]) == (len(lost), sum(opportunity.value for opportunity in lost))
	assert {row["loss_reason"] for row in rows} == {opportunity.reason for opportunity in lost}
	for row in rows:
		of_reason = [opportunity.value for opportunity in lost if opportunity.reason == row["loss_reason"]]
		assert (row["number"], row["amount"]) == (len(of_reason), sum(of_reason))
		assert row["share"] == round(100 * len(of_reason) / len(lost), 2)
	assert chart["data"]["datasets"][0]["values"] == [row["number"] for row in rows]


@each_reader
def test_revenue_of_won_opportunities_and_a_year_before(world, reader):
	rows, total, chart, _summary = run("cronus_revenue_trend", world, reader, **MARCH)
	now = [opportunity.value for opportunity in seen(OPPORTUNITIES, reader, *MARCH.values(), stage="Won")]
	before = [
		opportunity.value
		for opportunity in seen(OPPORTUNITIES, reader, "2010-03-01", "2010-03-31", stage="Won")
	]
	assert len(rows) == 1
	assert (total["number"], total["amount"]) == (len(now), sum(now))
	assert (total["number_before"], total["amount_before"]) == (len(before), sum(before))
	assert [dataset["values"] for dataset in chart["data"]["datasets"]] == [[sum(now)], [sum(before)]]


@each_reader
def test_what_was_invoiced_and_a_year_before(world, reader):
	period = {"from_date": "2011-02-10", "to_date": "2011-03-30"}
	rows, total, _chart, _summary = run("cronus_revenue_trend", world, reader, of="Invoiced", **period)
	assert [row["amount"] for row in rows] == [
		invoiced(reader, "2011-02-10", "2011-02-28"),
		invoiced(reader, "2011-03-01", "2011-03-30"),
	]
	assert total["amount_before"] == invoiced(reader, "2010-02-10", "2010-03-30")
	assert total["difference"] == total["amount"] - total["amount_before"]


@each_reader
def test_year_against_year_by_month_until_a_day(world, reader):
	rows, total, _chart, summary = run("cronus_year_against_year", world, reader, to_date="2011-03-30")
	assert [row["year_2011"] for row in rows] == [
		invoiced(reader, "2011-01-01", "2011-01-31"),
		invoiced(reader, "2011-02-01", "2011-02-28"),
		invoiced(reader, "2011-03-01", "2011-03-30"),
	]
	assert total["year_2010"] == summary["2010"] == invoiced(reader, "2010-01-01", "2010-03-30")


@each_reader
def test_year_against_year_by_seller(world, reader):
	until = {"to_date": "2011-12-31", "by": "Seller", "years": "3"}
	rows, _total, _chart, _summary = run("cronus_year_against_year", world, reader, **until)
	assert rows
	for row in rows:
		who = (world.names[row["seller"]],)
		assert row["year_2011"] == invoiced(reader, "2011-01-01", "2011-12-31", who)
		assert row["year_2010"] == invoiced(reader, "2010-01-01", "2010-12-31", who)
		assert row["year_2009"] == 0


def test_the_end_of_february_is_the_same_day_in_every_year():
	from cronus_crm.cronus_analytics.report.cronus_year_against_year.cronus_year_against_year import (
		_move_to_year,
	)

	assert _move_to_year(date(2023, 2, 28), 2024) == date(2024, 2, 29)
	assert _move_to_year(date(2024, 2, 29), 2023) == date(2023, 2, 28)
	assert _move_to_year(date(2024, 2, 28), 2023) == date(2023, 2, 28)
	assert _move_to_year(date(2024, 2, 28), 2020) == date(2020, 2, 28)


@each_reader
def test_follow_up_by_period(world, reader):
	for who, day in (("first", "2011-03-01"), ("first", "2011-04-01"), ("stranger", "2011-03-31")):
		frappe.get_doc(
			{
				"doctype": "Cronus Prospect",
				"prospect_name": f"Prospect of {who}",
				"phone": "099 123 4567",
				"seller": world[who].name,
				"contacted_on": day,
			}
		).insert()
	rows, total, chart, _summary = run("cronus_follow_up_by_period", world, reader, **MARCH)
	by_seller = {world.names[row["seller"]]: row for row in rows}
	assert (
		sum(row["prospects"] for row in rows) == total["prospects"] == (2 if reader == "administrator" else 1)
	)
	for who, row in by_seller.items():
		proformas = seen(SALES, reader, *MARCH.values(), who=who)
		invoices = [sale for sale in proformas if not sale.cancelled]
		assert row["proformas"] == len(proformas)
		assert row["proforma_amount"] == sum(100 * sale.quantity for sale in proformas)
		assert row["invoices"] == len(invoices)
		assert row["invoice_amount"] == invoiced(reader, *MARCH.values(), (who,))
	assert len(chart["data"]["labels"]) == len(rows)


@pytest.fixture
def in_progress(people):
	"""Deals in progress: whose, value, stage, probability, expected day."""
	last_month, next_month = add_months(nowdate(), -1), add_months(get_first_day(nowdate()), 1)
	opportunities = (
		("first", 100, "Proposal", 50, next_month),
		("first", 300.5, "Negotiation", 80, last_month),
		("second", 1_000, "Proposal", 10, None),
		("second", 20, "On hold", 10, next_month),
		("stranger", 5_000, "Proposal", 50, next_month),
	)
	for who, value, stage, probability, expected in opportunities:
		make_opportunity(
			people[who].name, value=value, stage=stage, probability=probability, expected_close=expected
		)
	return opportunities


@pytest.mark.parametrize("reader", ["manager", "stranger"])
def test_pipeline_by_seller_and_stage(people, in_progress, reader):
	rows, total, chart, summary = run("cronus_pipeline", people, reader)
	mine = [opportunity for opportunity in in_progress if opportunity[0] in READERS[reader]]
	assert (total["number"], total["amount"]) == (len(mine), sum(opportunity[1] for opportunity in mine))
	assert (
		total["potential"]
		== summary["Potential"]
		== sum(opportunity[1] * opportunity[3] / 100 for opportunity in mine)
	)
	amounts = {
		who: sum(opportunity[1] for opportunity in mine if opportunity[0] == who)
		for who in {opportunity[0] for opportunity in mine}
	}
	assert {people.names[row["seller"]]: row["amount"] for row in rows} == amounts
	assert [row["amount"] for row in rows] == sorted(amounts.values(), reverse=True)
	proposal = next(dataset for dataset in chart["data"]["datasets"] if dataset["name"] == "Proposal")
	assert sum(proposal["values"]) == sum(
		opportunity[1] for opportunity in mine if opportunity[2] == "Proposal"
	)
	stages = [dataset["name"] for dataset in chart["data"]["datasets"]]
	assert chart["colors"][stages.index("Proposal")] == frappe.db.get_value(
		"Cronus Stage", "Proposal", "color"
	)


def test_potential_by_month_with_what_is_late_and_what_has_no_date(people, in_progress):
	rows, total, chart, summary = run("cronus_potential", people, "manager")
	assert [(row["late"], row["amount"], row["potential"]) for row in rows] == [
		(1, 300.5, 240.4),
		(0, 120, 52),
		(0, 1_000, 100),
	]
	assert rows[-1]["month"] == "No date"
	assert total["potential"] == 392.4
	assert summary["Of that, late"] == 240.4
	assert chart["data"]["labels"][0] == "Late"


def test_the_funnel_counts_each_stage_a_opportunity_reached_and_what_went_on(people):
	frappe.set_user("Administrator")
	for value, stages in ((100, ("Qualified", "Proposal", "Won")), (50, ("Qualified",)), (10, ())):
		opportunity = make_opportunity(people.first.name, value=value)
		for stage in stages:
			opportunity.update({"stage": stage})
			opportunity.save()
	make_opportunity(people.stranger.name, value=9_999)
	period = {"from_date": add_days(nowdate(), -1), "to_date": nowdate()}
	rows, _total, chart, _summary = run("cronus_deal_funnel", people, "manager", **period)
	path = {row["stage"]: row for row in rows}
	stages = ("Initial contact", "Qualified", "Proposal", "Negotiation", "Won")
	assert [path[stage]["number"] for stage in stages] == [3, 2, 1, 1, 1]
	assert [path[stage]["amount"] for stage in stages] == [160, 150, 100, 100, 100]
	assert path["Initial contact"]["conversion"] == 66.67
	assert path["Proposal"]["conversion"] == 100  # who won has passed it, though nobody negotiated
	assert path["Won"]["conversion"] is None
	assert path["Qualified"]["of_first"] == 66.67
	assert [line["number"] for line in chart["lines"]] == chart["data"]["datasets"][0]["values"]


def funnel_by_hand(sellers, from_date, to_date):
	"""An independent funnel from the stored rows: number and amount by stage of the path."""
	stages = frappe.get_all("Cronus Stage", {"state": ("in", WAY)}, ["name", "state", "position"])
	path = sorted(stages, key=lambda stage: (stage.state == "Won", stage.position, stage.name))
	rank = {stage.name: number for number, stage in enumerate(path)}
	expected = {name: [0, 0.0] for name in rank}
	for row in frappe.get_all("Cronus Opportunity", {"seller": ("in", sellers)}, ["name", "base_value"]):
		stays = frappe.get_all("Cronus Stage Change", {"parent": row.name}, ["stage", "entered_on"])
		if not getdate(from_date) <= getdate(min(stay.entered_on for stay in stays)) <= getdate(to_date):
			continue
		furthest = max((rank.get(stay.stage, -1) for stay in stays), default=-1)
		for name, number in rank.items():
			if number <= furthest:
				expected[name][0] += 1
				expected[name][1] += row.base_value
	return {name: (number, round(amount, 2)) for name, (number, amount) in expected.items()}


WAY = ("Open", "Won")


def test_no_stage_of_the_funnel_has_more_than_the_one_before_whatever_was_skipped(people):
	"""Opportunities of several months that skip stages, go back, and end, against a computation of its
	own."""
	frappe.set_user("Administrator")
	random = Random(15)
	names = frappe.get_all("Cronus Stage", {"disabled": 0, "state": ("!=", "Closed")}, pluck="name")
	seller, days = people.first.name, [add_days(nowdate(), -40 * ago) for ago in range(4)]
	for number in range(30):
		day = random.choice(days)
		opportunity = make_opportunity(seller, value=number + 0.25, opened_on=day, stage=random.choice(OPEN))
		for stage in random.sample(names, random.randint(0, 3)):
			reason = {"loss_reason": "Price"} if stage == "Not won" else {}
			opportunity.update({"stage": stage, **reason}).save()
	check_funnel(people, seller, days)
	# In another order others are the furthest.
	frappe.set_user("Administrator")
	frappe.get_doc("Cronus Stage", "Negotiation").update({"position": 0}).save()
	check_funnel(people, seller, days)
	assert list(recount_totals.find_differences()) == []


OPEN = ("Initial contact", "Qualified", "Proposal")


def check_funnel(people, seller, days):
	for from_date, to_date in ((days[3], days[0]), (days[3], days[2]), (days[1], days[1])):
		filters = {"from_date": from_date, "to_date": to_date, "seller": seller}
		rows, *_others = run("cronus_deal_funnel", people, "manager", **filters)
		path = [row for row in rows if row["of_first"] is not None]
		expected = funnel_by_hand([seller], from_date, to_date)
		assert {row["stage"]: (row["number"], row["amount"]) for row in path} == expected
		for row in path:
			assert all(row[rate] is None or row[rate] <= 100 for rate in RATES)


RATES = ("conversion", "conversion_by_amount", "of_first")


@pytest.mark.parametrize(
	"report",
	["deal_funnel", "won_deals", "loss_reasons", "revenue_trend", "year_against_year", "follow_up_by_period"],
)
def test_where_nothing_happened_there_are_no_rows(people, report):
	rows, total, chart, _summary = run(
		f"cronus_{report}", people, "manager", from_date="2001-01-01", to_date="2001-01-31"
	)
	assert (rows, total, chart) == ([], None, None)


@pytest.mark.parametrize(
	"report",
	[
		"pipeline",
		"potential",
		"deal_funnel",
		"won_deals",
		"loss_reasons",
		"revenue_trend",
		"year_against_year",
	],
)
def test_a_seller_of_another_team_is_refused(people, report):
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		run(f"cronus_{report}", people, "manager", seller=people.stranger.name)


def test_the_filter_of_a_seller_leaves_that_team(world):
	_rows, total, _chart, _summary = run(
		"cronus_won_deals", world, "administrator", seller=world.manager.name, **MARCH
	)
	won = [opportunity.value for opportunity in seen(OPPORTUNITIES, "manager", *MARCH.values(), stage="Won")]
	assert total["won_amount"] == sum(won)


def test_months_stand_in_their_order_over_the_end_of_a_year(world):
	rows, _total, _chart, _summary = run(
		"cronus_revenue_trend", world, "manager", from_date="2010-12-31", to_date="2011-04-01"
	)
	assert [str(row["from_date"]) for row in rows] == [
		"2010-12-31",
		"2011-01-01",
		"2011-02-01",
		"2011-03-01",
		"2011-04-01",
	]
	assert rows[-1]["amount"] == 9_000
	assert getdate(rows[-1]["to_date"]) == date(2011, 4, 1)
