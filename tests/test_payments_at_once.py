"""What several people do with the same money at the same moment: no more than the balance is ever taken.

Everything here is committed and seen by other processes, as on a site at work.
"""

from collections import Counter

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_billing.money import credit_use, payment_allocation
from tests.scaffold import (
	credit_note_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_seller,
	make_terms,
	pay,
)
from tests.test_exactly_once import Together, submit


@pytest.fixture
def together(site):
	return Together(site)


def make_invoice(**customer):
	seller = make_seller().name
	return invoice_of(issue_proforma(seller, customer=make_customer(seller, **customer).name))


def submit_all(together, documents) -> Counter:
	frappe.db.commit()
	return Counter(together.run(submit, *[(document.doctype, document.name) for document in documents]))


def test_of_several_payments_of_one_balance_one_is_issued(together):
	invoice = make_invoice()
	answers = submit_all(together, [pay(invoice, issue=False) for _payment in range(5)])
	assert answers == {"ok": 1, "ValidationError": 4}
	invoice.reload()
	assert (invoice.paid_amount, invoice.state, entry_of(invoice).balance) == (200, "Paid", 0)


def test_parts_that_are_paid_at_once_all_count(together):
	invoice = make_invoice(payment_terms=make_terms((25, 0), (25, 30), (50, 60)))
	answers = submit_all(together, [pay(invoice, 50, issue=False) for _payment in range(4)])
	assert answers == {"ok": 4}
	invoice.reload()
	assert [row.balance for row in invoice.instalments] == [0, 0, 0]
	states = frappe.get_all("Cronus Activity", {"reference_name": invoice.name}, pluck="state")
	assert states == ["Done"] * 3
	assert entry_of(invoice).balance == 0


def test_payments_of_the_same_invoices_in_any_order_do_not_block_each_other(together):
	first = make_invoice()
	second = invoice_of(issue_proforma(first.seller, customer=first.customer))
	drafts = []
	for names in ([first.name, second.name], [second.name, first.name]) * 3:
		payment = frappe.get_doc("Cronus Payment", payment_allocation.make_payment(names))
		for row in payment.allocations:
			row.amount = 10
		payment.amount = 20
		drafts.append(payment.save())
	assert submit_all(together, drafts) == {"ok": 6}
	for invoice in (first, second):
		assert frappe.db.get_value("Invoice", invoice.name, "balance") == 140


def allocate(payment: str, invoice: str, amount: float) -> None:
	payment_allocation.allocate_payment(payment, invoice, amount)


def test_an_advance_is_not_allocated_twice(together):
	invoice = make_invoice()
	advance = make_advance(invoice.customer, 100)
	frappe.db.commit()
	answers = Counter(together.run(allocate, *[(advance.name, invoice.name, 60)] * 4))
	assert answers == {"ok": 1, "ValidationError": 3}
	advance.reload()
	assert (advance.unallocated_amount, len(advance.allocations)) == (40, 1)
	assert frappe.db.get_value("Invoice", invoice.name, "balance") == 140


def test_a_payment_and_a_credit_note_do_not_take_the_same_balance(together):
	invoice = make_invoice()
	payment, note = pay(invoice, issue=False), credit_note_of(invoice, issue=False)
	answers = submit_all(together, [payment, note])
	assert answers["ok"] >= 1, answers
	assert answers["ok"] + answers["ValidationError"] == 2, answers
	invoice.reload()
	note.reload()
	assert (invoice.balance, invoice.state) == (0, "Paid")
	assert invoice.paid_amount == 200
	assert note.docstatus == 0 or note.paid_amount + note.balance == 200


def test_of_two_invoices_that_fit_one_by_one_only_one_is_issued(together):
	seller = make_seller().name
	customer = make_customer(seller, credit_limit=300).name
	drafts = [invoice_of(issue_proforma(seller, customer=customer), issue=False) for _invoice in range(4)]
	before = frappe.db.get_single_value("Cronus CRM Settings", "credit_limit_policy")
	frappe.db.set_single_value("Cronus CRM Settings", "credit_limit_policy", "Refuse")
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")
	try:
		assert submit_all(together, drafts) == {"ok": 1, "ValidationError": 3}
	finally:
		frappe.db.set_single_value("Cronus CRM Settings", "credit_limit_policy", before)
		frappe.db.commit()
		frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def test_the_ledger_agrees_with_the_documents_after_all_this(site):
	assert list(verify.find_differences()) == []


def use_a_credit(credit_note: str, invoice: str, amount: float) -> None:
	credit_use.use_credit(credit_note, invoice, amount)


def test_a_credit_that_several_use_at_once_is_used_once(together):
	frappe.db.set_single_value("Cronus CRM Settings", "credits_without_invoice", 1)
	invoice = make_invoice()
	line = {"product": ensure_product(), "quantity": 1, "price": 150}
	credit = frappe.get_doc(
		{
			"doctype": "Invoice",
			"is_return": 1,
			"credit_reason": "Bonus",
			"customer": invoice.customer,
			"seller": invoice.seller,
			"items": [line],
		}
	).insert()
	credit.submit()
	frappe.db.set_single_value("Cronus CRM Settings", "credits_without_invoice", 0)
	frappe.db.commit()
	answers = Counter(together.run(use_a_credit, *[(credit.name, invoice.name, 60)] * 4))
	assert answers == {"ok": 2, "ValidationError": 2}
	for document in (credit, invoice):
		document.reload()
	assert (credit.balance, invoice.balance) == (30, 80)
	assert (entry_of(credit).balance, entry_of(invoice).balance) == (-30, 80)
