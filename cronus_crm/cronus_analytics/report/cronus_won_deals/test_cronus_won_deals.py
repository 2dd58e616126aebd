"""Won opportunities by each kind of row, against the same worked out in plain Python, for each who may
look."""

import json
import random
import statistics
from collections import defaultdict

import frappe
import pytest
from frappe.utils import add_days, date_diff

from cronus_crm.cronus_analytics.report.cronus_pipeline import cronus_pipeline
from cronus_crm.cronus_analytics.report.cronus_seller_efficiency import cronus_seller_efficiency
from cronus_crm.cronus_analytics.report.cronus_won_deals.cronus_won_deals import ROWS, execute
from cronus_crm.cronus_analytics.report.cronus_year_against_year import cronus_year_against_year
from tests.scaffold import (
	ADMINISTRATOR,
	MANAGER,
	SELLER,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)

YEAR = {"from_date": "2013-01-01", "to_date": "2013-12-31"}
# Who reports to whom.
ABOVE = {
	"head": None,
	"leader": "head",
	"first": "leader",
	"second": "leader",
	"alone": "head",
	"stranger": None,
}
READERS = {
	"administrator": tuple(ABOVE),
	"head": ("head", "leader", "first", "second", "alone"),
	"leader": ("leader", "first", "second"),
	"stranger": ("stranger",),
}
each_reader = pytest.mark.parametrize("reader", READERS)


@pytest.fixture
def people():
	offices = [
		frappe.get_doc({"doctype": "Cronus Work Center", "work_center": unique("Office")}).insert().name
		for _number in range(2)
	]
	made = {}
	for number, (who, above) in enumerate(ABOVE.items()):
		made[who] = make_seller(
			made[above].name if above else None, roles=(SELLER, MANAGER), work_center=offices[number % 2]
		)
	return frappe._dict(made)


@pytest.fixture
def deals(people):
	"""Opportunities that closed at random around a year: who, state, days, value, customer, and products as
	{product: amount}."""
	chance, made = random.Random(11), []
	products = [ensure_product(unique("P")) for _number in range(3)]
	customers = {who: [make_customer(people[who].name).name for _number in range(2)] for who in ABOVE}
	for _number in range(45):
		who, won = chance.choice(list(ABOVE)), chance.random() < 0.6
		opened = add_days("2012-12-01", chance.randint(0, 380))
		closed = add_days(opened, chance.choice((0, 3, 3, 7, 30, 61)))
		lines = [
			{"product": product, "quantity": chance.randint(1, 9), "price": chance.randint(1, 900) / 100}
			for product in chance.choices(products, k=chance.randint(0, 3))
		]
		opportunity = make_opportunity(
			people[who].name,
			customer=chance.choice(customers[who]),
			stage="Won" if won else "Not won",
			loss_reason=None if won else "Price",
			opened_on=opened,
			closed_on=closed,
			products=lines,
			value=chance.randint(0, 99_999) / 100,
		)
		amounts = defaultdict(float)
		for row in opportunity.products:
			amounts[row.product] += row.amount
		made.append(
			frappe._dict(
				who=who,
				won=won,
				closed=str(closed),
				days=date_diff(closed, opened),
				value=opportunity.base_value,
				customer=opportunity.customer,
				work_center=opportunity.work_center,
				products={name: round(amount, 2) for name, amount in amounts.items()},
			)
		)
	return made


def run(people, reader, module=None, **filters):
	frappe.set_user(make_user(ADMINISTRATOR) if reader == "administrator" else people[reader].user)
	columns, rows, note, chart, summary, _skip_total = (module.execute if module else execute)(
		{**YEAR, "at_most": 2000, **filters}
	)
	assert note and summary
	fields = {column["fieldname"] for column in columns}
	assert all(set(row) <= fields | {"bold"} for row in rows)
	total = next((row for row in rows if row.get("bold")), None)
	return [row for row in rows if not row.get("bold")], total, chart


def figures(deals, product=None) -> dict:
	def value(deal):
		return deal.products.get(product, deal.value) if product else deal.value

	won, lost = ([deal for deal in deals if deal.won is wanted] for wanted in (True, False))
	values, days = [value(deal) for deal in won], [[deal.days for deal in side] for side in (won, lost)]

	def approximate(number):
		return pytest.approx(number, abs=0.0051)

	def middle(numbers):
		return approximate(statistics.median(numbers)) if numbers else None

	def mean(numbers):
		return approximate(statistics.mean(numbers)) if numbers else None

	return {
		"won": len(won),
		"won_amount": round(sum(values), 2),
		"lost": len(lost),
		"lost_amount": round(sum(map(value, lost)), 2),
		"conversion": approximate(100 * len(won) / len(deals)),
		"average": mean(values),
		"median_value": middle(values),
		"median_days_to_win": middle(days[0]),
		"mean_days_to_win": mean(days[0]),
		"median_days_to_lose": middle(days[1]),
		"mean_days_to_lose": mean(days[1]),
	}


def group_of(people, reader, by, deal) -> list:
	"""In which rows an opportunity stands, worked out from ABOVE."""
	seen = READERS[reader]
	above = ABOVE[deal.who] if ABOVE[deal.who] in seen else None
	leads = any(ABOVE[who] == deal.who for who in seen)
	return {
		"Seller": [people[deal.who].name],
		"Team": [people[deal.who if leads else above or deal.who].name],
		"Manager": [people[above or deal.who].name],
		"Work centre": [deal.work_center],
		"Customer": [deal.customer],
		"Product": list(deal.products) or [None],
	}[by]


