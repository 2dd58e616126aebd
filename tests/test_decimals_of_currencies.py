"""Documents in currencies of no and of three decimals, from the line to the paper and the ledger."""

import frappe
import pytest

from cronus_crm.cronus_billing.printing.printed_document import printed_document
from tests.scaffold import (
	credit_note_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_terms,
	pay,
)


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture(autouse=True)
def currencies():
	for code in ("CLP", "KWD"):
		if not frappe.db.exists("Currency", code):
			frappe.get_doc({"doctype": "Currency", "currency_name": code}).insert(ignore_permissions=True)


def make_tax(rate: float) -> str:
	title = f"Decimals {rate}"
	if not frappe.db.exists("Cronus Tax", title):
		frappe.get_doc({"doctype": "Cronus Tax", "title": title, "rate": rate}).insert(
			ignore_permissions=True
		)
	return title


def bill(seller, currency, price, quantity=3, rate=15, **fields):
	line = {"product": ensure_product(), "quantity": quantity, "price": price, "tax": make_tax(rate)}
	proforma = issue_proforma(seller, currency=currency, exchange_rate=0.0011, items=[line], **fields)
	return invoice_of(proforma)


def test_an_invoice_in_pesos_without_cents(seller):
	terms = make_terms((33.33, 0), (33.33, 30), (33.34, 60))
	invoice = bill(seller, "CLP", 1990, customer=make_customer(seller, payment_terms=terms).name)
	assert (invoice.net_total, invoice.tax_total, invoice.grand_total) == (5970, 896, 6866)
	assert [row.amount for row in invoice.instalments] == [2288, 2288, 2290]
	printed = printed_document(invoice, [])
	assert printed.words.endswith("CHILEAN PESOS")
	assert printed.grand_total.endswith("6,866")
	assert (printed.table.pages[0][0]["price"], printed.table.pages[0][0]["amount"]) == ("1,990", "5,970")
	pay(invoice, 1000.4)
	assert invoice.balance == 5866
	pay(invoice)
	assert (invoice.balance, invoice.state, entry_of(invoice).balance) == (0, "Paid", 0)


def test_an_invoice_in_dinars_with_three_decimals(seller):
	invoice = bill(seller, "KWD", 0.1115, rate=5)
	assert (invoice.net_total, invoice.grand_total) == (0.335, 0.352)
	assert printed_document(invoice, []).words.endswith("352/1000")
	pay(invoice, 0.351)
	assert invoice.balance == 0.001
	note = credit_note_of(invoice)
	assert (invoice.balance, note.balance) == (0, 0.351)


def test_a_document_with_cents_from_before_is_paid_in_full(seller):
	invoice = bill(seller, "CLP", 1990)
	invoice.db_set({"grand_total": 6865.5, "balance": 6865.5})
	invoice.instalments[0].db_set({"amount": 6865.5, "balance": 6865.5})
	payment = pay(invoice)
	assert (payment.amount, invoice.balance, invoice.state) == (6865.5, 0, "Paid")


def test_prices_are_converted_to_the_decimals_of_the_document(seller):
	product = ensure_product("DECIMALS-1", price=10.99)
	proforma = issue_proforma(
		seller, currency="CLP", exchange_rate=0.0011, items=[{"product": product, "quantity": 1}]
	)
	assert proforma.items[0].price == 9991


def test_an_opportunity_has_the_decimals_of_its_currency(seller):
	rows = [{"product": ensure_product(), "quantity": 0.5, "price": 1991}]
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "CLP", "valid_from": "2001-01-01", "rate": 0.0011}
	).insert()
	opportunity = make_opportunity(seller, currency="CLP", products=rows)
	assert (opportunity.value, opportunity.base_value) == (996, 1.1)
