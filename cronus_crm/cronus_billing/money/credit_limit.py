"""The credit limit of customers, checked when an order or an invoice is issued.

Amount owed = Σ (balance × exchange rate) of the issued invoices of the customer, without credit notes, in the
company's currency, and what the functions of the hook `cronus_debts_elsewhere` add to it: they take the name
of a customer and give back what it owes by documents of other systems.

The customer's row is locked during the check, so that two concurrent documents, each of which would fit
alone, are not both issued. Limit, policy and balances are read with locking reads: a plain read would return
those of the transaction's snapshot.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import escape_html, flt

from cronus_crm.base import history
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.money_format import format_money
from cronus_crm.base.present_records import get_present_value, lock_setting
from cronus_crm.base.texts import as_html

INDEX = ("customer", "is_return", "docstatus")
INDEX_NAME = "owed_by_customer"


def check_credit_limit(doc: Document, amount: float) -> None:
	"""Refuses a document that takes its customer above the credit limit, or warns, as the settings say.

	amount: what the document adds to the amount owed, in the document's currency. A document with
	`credit_override` is let through, and its reason is added as a comment.

	Raises frappe.ValidationError where the settings refuse it, and frappe.MandatoryError for an override
	without a reason.
	"""
	if not flt(get_present_value("Cronus Customer", doc.customer, "credit_limit")):
		return
	policy = lock_setting("credit_limit_policy") or "Warn"
	if policy == "Ignore" or history.is_entered(doc.doctype):
		return
	limit, used = lock_limit_and_owed(doc.customer)
	if not limit:
		return
	if round_company_amount(used + doc.in_company_currency(amount) - limit) <= 0:
		return
	message = _("{0} owes {1} and has a credit limit of {2}: with {3} it would be above it.").format(
		frappe.bold(as_html(doc.customer_name)),
		_format_money(used),
		_format_money(limit),
		_format_money(doc.in_company_currency(amount)),
	)
	if doc.get("credit_override"):
		_note_override(doc, message)
	elif policy == "Refuse":
		remedy = _("A sales manager may let it through, with the reason.")
		frappe.throw(f"{message} {remedy}", title=_("Above the credit limit"))
	else:
		frappe.msgprint(message, title=_("Above the credit limit"), indicator="orange")


def lock_limit_and_owed(customer: str) -> tuple[float, float]:
	"""Locks the row of a customer until the transaction ends; returns its credit limit and what it owes, both
	in the company's currency."""
	owner = DocType("Cronus Customer")
	limits = (
		frappe.qb.from_(owner).select(owner.credit_limit).where(owner.name == customer).for_update().run()
	)
	invoice = DocType("Invoice")
	# This locking read sees what others have committed since this transaction began. It must lock issued
	# invoices only: another transaction that is issuing a draft holds the draft's row and waits for the
	# customer's row, so waiting for that draft here would be a deadlock. The index begins with the three
	# criteria; the optimizer alone might choose an index that also reads drafts.
	owed = (
		frappe.qb.from_(invoice)
		.force_index(INDEX_NAME)
		.select(Sum(invoice.balance * invoice.exchange_rate))
		.where((invoice.customer == customer) & (invoice.is_return == 0) & (invoice.docstatus == 1))
		.for_update()
		.run()
	)
	# What other systems tell is as of when they have told it: no lock makes it newer.
	elsewhere = sum(call_hooks("cronus_debts_elsewhere", customer))
	return flt(limits[0][0]), round_company_amount(flt(owed[0][0]) + elsewhere)


def _note_override(doc: Document, message: str) -> None:
	reason = (doc.credit_override_reason or "").strip()
	if not reason:
		frappe.throw(
			_("Write the reason why this document is issued above the credit limit."), frappe.MandatoryError
		)
	let_through = _("Let through: {0}").format(escape_html(reason))
	doc.add_comment("Comment", f"{message}<br>{let_through}")


def _format_money(amount: float) -> str:
	return format_money(amount, company_currency())
