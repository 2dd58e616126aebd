"""Figures of customers against the same worked out by hand, for one, for all and for whoever sees a part."""

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.customer_analysis import analyse_customer, compute_trend
from cronus_crm.cronus_analytics.figures.customer_figures import Documents, Purchases
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_terms,
	make_user,
	pay,
)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	own, colleague = make_seller(manager.name), make_seller(manager.name)
	customer = make_customer(own.name, credit_limit=5000, payment_days=30)
	return frappe._dict(manager=manager, own=own, colleague=colleague, customer=customer.name)


def sell(team, day, quantity, seller=None, **fields):
	"""An invoice of that many hundreds on a day."""
	seller = seller or team.own
	proforma = issue_proforma(seller.name, customer=team.customer, quantity=quantity, posting_date=day)
	return invoice_of(proforma, posting_date=day, **fields)


def month(back: int, day: int = 10) -> date:
	return months.subtract_months(months.current_month(), back).replace(day=day)


def as_user(user, customer):
	frappe.set_user(user)
	return analyse_customer(customer)


def test_purchases_are_counted_by_calendar_month(team):
	first, last_day = months.subtract_months(months.current_month(), 12), add_days(months.current_month(), -1)
	sell(team, first, 12)  # the first day of the twelve months
	sell(team, add_days(first, -1), 7)  # the day before
	returned = sell(team, last_day, 10)
	credit_note_of(returned, quantity=4)  # of today
	sell(team, month(5), 9).cancel()
	figures = as_user(team.manager.user, team.customer)
	purchases = figures["purchases"]
	assert purchases["twelve_months"] == 2200
	assert purchases["average"] == pytest.approx(2200 / 12, abs=0.01)
	assert purchases["this_month"] == -400
	assert (purchases["last"], purchases["recency"]) == (
		getdate(last_day),
		(getdate(nowdate()) - getdate(last_day)).days,
	)
	values = dict(zip(figures["months"]["labels"], figures["months"]["values"], strict=True))
	assert len(values) == 24
	assert sum(values.values()) == 1200 + 700 + 1000 - 400
	of_years = figures["years"]
	both = of_years["this_year"]["values"] + of_years["last_year"]["values"]
	begins = months.current_month().replace(month=1, year=months.current_month().year - 1)
	in_them = [(first, 1200), (getdate(add_days(first, -1)), 700), (getdate(last_day), 1000)]
	assert sum(both) == sum(amount for day, amount in in_them if day >= begins) - 400


def test_one_customer_and_all_of_them_are_counted_alike(team):
	for back, quantity in ((0, 1), (1, 2), (6, 3), (12, 4), (13, 5)):
		sell(team, months.subtract_months(months.current_month(), back), quantity)
	documents = Documents([team.customer], whole_company=True)
	of_all = customer_figures.sum_purchases_by_customer(Documents(whole_company=True))[team.customer]
	bought = customer_figures.sum_purchases_by_customer_and_month(
		documents, months.subtract_months(months.current_month(), 24)
	)[team.customer]
	last = customer_figures.find_last_purchases(documents)[team.customer]
	assert Purchases.from_months(bought, last, months.current_month()) == of_all
	assert of_all == Purchases(900, 200, 100, months.current_month())


def test_what_is_owed_is_told_by_the_age_of_each_instalment(team):
	today = getdate(nowdate())

	def owe(quantity, days_overdue):
		sell(team, add_days(today, -200), quantity, due_date=add_days(today, -days_overdue))

	for quantity, days_overdue in ((1, 0), (2, 1), (3, 30), (4, 31), (5, 60), (6, 61), (7, 90), (8, 91)):
		owe(quantity, days_overdue)
	owed = as_user(team.manager.user, team.customer)["owed"]
	assert owed["not_due"] == 100
	assert owed["ages"] == (500, 900, 1300, 800)
	assert (owed["overdue"], owed["total"]) == (3500, 3600)


def test_instalments_age_one_by_one_and_what_is_paid_is_not_owed(team):
	today = getdate(nowdate())
	terms = make_terms((50, 10), (50, 100))
	invoice = sell(team, add_days(today, -50), 10, due_date=None, payment_terms=terms)
	pay(invoice, 200, posting_date=add_days(today, -45))
	figures = as_user(team.manager.user, team.customer)
	assert figures["owed"]["not_due"] == 500
	assert figures["owed"]["ages"] == (0, 300, 0, 0)  # due 40 days ago
	assert figures["credit"] == {"limit": 5000, "used": 800, "available": 4200}


def test_another_currency_is_told_in_that_of_the_company(team):
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "EUR", "valid_from": "2001-01-01", "rate": 1.2345}
	).insert(ignore_if_duplicate=True)
	proforma = issue_proforma(team.own.name, customer=team.customer, quantity=1, currency="EUR")
	invoice = invoice_of(proforma)
	owed = as_user(team.manager.user, team.customer)["owed"]["total"]
	assert owed == invoice.in_company_currency(invoice.balance) != invoice.balance


