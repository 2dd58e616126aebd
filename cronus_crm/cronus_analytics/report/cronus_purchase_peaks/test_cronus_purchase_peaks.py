import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.report.cronus_purchase_peaks.cronus_purchase_peaks import execute
from tests.scaffold import (
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
)


def month(back):
	return months.subtract_months(months.current_month(), back)


def cell(back):
	return f"in_{month(back):%Y_%m}"


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	customers = [make_customer(seller.name).name for seller in (first, second)]

	def sell(seller, customer, day, quantity):
		proforma = issue_proforma(seller.name, customer=customer, quantity=quantity, posting_date=day)
		return invoice_of(proforma, posting_date=day)

	sell(first, customers[0], month(3), 5)
	sell(first, customers[0], add_days(month(2), -1), 2)  # the last day of the same month
	sell(first, customers[0], month(11), 6)
	sell(first, customers[0], add_days(month(11), -1), 30)  # the day before the first of twelve
	credit_note_of(sell(first, customers[0], nowdate(), 9), quantity=8)
	sell(first, customers[0], month(1), 50).cancel()
	sell(second, customers[1], month(1), 3)
	return frappe._dict(manager=manager, first=first, second=second, customers=customers)


def rows_of(user, **filters):
	frappe.set_user(user)
	columns, rows, message, chart, summary, _skip_total = execute(filters)
	assert message and summary
	return columns, {row["customer"]: row for row in rows}, chart


def test_a_customer_by_month_with_its_peak(team):
	columns, rows, chart = rows_of(team.manager.user)
	row = rows[team.customers[0]]
	assert (row[cell(3)], row[cell(11)], row[cell(0)], row[cell(1)]) == (700, 600, 100, 0)
	assert (row["peak"], row["total"]) == (cell(3), 1400)
	assert rows["Total"][cell(1)] == 300
	assert rows["Total"]["total"] == 1700
	assert sum(column["fieldname"].startswith("in_") for column in columns) == 12
	assert sum(chart["data"]["datasets"][0]["values"]) == 1700


def test_two_years(team):
	_columns, rows, _chart = rows_of(team.manager.user, months="24")
	assert rows[team.customers[0]][cell(12)] == 3000
	assert rows[team.customers[0]]["peak"] == cell(12)


def test_a_customer_that_only_gave_back_has_no_peak(team):
	seller = make_seller(team.manager.name)
	long_ago = month(20)
	proforma = issue_proforma(seller.name, posting_date=long_ago)
	credit_note_of(invoice_of(proforma, posting_date=long_ago))
	_columns, rows, _chart = rows_of(seller.user)
	assert rows[proforma.customer]["peak"] is None
	assert rows[proforma.customer]["total"] == -200


def test_each_sees_their_own(team):
	assert set(rows_of(team.first.user)[1]) == {team.customers[0], "Total"}
	assert rows_of(make_seller(roles=(SELLER, MANAGER)).user)[1] == {}
	of_all = rows_of("Administrator", at_most=2000)[1]
	assert set(team.customers) <= set(of_all)


def test_filters_and_the_rows_that_are_left_out(team):
	user = team.manager.user
	assert set(rows_of(user, seller=team.second.name)[1]) == {team.customers[1], "Total"}
	assert set(rows_of(user, customer=team.customers[1])[1]) == {team.customers[1], "Total"}
	assert rows_of(user, work_center="None such")[1] == {}
	cut = rows_of(user, at_most=1)[1]
	assert set(cut) == {team.customers[0], "Total"}
	assert cut["Total"]["total"] == 1700
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		rows_of(user, seller=make_seller().name)
