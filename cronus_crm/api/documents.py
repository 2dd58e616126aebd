"""Commercial documents: what becomes what, and what a form shows before it is saved."""

import frappe

from cronus_crm.cronus_analytics.figures import document_history
from cronus_crm.cronus_billing.doctype.proforma import proforma
from cronus_crm.cronus_billing.documents import document_chain, document_preview
from cronus_crm.cronus_billing.money import credit_notes


@frappe.whitelist(methods=["POST"])
def convert(source_doctype: str, names: list[str] | str, into: str) -> list[str]:
	"""Makes drafts of what is left of issued documents and gives back their names.

	source_doctype, into: DocTypes; :func:`read_chain` says what a document may become. names: one name or
	several (a list, or its JSON). Documents of the same customer, seller, currency and discount go on one
	draft.

	Raises frappe.PermissionError when the user may not read one of them or create what they become, and
	frappe.ValidationError when one is not issued, has nothing left, or is for a prospect that is no customer
	yet. Then nothing is made.
	"""
	return document_chain.convert_documents(source_doctype, names, into=into)


@frappe.whitelist()
def read_chain(doctype: str, name: str) -> document_chain.Chain:
	"""What a commercial document or a payment may become, and the documents before and after it.

	Gives back `becomes`, the DocTypes of which the user may make a draft now, and `around`, a row with
	`doctype`, `name` and `state` for each document of the same sale that the user may read.

	Raises frappe.PermissionError without the right to read the document.
	"""
	return document_chain.read_chain(doctype, name)


@frappe.whitelist()
def preview(document: dict | str) -> dict:
	"""What saving a draft would make of its lines, and saves nothing.

	document: a commercial document, or its JSON, with the fields that prices depend on. Lines that are not
	finished are left as they are.

	Gives back `head` and `totals` as values by field, `lines` as values by name of the line, `taxes` as rows.
	What hinders it, such as a missing exchange rate, is the `message`, and then there is nothing else.

	Raises frappe.PermissionError without the right to write the document, or to read what it points at.
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
	"""A page of the documents of a customer, newest first, of what the session's user may see.

	customer: name of the Cronus Customer. kind: Proforma, Invoice, Payment or another one of the ledger's; by
	default, all. state: Draft, With balance, Overdue, Settled or Cancelled; by default, any.
	since, until: dates of the documents, both included.
	before: the `next` of the page before. limit: documents in the page, at most 100.

	Gives back `rows`, with total and balance in the company's `currency`, and `next`, None on the last page.
	Drafts, of which the ledger knows nothing, come first and on the first page only, as many as `limit`.

	Raises frappe.PermissionError where the user may not read the customer.
	"""
	return document_history.list_documents_of_customer(
		customer, kind, state=state, since=since, until=until, before=before, limit=limit
	)


@frappe.whitelist(methods=["POST"])
def make_from_opportunities(opportunities: list[str] | str) -> list[str]:
	"""Makes a draft proforma of each opportunity, with its customer and products; gives back their names.

	opportunities: one name or several (a list, or its JSON).

	Raises frappe.PermissionError when the user may not read one of them or create proformas, and
	frappe.ValidationError when one has no customer or no products. Then no proforma is made.
	"""
	return proforma.make_from_opportunities(opportunities)


@frappe.whitelist(methods=["POST"])
def make_credit_note(invoice: str) -> str:
	"""Makes a draft credit note of what was not returned yet of an issued invoice, and gives back its name.

	Raises frappe.PermissionError when the user may not read the invoice or create invoices, and
	frappe.ValidationError when it is not issued, is a credit note itself, or has nothing left.
	"""
	return credit_notes.make_credit_note(invoice)
