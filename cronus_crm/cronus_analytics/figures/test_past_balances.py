"""Figures of customers as of a past day: against what the same figures said when that day was the last one
with documents, and against the same worked out in plain Python from the documents."""

import random
from collections import defaultdict
from datetime import date, timedelta

import frappe
import pytest
from frappe.utils import add_days, flt, getdate, nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.figures.customer_analysis import analyse_customer
from cronus_crm.cronus_analytics.report.cronus_customer_portfolio import cronus_customer_portfolio
from cronus_crm.cronus_analytics.report.cronus_invoices_owed import cronus_invoices_owed
from cronus_crm.cronus_analytics.report.cronus_purchase_peaks import cronus_purchase_peaks
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.cronus_billing.money.credit_use import use_credit
from cronus_crm.cronus_billing.money.payment_allocation import allocate_payment
from tests.scaffold import (
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_seller,
	make_terms,
	pay,
)

BEGINS = date(2023, 1, 10)
REPORTS = (cronus_customer_portfolio, cronus_invoices_owed, cronus_purchase_peaks)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	own, colleague = make_seller(manager.name), make_seller(manager.name)
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "EUR", "valid_from": "2001-01-01", "rate": 1.2345}
	).insert(ignore_if_duplicate=True)
	customer = make_customer(own.name, credit_limit=5000, payment_days=30)
	return frappe._dict(manager=manager, own=own, colleague=colleague, customer=customer.name)


def sell(team, day, quantity, seller=None, currency=None, **fields):
	"""An invoice of that many hundreds on a day."""
	proforma = issue_proforma(
		(seller or team.own).name,
		customer=team.customer,
		quantity=quantity,
		posting_date=day,
		currency=currency,
	)
	return invoice_of(proforma, posting_date=day, **fields)


def take_back(invoice, day, quantity):
	note = credit_note_of(invoice, quantity=quantity, issue=False)
	note.posting_date = day
	note.save()
	note.submit()
	return note


class History:
	"""Sales, payments and returns at random, day by day.

	told: what was left to pay of each invoice at the end of each day on which something happened, as the
	figures of today said when there was nothing later.
	"""

	def __init__(self, team, seed: int):
		self.team, self.random = team, random.Random(seed)
		self.terms = make_terms((33.33, 15), (33.33, 45), (33.34, 100))
		self.invoices = []
		self.told: dict[date, dict[str, float]] = {}

	def happen(self, steps: int) -> None:
		day = BEGINS
		for _step in range(steps):
			day += timedelta(days=self.random.randint(1, 9))
			self.act(day)
			self.told[day] = owed_by_invoice(self.documents())

	def documents(self, as_of: date | None = None) -> Documents:
		return Documents([self.team.customer], whole_company=True, as_of=as_of)

	def act(self, day: date) -> None:
		open_ones = [invoice for invoice in self.invoices if invoice.reload().balance > 0]
		action = self.random.choice(("sell", "pay", "pay", "return", "mistake")) if open_ones else "sell"
		if action == "sell":
			terms = {"payment_terms": self.terms, "due_date": None} if self.random.random() < 0.6 else {}
			currency = self.random.choice((None, "EUR"))
			quantity = self.random.randint(1, 7) + 0.37
			self.invoices.append(sell(self.team, day, quantity, currency=currency, **terms))
			return
		invoice = self.random.choice(open_ones)
		if action == "return":
			if not invoice.items[0].returned_quantity:
				take_back(invoice, day, self.random.choice((0.5, 1)))
			return
		part = self.random.choice((0.1, 0.333, 1))
		payment = pay(invoice, flt(invoice.balance * part, 2) or 0.01, posting_date=day)
		if action == "mistake":
			payment.cancel()