@each_reader
@pytest.mark.parametrize("by", ROWS)
def test_each_row_has_the_figures_of_its_opportunities(people, deals, by, reader):
	rows, total, chart = run(people, reader, by=by)
	mine = [
		deal
		for deal in deals
		if deal.who in READERS[reader] and YEAR["from_date"] <= deal.closed <= YEAR["to_date"]
	]
	groups = defaultdict(list)
	for deal in mine:
		for group in group_of(people, reader, by, deal):
			groups[group].append(deal)
	field = {"Work centre": "work_center", "Customer": "customer", "Product": "product"}.get(by, "seller")
	# The site may hold what other tests have left, of nobody here.
	shown = {row[field]: row for row in rows}
	if reader == "administrator":
		groups.pop(None, None)
	assert set(groups) <= set(shown)
	for group, of_group in groups.items():
		wanted = figures(of_group, product=group if by == "Product" else None)
		assert {name: shown[group][name] for name in wanted} == wanted, group
	if reader != "administrator":
		assert set(shown) == set(groups)
		wanted = figures(mine)
		assert {name: total[name] for name in wanted} == wanted
		assert len(chart["data"]["labels"]) == len(rows)


def test_the_members_of_a_team_lead_to_its_records(people, deals):
	rows, _total, _chart = run(people, "head", by="Team")
	members = {row["seller"]: set(json.loads(row["members"])) for row in rows}
	assert members[people.leader.name] == {people[who].name for who in ("leader", "first", "second")}
	assert members[people.head.name] == {people[who].name for who in ("head", "alone")}
	rows, _total, _chart = run(people, "leader", by="Manager")
	assert {row["seller"] for row in rows} == {people.leader.name}


def test_the_name_of_a_customer_of_another_team_is_not_told(people, deals):
	(customer, *_others) = [
		deal.customer for deal in deals if deal.who == "first" and deal.closed[:4] == "2013"
	]
	frappe.db.set_value("Cronus Customer", customer, "seller", people.stranger.name)
	rows, _total, chart = run(people, "leader", by="Customer")
	names = {row["customer"]: row["customer_name"] for row in rows}
	assert names[customer] is None
	assert customer in chart["data"]["labels"]
	assert run(people, "stranger", by="Customer", seller=None)[0] != rows


def test_the_largest_rows_are_shown_and_the_total_is_of_all(people, deals):
	all_rows, total, _chart = run(people, "head", by="Customer")
	cut, total_of_cut, _chart = run(people, "head", by="Customer", at_most=2)
	assert cut == all_rows[:2]
	assert total_of_cut == total


@pytest.mark.parametrize(
	"module", [None, cronus_pipeline, cronus_seller_efficiency, cronus_year_against_year]
)
def test_an_unknown_kind_of_row_is_refused(people, module):
	with pytest.raises(frappe.ValidationError, match="is none of"):
		run(people, "head", module, by="Continent")


@each_reader
@pytest.mark.parametrize("by", ["Team", "Manager", "Work centre"])
def test_other_reports_group_the_same_way(people, by, reader):
	sold, open_ones = defaultdict(float), defaultdict(float)
	for number, who in enumerate(ABOVE, start=1):
		proforma = issue_proforma(people[who].name, posting_date="2013-05-01", quantity=number)
		invoice_of(proforma, posting_date="2013-05-02")
		opportunity = make_opportunity(people[who].name, value=2**number, stage="Proposal")
		if who in READERS[reader]:
			deal = frappe._dict(who=who, work_center=opportunity.work_center, products={})
			(group,) = group_of(people, reader, by, deal)
			sold[group] += 100 * number
			open_ones[group] += 2**number
	field = "work_center" if by == "Work centre" else "seller"

	def amounts(module, column, **filters):
		rows, _total, _chart = run(people, reader, module, by=by, **filters)
		found = {row[field]: row[column] for row in rows if row[column]}
		return found if reader != "administrator" else {name: found.get(name) for name in (*sold, *open_ones)}

	assert amounts(cronus_seller_efficiency, "invoiced_amount") == sold
	assert amounts(cronus_year_against_year, "year_2013") == sold
	assert amounts(cronus_pipeline, "amount") == open_ones


def test_opportunities_in_progress_by_product(people):
	first, second = ensure_product(unique("P")), ensure_product(unique("P"))

	def open_one(who, stage, probability, *lines, value=0):
		return make_opportunity(
			people[who].name,
			stage=stage,
			probability=probability,
			value=value,
			products=[{"product": product, "quantity": 1, "price": price} for product, price in lines],
		)

	open_one("first", "Proposal", 50, (first, 10.01), (second, 20), (first, 5))
	open_one("second", "Negotiation", 80, (first, 100))
	open_one("leader", "Proposal", 50, value=7)
	open_one("stranger", "Proposal", 50, (first, 1000))
	rows, total, _chart = run(people, "leader", cronus_pipeline, by="Product")
	assert {row["product"]: (row["number"], row["amount"], row["potential"]) for row in rows} == {
		first: (2, 115.01, 87.51),
		second: (1, 20, 10),
		None: (1, 7, 3.5),
	}
	assert (total["number"], total["amount"]) == (3, 142.01)


def test_medians_can_be_left_out(people, deals):
	rows, total, _chart = run(people, "head")
	without, total_without, _chart = run(people, "head", medians=0)
	left_out = [name for name in total if name.startswith(("median", "mean"))]
	assert len(left_out) == 5
	assert without == [row | dict.fromkeys(left_out) for row in rows]
	assert total_without == total | dict.fromkeys(left_out)
