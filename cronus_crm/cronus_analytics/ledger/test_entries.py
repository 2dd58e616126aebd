from datetime import date

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import entries
from cronus_crm.cronus_billing.documents.test_document_chain import DELIVERY, ORDER, issue
from tests.scaffold import entry_of, invoice_of, issue_proforma, make_seller, new_proforma, pay


@pytest.fixture
def seller():
	return make_seller().name


def test_an_issued_document_has_its_entry(seller):
	line = {"product": "TEST-1", "quantity": 2, "price": 100, "tax_rate": 15}
	proforma = issue_proforma(
		seller, posting_date="2026-03-02", currency="EUR", exchange_rate=1.2, items=[line]
	)
	entry = entry_of(proforma)
	assert (entry.kind, entry.seller, entry.customer) == ("Proforma", seller, proforma.customer)
	assert (entry.posting_date, entry.currency) == (date(2026, 3, 2), "EUR")
	assert (entry.amount, entry.total, entry.balance) == (240, 276, 240)
	assert not entry.cancelled
	assert entry_of(new_proforma(seller).insert()) is None


def test_first_invoice_and_balance_of_a_proforma(seller):
	proforma = issue_proforma(seller, posting_date="2026-03-02", quantity=4)
	later = invoice_of(proforma, quantity=1, posting_date="2026-03-20")
	sooner = invoice_of(proforma, quantity=1, posting_date="2026-03-10")
	entry = entry_of(proforma)
	assert (entry.first_invoiced_on, entry.balance) == (date(2026, 3, 10), 200)
	sooner.cancel()
	assert entry_of(proforma).first_invoiced_on == date(2026, 3, 20)
	later.cancel()
	entry = entry_of(proforma)
	assert (entry.first_invoiced_on, entry.balance) == (None, 400)
	assert entry_of(later).cancelled


def test_the_ledger_agrees_after_every_kind_of_event(seller):
	proforma = issue_proforma(seller, quantity=3)
	invoice = invoice_of(proforma, quantity=1)
	pay(invoice, 10)
	pay(invoice, 20).cancel()
	invoice_of(proforma).cancel()
	issue_proforma(seller).cancel()
	assert list(entries.find_differences()) == []


@pytest.mark.parametrize(
	("column", "wrong", "says"),
	[
		("amount", 1, "amount is 200"),
		("seller", "", "seller is"),
		("posting_date", "2020-01-01", "posting_date is"),
		("cancelled", 1, "is issued, its entry is not"),
		("first_invoiced_on", "2020-01-01", "first invoiced on"),
		("source_name", "PF-NONE", "has no entry"),
	],
)
def test_what_was_tampered_with_is_found_and_mended(seller, column, wrong, says):
	proforma = issue_proforma(seller)
	invoice_of(proforma, quantity=1)
	frappe.db.set_value("Cronus Sales Entry", entry_of(proforma).name, column, wrong)
	found = list(entries.find_differences())
	assert any(says in difference.sentence for difference in found), found
	entries.repair()
	assert list(entries.find_differences()) == []


def test_a_repair_changes_nothing_that_was_right(seller):
	proforma = issue_proforma(seller)
	invoice = invoice_of(proforma, quantity=1)
	cancelled = invoice_of(proforma)
	cancelled.cancel()

	def essence():
		return [
			{key: entry[key] for key in (*entries.COPIED_FIELDS, "cancelled", "first_invoiced_on", "owner")}
			for entry in map(entry_of, (proforma, invoice, cancelled))
		]

	before = essence()
	assert entries.repair() >= 3
	assert essence() == before


def test_people_do_not_write_entries(seller):
	entry = frappe.get_doc("Cronus Sales Entry", entry_of(issue_proforma(seller)).name)
	with pytest.raises(frappe.ValidationError, match="not by hand"):
		entry.save()
	with pytest.raises(frappe.ValidationError, match="not deleted"):
		entry.delete()


def test_another_apps_document_enters_with_one_hook(seller, monkeypatch):
	"""A ToDo stands in for a document of another ERP; what counts is that one hook registers it."""
	from cronus_crm.base import sales_documents
	from cronus_crm.base.sales_documents import SalesDocument

	def read_todo(doc):
		return SalesDocument(
			kind="Proforma",
			doctype=doc.doctype,
			name=doc.name,
			customer="A customer of that ERP",
			customer_name="A customer of that ERP",
			seller=seller,
			work_center=None,
			posting_date=date(2026, 3, 2),
			due_date=None,
			currency="USD",
			amount=10,
			total=11.5,
			balance=10,
			issued=True,
		)

	monkeypatch.setattr(
		sales_documents, "read_document", lambda doc: read_todo(doc) if doc.doctype == "ToDo" else None
	)
	todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
	todo.run_method("on_submit")
	assert entry_of(todo).amount == 10
	activity = frappe.db.get_value("Cronus Activity", {"reference_name": todo.name}, ["seller", "customer"])
	assert activity == (seller, None)


def test_the_ledger_agrees_along_the_whole_chain():
	proforma = issue_proforma(make_seller().name, quantity=10)
	order = issue(proforma, into=ORDER)
	delivery = issue(order, into=DELIVERY, quantity=4)
	issue(delivery, into="Invoice").cancel()
	issue(order, into="Invoice", quantity=1)
	assert list(entries.find_differences()) == []
	entries.repair()
	assert list(entries.find_differences()) == []
