"""Documents on the way through the push, as an integrator tells them."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT
from tests.push_helper import Teller, forget_source, row
from tests.scaffold import make_seller

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def teller():
	frappe.set_user("Administrator")
	seller = make_seller()
	teller = Teller()
	teller.seller = seller.user
	yield teller
	forget(teller)


def forget(teller: Teller) -> None:
	"""Cancels what was told, so that no figure counts it, before the documents are gone."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	documents = frappe.get_all(
		DOCUMENT, {"source": teller.name}, ["name", "external_id"], order_by="name asc"
	)
	if documents:
		teller.push([{"kind": "document", "id": one.external_id, "cancelled": True} for one in documents])
	frappe.db.delete("Cronus Activity", {"reference_name": ("in", [one.name for one in documents] or [""])})
	forget_source(teller.name)


def bill(external_id: str, version=None, **data) -> dict:
	told = {
		"kind": "invoice",
		"number": external_id,
		"customer": "C-1",
		"posting_date": nowdate(),
		"due_date": add_days(nowdate(), 30),
		"currency": "USD",
		"net_total": "100.00",
		"grand_total": "112.00",
	}
	return document(external_id, version, **{**told, **data})


def document(external_id: str, version=None, **data) -> dict:
	told = {"kind": "document", "id": external_id, "data": data}
	return told if version is None else {**told, "version": version}


def test_an_invoice_waits_for_its_customer_and_is_told_by_it(teller):
	assert teller.tell(bill("F-1", 1)) == ["waiting"]
	customer = row("customer", "C-1", customer_name=f"Customer of {teller.name}", seller=teller.seller)
	answer = teller.push([customer])
	assert [one["outcome"] for one in (*answer["results"], *answer["waited"])] == ["created", "created"]
	doc = teller.load("Document", "F-1")
	assert (doc.customer_name, doc.state) == (f"Customer of {teller.name}", "Issued")
	assert frappe.db.get_value("Cronus Seller", doc.seller, "user") == teller.seller
	assert doc.owner == teller.user


def test_versions_of_a_document_count_and_balances_are_told_apart(teller):
	customer = row("customer", "C-1", customer_name=f"Customer of {teller.name}")
	assert teller.tell(bill("F-1", 5), customer) == ["created", "created"]
	assert teller.tell(bill("F-1", 4, grand_total="120"), bill("F-1", 5)) == ["older", "unchanged"]
	assert teller.tell(row("balance", "F-1", 1, balance="40.00"), bill("F-1", 6, grand_total="113")) == [
		"updated",
		"updated",
	]
	doc = teller.load("Document", "F-1")
	assert (doc.grand_total, doc.balance) == (113, 40)
	told = teller.tell_one(bill("F-2", due_date="soon"))
	assert (told.outcome, told.code, told.field, told.value) == ("refused", "bad_value", "due_date", "soon")
	cancelled = {**bill("F-1", 7), "cancelled": True}
	assert teller.tell(cancelled, row("balance", "F-9", balance="1")) == ["updated", "waiting"]
	assert teller.load("Document", "F-1").docstatus == 2


def test_a_batch_of_all_kinds_in_any_order(teller):
	"""And history, with a payment before its invoice."""
	rows = [
		document(
			"PAY-1",
			kind="payment",
			number="PAY-1",
			customer="C-1",
			posting_date=nowdate(),
			currency="USD",
			grand_total="112",
			origins=[{"kind": "invoice", "id": "F-1"}],
		),
		bill("F-1", origins=[{"kind": "proforma", "id": "P-1"}], items=[{"product": "A-1", "quantity": 1}]),
		bill("P-1", kind="proforma"),
		row("customer", "C-1", customer_name=f"Customer of {teller.name}"),
		row("product", "A-1", product_code=f"A-{teller.name}", product_name="Screw"),
	]
	assert teller.tell(*rows, history=True) == ["created"] * 5
	invoice, offer = teller.load("Document", "F-1"), teller.load("Document", "P-1")
	assert (invoice.state, offer.state, invoice.is_history) == ("Settled", "Settled", 1)
	assert invoice.items[0].product == f"A-{teller.name}"
	assert not frappe.db.exists("Cronus Activity", {"reference_name": ("in", [invoice.name, offer.name])})
	assert not list(verify.find_differences())
