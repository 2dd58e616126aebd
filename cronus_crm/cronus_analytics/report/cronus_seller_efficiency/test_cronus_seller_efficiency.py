import frappe
import pytest

from cronus_crm.cronus_analytics.report.cronus_seller_efficiency.cronus_seller_efficiency import execute
from tests.scaffold import MANAGER, SELLER, invoice_of, issue_proforma, make_seller

MARCH = {"from_date": "2019-03-01", "to_date": "2019-03-31"}


@pytest.fixture
def team():
	"""Two sellers with a month of history, and their manager."""
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name, work_center=None), make_seller(manager.name)

	def sell(seller, issued, quantity, invoiced=None, invoiced_on=None):
		proforma = issue_proforma(seller.name, posting_date=issued, quantity=quantity)
		if invoiced:
			invoice_of(proforma, quantity=invoiced, posting_date=invoiced_on)
		return proforma

	sell(first, "2019-03-01", 2, 2, "2019-03-05")  # whole, after 4 days
	sell(first, "2019-03-10", 4, 1, "2019-04-19")  # a quarter, after 40 days, in the next month
	sell(first, "2019-03-31", 4)  # not invoiced
	sell(first, "2019-02-28", 9, 9, "2019-03-30")  # of another cohort; its invoice is March's
	sell(second, "2019-03-15", 10, 10, "2019-03-25")  # whole, after 10 days
	sell(second, "2019-03-16", 10).cancel()
	return frappe._dict(manager=manager, first=first, second=second)


def rows_of(filters, user):
	frappe.set_user(user)
	columns, rows, message, chart, summary, _skip_total = execute(filters)
	assert columns and message and summary
	return {row["seller"]: row for row in rows}, chart


def test_figures_of_a_month(team):
	rows, chart = rows_of(MARCH, team.manager.user)
	first = rows[team.first.name]
	assert (first["proformas"], first["proforma_amount"]) == (3, 1000)
	assert (first["invoiced"], first["invoiced_amount"]) == (2, 300)
	assert (first["rate_by_number"], first["rate_by_amount"]) == (66.67, 30)
	assert first["days_to_invoice"] == 22  # between 4 and 40
	assert (first["invoices"], first["invoice_amount"], first["average_invoice"]) == (2, 1100, 550)
	assert rows[team.second.name]["days_to_invoice"] == 10
	total = rows["Total"]
	assert (total["proformas"], total["proforma_amount"]) == (4, 2000)
	assert (total["invoiced"], total["rate_by_number"], total["rate_by_amount"]) == (3, 75, 65)
	assert total["days_to_invoice"] == 10  # of 4, 10 and 40; not the mean of medians
	assert (total["invoices"], total["invoice_amount"]) == (3, 2100)
	assert chart["data"]["labels"][0] == team.first.name


def test_rates_above_the_chart_have_two_decimals(team):
	frappe.db.set_default("float_precision", 3)
	frappe.set_user(team.manager.user)
	*_table, summary, _skip_total = execute(MARCH)
	shown = {figure["label"]: figure["value"] for figure in summary}
	assert (shown["Conversion by number"], shown["Conversion by amount"]) == ("75.00%", "65.00%")


def test_a_seller_without_documents_has_a_row_and_no_rate(team):
	rows, _chart = rows_of(MARCH, team.manager.user)
	assert rows[team.manager.name]["proformas"] == 0
	assert rows[team.manager.name]["rate_by_number"] is None


def test_each_sees_their_own(team):
	rows, _chart = rows_of(MARCH, team.first.user)
	assert set(rows) == {team.first.name, "Total"}
	assert rows["Total"]["proformas"] == 3


def test_filters_of_seller_and_work_centre(team):
	rows, _chart = rows_of({**MARCH, "seller": team.second.name}, team.manager.user)
	assert set(rows) == {team.second.name, "Total"}
	rows, _chart = rows_of({**MARCH, "seller": team.manager.name}, team.manager.user)
	assert team.first.name in rows
	rows, _chart = rows_of({**MARCH, "work_center": "None such"}, team.manager.user)
	assert set(rows) == set()


def test_a_seller_of_another_team_is_refused(team):
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		rows_of({**MARCH, "seller": make_seller().name}, team.manager.user)


def test_a_period_that_ends_before_it_begins_is_refused(team):
	with pytest.raises(frappe.ValidationError, match="ends before it begins"):
		rows_of({"from_date": "2019-03-31", "to_date": "2019-03-01"}, team.manager.user)


def test_a_stranger_sees_nothing(team):
	stranger = make_seller(roles=(SELLER, MANAGER))
	rows, chart = rows_of(MARCH, stranger.user)
	assert set(rows) == {stranger.name, "Total"}
	assert rows["Total"]["proformas"] == 0
	assert chart is None
