"""Commercial documents: conversion, preview of a draft, the documents of a customer, and their default
tax."""

import frappe

from cronus_crm.cronus_analytics.figures import document_history
from cronus_crm.cronus_billing.doctype.proforma import proforma
from cronus_crm.cronus_billing.documents import (
	billing_today,
	chain_view,
	document_chain,
	document_preview,
	issue_requests,
)
from cronus_crm.cronus_billing.money import credit_notes
from cronus_crm.cronus_billing.pricing import taxes


@frappe.whitelist(methods=["POST"])
def convert(source_doctype: str, names: list[str] | str, into: str) -> list[str]:
	"""Creates drafts of another DocType with the remaining quantities of issued documents; gives back their
	names.

	source_doctype, into: DocTypes; see `becomes` of :func:`read_chain`. names: one name or several (a list,
	or its JSON). Documents with the same customer, seller, currency and discount share a draft.

	Raises frappe.PermissionError when the user may not read one of them or create documents of `into`, and
	frappe.ValidationError when one is not issued, has nothing left, or is for a prospect that is no customer
	yet. Then no draft is created.
	"""
	return document_chain.convert_documents(source_doctype, names, into=into)


@frappe.whitelist()
def read_chain(doctype: str, name: str) -> chain_view.Chain:
	"""The DocTypes into which a commercial document or a payment can be converted, and the documents of the
	same sale.

	Gives back `becomes`, the DocTypes of which the user can create a draft now, and `around`, a row with
	`doctype`, `name` and `state` for each document of the same sale that the user may read.

	Raises frappe.PermissionError without the right to read the document.
	"""
	return chain_view.read_chain(doctype, name)


@frappe.whitelist()
def preview(document: dict | str) -> dict:
	"""The prices, taxes and totals that saving a draft would calculate. Nothing is saved.

	document: a commercial document, or its JSON, with the fields that prices depend on. Incomplete lines are
	left unchanged.

	Gives back `head` and `totals` (values by field), `lines` (values by name of the line) and `taxes` (rows).
	When the calculation fails, as without an exchange rate, it gives back only `message`.

	Raises frappe.PermissionError without the right to write the document, or to read a document that it links
	to.
	"""
	return document_preview.preview_document(document)


@frappe.whitelist()
def list_of_customer(
	customer: str,
	kind: str | None = None,
	state: str | None = None,
	since: str | None = None,
	until: str | None = None,
	before: dict | str | None = None,
	limit: int = 20,
) -> dict:
	"""A page of the documents of a customer that the session's user may see, newest first.

	customer: name of the Cronus Customer. kind: Proforma, Invoice, Payment or another kind of the ledger; by
	default, all. state: Draft, With balance, Overdue, Settled or Cancelled; by default, any.
	since, until: dates of the documents, both included.
	before: `next` of the previous page. limit: documents in a page, at most 100.

	Gives back `rows`, with total and balance in the company's `currency`, and `next`, None on the last page.
	Drafts are not in the ledger: they come first, on the first page only, at most `limit` of them.

	Raises frappe.PermissionError when the user may not read the customer.
	"""
	return document_history.list_documents_of_customer(
		customer, kind, state=state, since=since, until=until, before=before, limit=limit
	)


@frappe.whitelist(methods=["POST"])
def make_from_opportunities(opportunities: list[str] | str) -> list[str]:
	"""Creates a draft proforma for each opportunity, with its customer and products; gives back their names.

	opportunities: one name or several (a list, or its JSON).

	Raises frappe.PermissionError when the user may not read one of them or create proformas, and
	frappe.ValidationError when one has no customer or no products. Then no proforma is created.
	"""
	return proforma.make_from_opportunities(opportunities)


@frappe.whitelist(methods=["POST"])
def make_credit_note(invoice: str) -> str:
	"""Creates a draft credit note for the quantities of an issued invoice that are not returned yet; gives
	back its name.

	Raises frappe.PermissionError when the user may not read the invoice or create invoices, and
	frappe.ValidationError when it is not issued, is a credit note itself, or has nothing left.
	"""
	return credit_notes.make_credit_note(invoice)


@frappe.whitelist(methods=["POST"])
def choose_default_tax(rate: float) -> str:
	"""Makes the tax of a rate that of products that are made without one. Gives back its name.

	rate: a percentage; a tax is made where there is none of this rate.

	Raises frappe.PermissionError when the user may not write the settings, and frappe.ValidationError for a
	rate that is not from 0 to 100.
	"""
	return taxes.choose_default_tax(rate)


@frappe.whitelist(methods=["POST"])
def ask_to_issue(doctype: str, name: str) -> dict:
	"""Asks billing to issue a draft that the user may write and not issue. Every billing user who may issue
	it is told once; asked again, it is the same request.

	doctype: an order, a delivery note, a sales note or an invoice.

	Gives back `asked_by` (user), `asked_by_name` and `asked_on` of the request. Raises frappe.PermissionError
	when the user may not write the draft, and frappe.ValidationError when it is no draft, or the user may
	issue it without asking.
	"""
	return issue_requests.ask_to_issue(doctype, name)


@frappe.whitelist(methods=["POST"])
def withdraw_request(doctype: str, name: str) -> dict:
	"""Takes back the request to issue a draft; without one, nothing changes. Arguments, answer and errors are
	those of :func:`ask_to_issue`; the answer is empty."""
	return issue_requests.withdraw_request(doctype, name)


@frappe.whitelist(methods=["GET"])
def read_billing_today(limit: int | str = 10) -> dict:
	"""What billing has to do today, of what the user sees.

	limit: rows of each group, at most 100.

	Gives back the groups `asked` (drafts that sellers ask to issue, the oldest request first), `orders`
	(drafts of orders that nobody asked for), `overdue` (invoices, the longest overdue first) and `payments`
	(of today, drafts too), each with `number`, `amount` (in `currency`, the company's) and `rows`: doctype,
	name, customer, customer_name, seller, posting_date, currency, total, and of the group due_date, state,
	issue_asked_by, asked_by_name, issue_asked_on.
	"""
	return billing_today.read_today(limit)
