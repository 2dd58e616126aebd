from datetime import date

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.report.cronus_statement_of_account.cronus_statement_of_account import (
	execute,
	sum_by_age,
)
from tests.scaffold import (
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_terms,
	pay,
)

MARCH = {"from_date": "2019-03-01", "to_date": "2019-03-31"}


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def customer(seller):
	return make_customer(seller.name).name


def bill(seller, customer, on, **fields):
	proforma = issue_proforma(seller.name, customer=customer, posting_date=on)
	return invoice_of(proforma, posting_date=on, due_date=fields.pop("due_date", on), **fields)


def statement(customer, **period):
	_columns, rows, _message, _chart, summary, _skip = execute({"customer": customer, **MARCH, **period})
	return rows, {figure["label"]: figure["value"] for figure in summary}


def test_opening_movements_and_running_balance(seller, customer):
	old = bill(seller, customer, "2019-02-10")
	pay(old, 50, posting_date="2019-02-20")
	pay(old, 30, posting_date="2019-03-05")
	new = bill(seller, customer, "2019-03-10")
	pay(new, 200, posting_date="2019-03-11").cancel()
	new.reload()
	pay(new, 10, posting_date="2019-04-01")
	rows, summary = statement(customer)
	assert [(row["title"], row.get("charge"), row.get("credit"), row["balance"]) for row in rows] == [
		("Opening balance", None, None, 150),
		("Payment", 0, 30, 120),
		("Invoice", 200, 0, 320),
		("Closing balance", None, None, 320),
	]
	assert (rows[1]["posting_date"], summary["Closing balance"]) == (date(2019, 3, 5), 320)


def test_credit_notes_and_money_given_back(seller, customer):
	today = nowdate()
	invoice = bill(seller, customer, today)
	pay(invoice)
	note = credit_note_of(invoice, quantity=1)
	pay(note)
	rows, summary = statement(customer, from_date=today, to_date=today)
	moved = [(row["title"], row["charge"], row["credit"]) for row in rows[1:-1]]
	assert sorted(moved) == [
		("Credit Note", 0, 100),
		("Invoice", 200, 0),
		("Payment", 0, 200),
		("Payment", 100, 0),
	]
	assert summary["Closing balance"] == 0


def test_ages_are_of_what_is_left_of_each_instalment(seller, customer):
	for days, paid in ((0, 0), (30, 0), (31, 50), (60, 0), (61, 0), (90, 0), (91, 20), (400, 0)):
		invoice = bill(seller, customer, add_days(nowdate(), -days))
		if paid:
			pay(invoice, paid)
	assert sum_by_age(customer) == [400, 350, 400, 380]
	in_parts = make_customer(seller.name, payment_terms=make_terms((50, 0), (50, 30))).name
	bill(seller, in_parts, add_days(nowdate(), -40), due_date=None)
	assert sum_by_age(in_parts) == [100, 100, 0, 0]


def test_a_statement_is_for_those_who_see_the_customer(seller, customer):
	bill(seller, customer, "2019-03-10")
	other = make_seller()
	frappe.set_user(seller.user)
	assert len(statement(customer)[0]) == 3
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		statement(customer)


@pytest.mark.parametrize(
	("wrong", "says"),
	[({"customer": None}, "Choose the customer"), ({"to_date": "2019-01-01"}, "ends before it begins")],
)
def test_bad_filters_are_refused(customer, wrong, says):
	with pytest.raises(frappe.ValidationError, match=says):
		execute({"customer": customer, **MARCH, **wrong})