def owed_by_invoice(documents: Documents) -> dict[str, float]:
	rows = customer_figures.list_owed_invoices(documents)
	assert len(rows) == len({row.source_name for row in rows})
	return {row.source_name: row.owed.total for row in rows}


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_owed_on_each_day_is_what_was_told_on_that_day(team, seed):
	history = History(team, seed)
	history.happen(22)
	assert len(history.invoices) > 2
	for day, told in history.told.items():
		documents = history.documents(as_of=day)
		assert owed_by_invoice(documents) == told, day
		owed = customer_figures.sum_owed_by_customer(documents)
		total = flt(sum(told.values()), 2)
		assert (owed[team.customer].total if owed else 0) == total
		assert customer_figures.sum_owed(documents)[0].total == total
	assert owed_by_invoice(history.documents(BEGINS)) == {}
	assert owed_by_invoice(history.documents()) == told


def ages_in_python(invoices: list[str], day: date) -> list[float]:
	"""Not due, up to 30, 60, 90 days overdue and more, worked out from the documents one by one."""
	ages = [0.0] * 5
	for invoice in (frappe.get_doc("Invoice", name) for name in invoices):
		if getdate(invoice.posting_date) > day:
			continue
		paid = 0.0
		for row in frappe.get_all(
			"Cronus Payment Allocation", {"invoice": invoice.name, "docstatus": 1}, ["parent", "amount"]
		):
			if getdate(frappe.db.get_value("Cronus Payment", row.parent, "posting_date")) <= day:
				paid += row.amount
		for note in frappe.get_all(
			"Invoice", {"return_against": invoice.name, "docstatus": 1}, ["posting_date", "credited_amount"]
		):
			if note.posting_date <= day:
				paid += note.credited_amount
		for row in sorted(invoice.instalments, key=lambda row: (getdate(row.due_date), row.idx)):
			filled = min(row.amount, paid)
			paid -= filled
			late = (day - getdate(row.due_date)).days
			place = 0 if late <= 0 else 1 + sum(late > limit for limit in (30, 60, 90))
			ages[place] += flt(flt(row.amount - filled, 2) * invoice.exchange_rate, 2)
	return [flt(amount, 2) for amount in ages]


def test_ages_of_a_past_day_are_those_of_each_instalment(team):
	history = History(team, 3)
	history.happen(20)
	names = [invoice.name for invoice in history.invoices]
	for number in range(0, 200, 13):
		day = BEGINS + timedelta(days=number)
		owed = customer_figures.sum_owed_by_customer(history.documents(day)).get(team.customer)
		expected = ages_in_python(names, day)
		assert ([owed.not_due, *owed.ages] if owed else [0] * 5) == expected, day


def test_an_advance_pays_from_the_day_on_which_it_is_allocated(team):
	invoice = sell(team, BEGINS, 3)
	advance = make_advance(team.customer, 300, posting_date=add_days(BEGINS, 5))
	allocate_payment(advance.name, invoice.name, 200)
	long_ago, yesterday = Documents([team.customer], as_of=add_days(BEGINS, 30)), add_days(nowdate(), -1)
	assert owed_by_invoice(long_ago) == {invoice.name: 300}
	assert owed_by_invoice(Documents([team.customer], as_of=getdate(yesterday))) == {invoice.name: 300}
	assert owed_by_invoice(Documents([team.customer])) == {invoice.name: 100}


def test_a_cancelled_document_counts_on_no_day(team):
	kept, cancelled = sell(team, BEGINS, 3), sell(team, BEGINS, 5)
	pay(kept, 100, posting_date=add_days(BEGINS, 3)).cancel()
	cancelled.cancel()
	assert owed_by_invoice(Documents([team.customer], as_of=add_days(BEGINS, 9))) == {kept.name: 300}