def test_days_to_pay_are_weighted_by_amount(team):
	first = sell(team, month(2, 1), 10)
	pay(first, 250, posting_date=add_days(month(2, 1), 10))
	pay(first, 750, posting_date=add_days(month(2, 1), 30))
	at_once = sell(team, month(1, 5), 10)
	pay(at_once, 1000, posting_date=month(1, 5))
	pay(sell(team, month(3, 1), 50), 5000, posting_date=month(2, 1)).cancel()
	pay(sell(team, month(20, 1), 10), posting_date=month(14, 1))  # longer ago than a year
	payment = as_user(team.manager.user, team.customer)["payment"]
	assert payment["days"] == pytest.approx((250 * 10 + 750 * 30 + 1000 * 0) / 2000)
	assert payment["agreed"] == 30


def test_the_agreed_days_are_those_of_the_terms_then_its_own_then_the_companys():
	frappe.db.set_single_value("Cronus CRM Settings", "payment_days", 21)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")
	assert customer_figures.compute_agreed_days(make_terms((25, 0), (75, 40)), 5) == 30
	assert customer_figures.compute_agreed_days(None, 5) == 5
	assert customer_figures.compute_agreed_days(None, None) == 21


def test_open_proformas_have_something_left_and_are_still_valid(team):
	def offer(quantity, valid_until):
		return issue_proforma(
			team.own.name, customer=team.customer, quantity=quantity, valid_until=valid_until
		)

	offer(2, nowdate())
	part = offer(4, add_days(nowdate(), 9))
	invoice_of(part, quantity=1)
	invoice_of(offer(8, add_days(nowdate(), 9)))
	old = issue_proforma(
		team.own.name,
		customer=team.customer,
		posting_date=add_days(nowdate(), -9),
		valid_until=add_days(nowdate(), -1),
	)
	offer(16, nowdate()).cancel()
	assert old.docstatus == 1
	assert as_user(team.manager.user, team.customer)["proformas"] == {"number": 2, "amount": 500}


def test_the_trend_compares_three_months_with_those_of_the_year_before():
	assert (
		compute_trend(
			{month(1, 1): 300, month(2, 1): 300, month(13, 1): 200, month(15, 1): 200}, months.current_month()
		)
		== 50
	)
	assert (
		compute_trend({month(4, 1): 300, month(0, 1): 900, month(14, 1): 100}, months.current_month()) == -100
	)
	assert compute_trend({month(1, 1): 300}, months.current_month()) is None


def test_a_customer_without_documents_has_figures_all_the_same(team):
	figures = as_user(team.own.user, team.customer)
	assert figures["purchases"]["last"] is None
	assert figures["purchases"]["against_average"] is None
	assert figures["payment"]["days"] is None
	assert figures["owed"]["total"] == 0


def test_each_is_told_of_the_documents_that_they_see(team):
	stranger, billing = make_seller(), make_user(BILLING)
	sell(team, nowdate(), 1)
	sell(team, nowdate(), 2, seller=team.colleague)
	sell(team, nowdate(), 4, seller=stranger)
	told = {
		who: as_user(user, team.customer)
		for who, user in (
			("own", team.own.user),
			("manager", team.manager.user),
			("billing", billing),
			("administrator", "Administrator"),
		)
	}
	assert {who: figures["purchases"]["this_month"] for who, figures in told.items()} == {
		"own": 100,
		"manager": 300,
		"billing": 700,
		"administrator": 700,
	}
	assert {who: figures["owed"]["total"] for who, figures in told.items()} == {
		"own": 100,
		"manager": 300,
		"billing": 700,
		"administrator": 700,
	}
	assert {who for who, figures in told.items() if figures["partial"]} == {"own", "manager"}


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_a_customer_of_somebody_else_is_refused(team, who):
	user = team.colleague.user if who == "colleague" else make_seller().user
	with pytest.raises(frappe.PermissionError):
		as_user(user, team.customer)


def test_an_open_list_of_customers_opens_no_figures_of_others(team):
	sell(team, nowdate(), 1)
	frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
	figures = as_user(make_seller().user, team.customer)
	assert figures["purchases"]["this_month"] == 0
	assert figures["owed"]["total"] == 0
	assert figures["partial"]


def test_months_go_over_the_turn_of_a_year():
	assert months.subtract_months(date(2026, 3, 1), 1) == date(2026, 2, 1)
	assert months.subtract_months(date(2026, 12, 1), -1) == date(2027, 1, 1)


def test_days_between_purchases_are_the_median_over_days_with_an_invoice(team):
	first = months.subtract_months(months.current_month(), 20)
	for days in (0, 3, 3, 13, 20, 60):
		sell(team, add_days(first, days), 1)
	sell(team, add_days(first, 50), 1).cancel()
	credit_note_of(sell(team, add_days(first, 61), 1))
	# 3, 10, 7, 40 and 1 days
	assert as_user(team.manager.user, team.customer)["purchases"]["days_between"] == 7
	assert analyse_customer(team.customer, add_days(first, 19))["purchases"]["days_between"] == 6.5
	assert analyse_customer(team.customer, first)["purchases"]["days_between"] is None
	documents = Documents([team.customer], whole_company=True)
	assert customer_figures.compute_days_between_purchases(documents) == {team.customer: 7}
