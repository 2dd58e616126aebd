"""How much a customer may owe. Asked when an order or an invoice is issued.

What it owes is the sum of the balances of its issued invoices, in the company's currency. The customer's row
is locked while it is asked, so that two documents that fit one by one, and not together, are not both issued;
and the balances are read as they are at that moment, not as they were when the transaction began.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import escape_html, flt, fmt_money

from cronus_crm.base.company import company_currency

INDEX = ("customer", "is_return", "docstatus")
INDEX_NAME = "owed_by_customer"


def check_credit_limit(doc: Document, amount: float) -> None:
	"""Refuses, or warns about, a document that takes its customer above the credit limit.

	amount: what the document adds to what is owed, in its currency.
	A document with `credit_override` passes, and the reason is noted below it.

	Raises frappe.ValidationError where the settings refuse it.
	"""
	limit = flt(frappe.get_cached_value("Cronus Customer", doc.customer, "credit_limit"))
	policy = frappe.get_cached_doc("Cronus CRM Settings").credit_limit_policy or "Warn"
	if not limit or policy == "Ignore":
		return
	used = credit_used_by(doc.customer)
	if flt(used + doc.in_company_currency(amount) - limit, 2) <= 0:
		return
	message = _("{0} owes {1} and has a credit limit of {2}: with {3} it would be above it.").format(
		frappe.bold(escape_html(doc.customer_name)),
		_money(used),
		_money(limit),
		_money(doc.in_company_currency(amount)),
	)
	if doc.get("credit_override"):
		_note_override(doc, message)
	elif policy == "Refuse":
		remedy = _("A sales manager may let it through, with the reason.")
		frappe.throw(f"{message} {remedy}", title=_("Above the credit limit"))
	else:
		frappe.msgprint(message, title=_("Above the credit limit"), indicator="orange")


def credit_used_by(customer: str) -> float:
	"""What a customer owes, in the company's currency. Its row stays locked until the transaction ends."""
	owner = DocType("Cronus Customer")
	frappe.qb.from_(owner).select(owner.name).where(owner.name == customer).for_update().run()
	invoice = DocType("Invoice")
	# A locking read sees what others have committed since this transaction began. It is told the index by
	# which it meets issued invoices only: a draft that somebody else is issuing waits for the customer's row.
	owed = (
		frappe.qb.from_(invoice)
		.force_index(INDEX_NAME)
		.select(Sum(invoice.balance * invoice.exchange_rate))
		.where((invoice.customer == customer) & (invoice.is_return == 0) & (invoice.docstatus == 1))
		.for_update()
		.run()
	)
	return flt(owed[0][0], 2)


def _note_override(doc: Document, message: str) -> None:
	reason = (doc.credit_override_reason or "").strip()
	if not reason:
		frappe.throw(
			_("Write the reason why this document is issued above the credit limit."), frappe.MandatoryError
		)
	let_through = _("Let through: {0}").format(escape_html(reason))
	doc.add_comment("Comment", f"{message}<br>{let_through}")


def _money(amount: float) -> str:
	return fmt_money(amount, currency=company_currency())