def test_open_proformas_of_a_past_day_by_each_way_to_an_invoice(team):
	valid = {"valid_until": "2023-03-31", "posting_date": BEGINS, "customer": team.customer}

	def offer(quantity, **fields):
		return issue_proforma(team.own.name, quantity=quantity, **{**valid, **fields})

	def go_on(doctype, name, into, day, quantity):
		(draft,) = convert_documents(doctype, [name], into)
		doc = frappe.get_doc(into, draft)
		doc.posting_date = day
		doc.items[0].quantity = quantity
		doc.save()
		doc.submit()
		return doc

	direct = offer(10)
	for day, quantity in (("2023-02-01", 3), ("2023-02-10", 2)):
		invoice_of(direct, quantity=quantity, posting_date=day)
	invoice_of(direct, quantity=1, posting_date="2023-02-11").cancel()
	by_order = offer(4, currency="EUR")
	order = go_on("Proforma", by_order.name, "Cronus Order", "2023-01-15", 4)
	note = go_on("Cronus Order", order.name, "Cronus Delivery Note", "2023-01-16", 4)
	go_on("Cronus Delivery Note", note.name, "Invoice", "2023-02-05", 1)
	go_on("Cronus Delivery Note", note.name, "Invoice", "2023-02-20", 3)
	offer(6, valid_until="2023-01-20")
	offer(7).cancel()
	euro = by_order.in_company_currency

	def left_on(day):
		documents = Documents([team.customer], as_of=getdate(day))
		return customer_figures.sum_open_proformas(documents).get(team.customer)

	assert left_on("2023-01-09") is None
	assert left_on("2023-01-20") == (3, flt(1000 + euro(400) + 600, 2))
	assert left_on("2023-01-31") == (2, flt(1000 + euro(400), 2))
	assert left_on("2023-02-04") == (2, flt(700 + euro(400), 2))
	assert left_on("2023-02-05") == (2, flt(700 + euro(300), 2))
	assert left_on("2023-02-10") == (2, flt(500 + euro(300), 2))
	assert left_on("2023-02-20") == (1, 500)
	assert left_on("2023-04-01") is None


def test_purchases_and_days_to_pay_of_a_past_day(team):
	late = sell(team, "2023-02-01", 10)
	pay(late, 250, posting_date="2023-02-11")
	pay(late, 750, posting_date="2023-03-03")
	sell(team, "2022-02-28", 2)
	sell(team, "2022-01-31", 9)  # before the twelve months of February 2023
	sell(team, "2023-02-16", 50)
	frappe.set_user(team.manager.user)
	figures = analyse_customer(team.customer, "2023-02-15")
	assert figures["as_of"] == date(2023, 2, 15)
	bought = figures["purchases"]
	assert (bought["twelve_months"], bought["this_month"]) == (200, 1000)
	assert (bought["last"], bought["recency"]) == (date(2023, 2, 1), 14)
	assert figures["payment"]["days"] == 10
	assert figures["owed"]["total"] == 750 + 200 + 900
	assert figures["credit"] == {"limit": 5000, "used": 1850, "available": 3150}
	assert figures["months"]["labels"][-1] == "Feb 2023"
	assert figures["months"]["values"][-1] == 1000
	assert figures["years"]["this_year"]["year"] == 2023
	assert analyse_customer(team.customer, "2023-03-03")["payment"]["days"] == (250 * 10 + 750 * 30) / 1000


def run(module, user, **filters):
	frappe.set_user(user)
	return module.execute(filters)


def test_the_reports_of_a_past_day_say_the_same(team):
	invoice = sell(team, "2023-02-01", 10, due_date="2023-02-20")
	pay(invoice, 400, posting_date="2023-04-05")
	sell(team, "2023-04-06", 3, seller=team.colleague)
	user, day = team.manager.user, {"as_of": "2023-04-04", "customer": team.customer}
	_columns, (row, total), note, *_others = run(cronus_customer_portfolio, user, **day)
	assert (row["owed"], row["overdue_60"], total["owed"]) == (1000, 1000, 1000)
	assert (row["twelve_months"], row["this_month"], row["recency"]) == (1000, 0, 62)
	assert "As of 04-04-2023" in note or "2023-04-04" in note
	_columns, (_head, row, total), *_others = run(cronus_invoices_owed, user, **day)
	assert (row["balance"], row["days_overdue"], total["overdue_60"]) == (1000, 43, 1000)
	_columns, (row, _total), *_others = run(cronus_purchase_peaks, user, **day)
	assert (row["in_2023_02"], row["in_2023_04"], row["total"]) == (1000, 0, 1000)
	_columns, (_head, row, *_others), *_others = run(
		cronus_invoices_owed, user, as_of="2023-04-05", customer=team.customer
	)
	assert row["balance"] == 600
	assert len(run(cronus_invoices_owed, team.own.user, as_of="2023-04-06")[1]) == 3


