import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.base import sales_documents
from cronus_crm.cronus_analytics.ledger import entries
from cronus_crm.patches.v0_3 import give_instalments, pay_old_invoices
from tests.scaffold import credit_note_of, entry_of, invoice_of, issue_proforma, make_seller, pay


@pytest.fixture
def invoice():
	return invoice_of(issue_proforma(make_seller().name))


def as_of_old(invoice, paid):
	"""As it was when somebody wrote what was paid on the invoice itself."""
	frappe.db.delete("Cronus Instalment", {"parent": invoice.name})
	old = {"paid_amount": paid, "balance": 200 - paid, "state": "Partly paid" if paid < 200 else "Paid"}
	frappe.db.set_value("Invoice", invoice.name, old)
	paid = frappe.get_doc("Invoice", invoice.name)
	entries.on_change(paid, sales_documents.read_document(paid))


def test_an_old_invoice_has_one_instalment_and_no_second_one(invoice):
	as_of_old(invoice, 50)
	for _time in range(2):
		give_instalments.execute()
		invoice.reload()
		(row,) = invoice.instalments
		assert (row.due_date, row.amount, row.paid, row.balance) == (invoice.due_date, 200, 50, 150)
		assert (row.docstatus, row.idx, row.parentfield) == (1, 1, "instalments")


@pytest.mark.parametrize("paid", [50, 200])
def test_what_was_written_as_paid_becomes_a_payment_and_no_balance_changes(invoice, paid):
	as_of_old(invoice, paid)
	give_instalments.execute()
	for _time in range(2):
		pay_old_invoices.execute()
		payment = frappe.get_doc("Cronus Payment", {"customer": invoice.customer})
		assert (payment.amount, payment.state, payment.docstatus) == (paid, "Allocated", 1)
		assert payment.posting_date == getdate(invoice.modified)
		assert entry_of(payment).total == paid
	assert entry_of(invoice).balance == 200 - paid
	payment.cancel()
	invoice.reload()
	assert (invoice.balance, invoice.paid_amount, entry_of(invoice).balance) == (200, 0, 200)
	assert list(entries.find_differences()) == []


def test_what_has_payments_or_credit_notes_gets_no_other(invoice):
	pay(invoice, 30)
	credited = invoice_of(issue_proforma(invoice.seller, customer=invoice.customer))
	credit_note_of(credited, quantity=1)
	pay_old_invoices.execute()
	assert frappe.db.count("Cronus Payment", {"customer": invoice.customer}) == 1
