"""Creates a payment for each invoice with a paid amount that was entered by hand, before payments existed.

Balances do not change. The date of the payment is the day of the last change of the invoice, which is the
latest day on which the money can have arrived.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import flt, getdate

from cronus_crm.base import sales_documents
from cronus_crm.cronus_analytics.ledger import entries


def execute() -> None:
	"""Creates the missing payments and their entries in the ledger. Idempotent."""
	for invoice in _select_paid_invoices():
		payment = _build_payment(invoice)
		payment.db_insert()
		for row in payment.allocations:
			row.db_insert()
		document = sales_documents.read_document(payment)
		entries.on_issue(payment, document, [sales_documents.load_document(*key) for key in document.origins])


def _select_paid_invoices() -> list[frappe._dict]:
	invoice, allocation = DocType("Invoice"), DocType("Cronus Payment Allocation")
	allocated = frappe.qb.from_(allocation).select(allocation.invoice).where(allocation.docstatus == 1)
	return (
		frappe.qb.from_(invoice)
		.select(invoice.star)
		.where((invoice.docstatus == 1) & (invoice.is_return == 0))
		.where((invoice.paid_amount > invoice.credited_amount) & invoice.name.notin(allocated))
		.orderby(invoice.modified, invoice.name)
		.run(as_dict=True)
	)


def _build_payment(invoice: frappe._dict) -> Document:
	"""A submitted payment, not inserted yet. The caller inserts it without its controller, which would pay
	the invoice a second time."""
	payment = frappe.new_doc("Cronus Payment")
	payment.update({f: invoice[f] for f in ("customer", "customer_name", "seller", "work_center")})
	payment.update({f: invoice[f] for f in ("currency", "exchange_rate")})
	payment.update(
		{
			"kind": "Received",
			"method": "Other",
			"posting_date": max(getdate(invoice.modified), getdate(invoice.posting_date)),
			"notes": _("Written on the invoice as paid before payments were kept."),
			"docstatus": 1,
		}
	)
	payment.append(
		"allocations",
		{
			"invoice": invoice.name,
			"invoice_date": invoice.posting_date,
			"total": invoice.grand_total,
			"balance": flt(invoice.balance + invoice.paid_amount - invoice.credited_amount, 2),
			"amount": flt(invoice.paid_amount - invoice.credited_amount, 2),
		},
	)
	payment.compute_totals()
	payment.state = payment.compute_state()
	payment.set_new_name()
	payment.set_user_and_timestamp()
	for row in payment.allocations:
		row.update({"docstatus": 1, "parent": payment.name})
		row.set_new_name()
	return payment