def test_a_seller_sees_no_more_of_a_past_day_than_of_today(team):
	stranger = make_seller()
	sell(team, "2023-02-01", 1)
	sell(team, "2023-02-01", 2, seller=team.colleague)
	pay(sell(team, "2023-02-01", 4, seller=stranger), posting_date="2023-03-01")
	for user, owed in ((team.own.user, 100), (team.manager.user, 300), ("Administrator", 700)):
		frappe.set_user(user)
		assert analyse_customer(team.customer, "2023-02-10")["owed"]["total"] == owed


def test_alerts_of_a_past_day(team):
	sell(team, "2023-02-01", 50)
	frappe.db.set_single_value("Cronus CRM Settings", {"alert_no_purchase_days": 90, "alert_no_credit": 1})
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")
	user = team.manager.user

	def alerts_on(day, **filters):
		_columns, rows, *_others = run(cronus_customer_portfolio, user, as_of=day, **filters)
		return {row["customer"]: row["alerts"] for row in rows if not row.get("bold")}

	assert alerts_on("2023-02-10") == {team.customer: "No credit left"}
	assert alerts_on("2023-08-01") == {team.customer: "No purchase lately, Below its average, No credit left"}
	assert alerts_on("2023-02-10", alert="alert_no_purchase") == {}
	assert alerts_on("2023-08-01", alert="alert_no_purchase") != {}
	assert alerts_on("2023-01-01", alert="any") == {}


@pytest.mark.parametrize("module", REPORTS)
def test_only_today_and_past_days(team, module):
	sell(team, months.current_month(), 2)
	user = team.manager.user
	assert run(module, user, as_of=nowdate()) == run(module, user) == run(module, user, as_of="")
	for wrong in (add_days(nowdate(), 1), "31-12-2023", "yesterday"):
		with pytest.raises(frappe.ValidationError):
			run(module, user, as_of=wrong)
	with pytest.raises(frappe.ValidationError, match="still to come"):
		analyse_customer(team.customer, add_days(nowdate(), 2))


def test_all_that_settles_an_invoice_is_in_its_history(team):
	history = History(team, 4)
	history.happen(14)
	settled = defaultdict(float)
	documents = history.documents(as_of=add_days(BEGINS, -1))
	assert owed_by_invoice(documents) == {}
	for invoice in history.invoices:
		invoice.reload()
		for table, filters, field in (
			("Cronus Payment Allocation", {"invoice": invoice.name, "docstatus": 1}, "amount"),
			("Invoice", {"return_against": invoice.name, "docstatus": 1}, "credited_amount"),
		):
			settled[invoice.name] += sum(frappe.get_all(table, filters, pluck=field))
		assert flt(settled[invoice.name], 2) == invoice.paid_amount


def test_a_credit_that_is_used_settles_from_the_day_of_its_use(team):
	frappe.db.set_single_value("Cronus CRM Settings", "credits_without_invoice", 1)
	invoice = sell(team, BEGINS, 3)
	line = {"product": invoice.items[0].product, "quantity": 1, "price": 20}
	credit = frappe.get_doc(
		{
			"doctype": "Invoice",
			"is_return": 1,
			"customer": team.customer,
			"seller": invoice.seller,
			"posting_date": BEGINS,
			"credit_reason": "Agreed on",
			"items": [line],
		}
	).insert()
	credit.submit()
	total = invoice.balance
	used = use_credit(credit.name, invoice.name, 5)
	assert used["balance"] == flt(total - 5, 2)
	owed = owed_by_invoice(Documents([team.customer], whole_company=True))
	assert owed[invoice.name] == flt(total - 5, 2)
	yesterday = Documents([team.customer], whole_company=True, as_of=add_days(getdate(), -1))
	assert owed_by_invoice(yesterday)[invoice.name] == total
