"""Credit notes: invoices that take back what an invoice has charged, line by line.

A credit note settles its invoice as far as that has a balance when it is issued; what exceeds it is the
customer's credit, the `balance` of the credit note, and is given back by a returned payment.

The lines point at those of the invoice, which count what was returned of them (see `document_chain.py`). The
rows are locked in the order of all documents: the credit note, then its invoice.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from cronus_crm.base import sales_documents
from cronus_crm.cronus_billing.documents import document_chain


def make_credit_note(invoice: str) -> str:
	"""Makes a draft credit note of what was not returned yet of an issued invoice, and gives back its name.

	Raises frappe.PermissionError when the user may not read the invoice or create invoices, and
	frappe.ValidationError when it is not issued, is a credit note itself, or has nothing left.
	"""
	source = frappe.get_doc("Invoice", invoice)
	source.check_permission("read")
	_check_source(source)
	if not any(creditable_quantity(row) > 0 for row in source.items):
		frappe.throw(
			_("Everything of {0} was returned already.").format(frappe.bold(source.name)),
			title=_("Nothing is left"),
		)
	draft = get_mapped_doc(
		"Invoice",
		source.name,
		{
			"Invoice": {"doctype": "Invoice", "field_map": {"name": "return_against"}},
			document_chain.ITEM: {
				"doctype": document_chain.ITEM,
				"field_map": {"parenttype": "source_doctype", "parent": "source_name", "name": "source_row"},
				"condition": lambda row: creditable_quantity(row) > 0,
				"postprocess": lambda row, line, _parent: line.set("quantity", creditable_quantity(row)),
			},
		},
	)
	draft.is_return = 1
	draft.insert()
	return draft.name


def creditable_quantity(row: Document) -> float:
	"""The quantity of an invoice's line that was not returned yet."""
	return flt(flt(row.quantity) - flt(row.returned_quantity), 6)


def check_credit_note(doc: Document) -> None:
	"""A credit note is of one issued invoice, line by line, with its taxes, and at its prices or below.

	Raises frappe.ValidationError. Quantities are checked when it is issued, under lock.
	"""
	if not doc.return_against:
		frappe.throw(_("A credit note needs the invoice that it is for."), frappe.MandatoryError)
	source = frappe.get_doc("Invoice", doc.return_against)
	_check_source(source)
	lines = {row.name: row for row in source.items}
	for row in doc.items:
		if (row.source_doctype, row.source_name) != ("Invoice", source.name) or row.source_row not in lines:
			frappe.throw(
				_("Line {0}: a credit note only has lines of its invoice, {1}.").format(
					row.idx, frappe.bold(source.name)
				)
			)
		_check_amount(row, lines[row.source_row])


def _check_amount(row: Document, of: Document) -> None:
	"""Compares what the line comes to, after its discounts, with what that quantity does in the invoice."""
	if flt(row.tax_rate, 6) != flt(of.tax_rate, 6):
		frappe.throw(_("Line {0}: the tax is not that of the invoice.").format(row.idx))
	most = flt(of.net_amount) * flt(row.quantity) / flt(of.quantity)
	# The cents of a document's discount fall on one line or another.
	if flt(row.net_amount) > most + 0.02:
		frappe.throw(
			_("Line {0}: it comes to {1}, and in the invoice that quantity comes to {2}.").format(
				row.idx, frappe.bold(f"{row.net_amount:,.2f}"), frappe.bold(f"{most:,.2f}")
			)
		)


def _check_source(source: Document) -> None:
	name = frappe.bold(source.name)
	if source.is_return:
		frappe.throw(_("{0} is a credit note itself.").format(name))
	if not source.docstatus.is_submitted():
		frappe.throw(_("{0} is not issued, so there can be no credit note for it.").format(name))


def apply_credit_note(doc: Document) -> None:
	"""Settles the invoice of a credit note that is being issued, as far as the invoice has a balance.

	The invoice is locked already: the chain has counted on it what is returned.
	"""
	invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
	amount = flt(min(doc.grand_total, invoice.balance), 2)
	if amount <= 0:
		return
	invoice.take_credit(amount)
	doc.paid_amount = doc.credited_amount = amount
	doc.reckon_balance()
	doc.state = doc.state_now()
	doc.db_set({f: doc.get(f) for f in ("paid_amount", "credited_amount", "balance", "state")})


def take_back_credit_note(doc: Document) -> None:
	"""What a cancelled credit note has settled is left to pay again."""
	if flt(doc.credited_amount) > 0:
		invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
		invoice.take_credit(-doc.credited_amount)
