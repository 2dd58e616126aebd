import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.report.cronus_customer_portfolio.cronus_customer_portfolio import execute
from tests.scaffold import (
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	pay,
)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	large = make_customer(first.name, credit_limit=1000)
	small, silent = make_customer(second.name), make_customer(second.name)
	last_month = months.subtract_months(months.current_month(), 1)

	def sell(customer, day, quantity, **fields):
		seller = customer.seller
		proforma = issue_proforma(seller, customer=customer.name, quantity=quantity, posting_date=day)
		return invoice_of(proforma, posting_date=day, **fields)

	returned = sell(large, last_month, 8, due_date=add_days(last_month, 5))
	credit_note_of(returned, quantity=2)
	pay(sell(large, months.subtract_months(months.current_month(), 12), 4), posting_date=last_month)
	sell(large, nowdate(), 1)
	sell(large, last_month, 50).cancel()
	sell(small, last_month, 3, due_date=add_days(nowdate(), 3))
	sell(silent, months.subtract_months(months.current_month(), 14), 5)
	return frappe._dict(manager=manager, first=first, second=second, large=large, small=small, silent=silent)


def rows_of(user, **filters):
	frappe.set_user(user)
	_columns, rows, message, chart, summary, _skip_total = execute(filters)
	assert message and summary
	return {row["customer"]: row for row in rows}, chart


def test_a_row_says_how_a_customer_stands(team):
	rows, chart = rows_of(team.manager.user)
	large = rows[team.large.name]
	assert (large["twelve_months"], large["average"], large["this_month"]) == (1200, 100, -100)
	assert (large["last_purchase"], large["recency"]) == (getdate(nowdate()), 0)
	assert (large["owed"], large["credit_limit"], large["available"]) == (700, 1000, 300)
	assert large["used"] == 70
	ages = ("not_due", "overdue_30", "overdue_60", "overdue_90", "overdue_older")
	assert sum(large[age] for age in ages) == 700
	assert large["not_due"] == 100
	first_of_all = months.subtract_months(months.current_month(), 12)
	days = (months.subtract_months(months.current_month(), 1) - first_of_all).days
	assert large["days_to_pay"] == days
	assert chart["data"]["labels"][0] == team.large.customer_name


def test_who_has_not_bought_for_long_has_a_last_purchase_all_the_same(team):
	silent = rows_of(team.manager.user)[0][team.silent.name]
	assert silent["last_purchase"] == months.subtract_months(months.current_month(), 14)
	assert silent["twelve_months"] == 0


def test_the_total_is_of_all_customers_also_of_those_not_shown(team):
	rows, _chart = rows_of(team.manager.user)
	assert next(iter(rows)) == team.large.name
	assert rows["Total"]["twelve_months"] == 1500
	assert rows["Total"]["owed"] == 1500
	cut, _chart = rows_of(team.manager.user, at_most=1)
	assert list(cut) == [team.large.name, "Total"]
	assert cut["Total"] == rows["Total"]


def test_each_sees_their_own(team):
	rows, _chart = rows_of(team.first.user)
	assert set(rows) == {team.large.name, "Total"}
	assert rows["Total"]["twelve_months"] == 1200
	assert rows_of(make_seller(roles=(SELLER, MANAGER)).user)[0] == {}
	assert {team.large.name, team.small.name} <= set(rows_of("Administrator", at_most=2000)[0])


def test_what_others_sold_to_a_customer_of_mine_is_not_counted(team):
	stranger = make_seller()
	invoice_of(issue_proforma(stranger.name, customer=team.large.name, quantity=20))
	assert rows_of(team.first.user)[0][team.large.name]["owed"] == 700
	assert rows_of("Administrator", customer=team.large.name)[0][team.large.name]["owed"] == 2700


def test_filters_of_seller_customer_and_alert(team):
	frappe.db.set_value("Cronus Customer", team.small.name, {"alert_pays_late": 1, "alerts_since": nowdate()})
	user = team.manager.user
	assert set(rows_of(user, seller=team.second.name)[0]) == {team.small.name, team.silent.name, "Total"}
	assert set(rows_of(user, customer=team.large.name)[0]) == {team.large.name, "Total"}
	for alert in ("any", "alert_pays_late"):
		rows, _chart = rows_of(user, alert=alert)
		assert set(rows) == {team.small.name, "Total"}
		assert rows[team.small.name]["alerts"] == "Pays later than agreed"
	assert rows_of(user, alert="alert_no_credit")[0] == {}


def test_a_seller_of_another_team_is_refused(team):
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		rows_of(team.manager.user, seller=make_seller().name)
