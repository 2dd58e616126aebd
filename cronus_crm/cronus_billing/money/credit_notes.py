"""Credit notes: documents of the DocType Invoice (`is_return`) that cancel lines of an invoice, in whole or
in part.

When it is issued, a credit note reduces the balance of its invoice: by min(its grand total, balance of the
invoice). The rest is credit of the customer: the `balance` of the credit note, which a returned payment pays
out.

Its lines refer to those of the invoice, which count the returned quantities (see `document_chain.py`). Rows
are locked in the same order as for all documents: first the credit note, then its invoice.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from cronus_crm.base import sales_documents
from cronus_crm.base.company import day_of_next_document
from cronus_crm.cronus_billing.documents import document_chain


def make_credit_note(invoice: str) -> str:
	"""Makes a draft credit note for the quantities of an issued invoice that were not returned yet; returns
	its name.

	Raises frappe.PermissionError where the user may not read the invoice or create invoices, and
	frappe.ValidationError where it is not issued, is a credit note itself, or has nothing left.
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
	draft.posting_date = day_of_next_document(source.posting_date)
	draft.insert()
	return draft.name


def creditable_quantity(row: Document) -> float:
	"""The quantity of a line of an invoice that can still be returned."""
	return flt(flt(row.quantity) - flt(row.returned_quantity), 6)


def check_credit_note(doc: Document) -> None:
	"""Checks that each line of a credit note refers to a line of its one issued invoice, has the same tax
	rate, and is not more expensive.

	Raises frappe.ValidationError. The quantities are checked when it is issued, under lock.
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


def _check_amount(row: Document, invoiced: Document) -> None:
	"""Raises frappe.ValidationError for another tax rate, and for a net amount above that of the invoice's
	line in proportion to the quantity: net amount of the line × quantity / quantity of the line."""
	if flt(row.tax_rate, 6) != flt(invoiced.tax_rate, 6):
		frappe.throw(_("Line {0}: the tax is not that of the invoice.").format(row.idx))
	most = flt(invoiced.net_amount) * flt(row.quantity) / flt(invoiced.quantity)
	# Two cents of tolerance: how a document's discount is distributed to its lines depends on rounding.
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
	"""Reduces the balance of the invoice by the credit note that is being issued, as far as it has a balance.

	The invoice is locked: `document_chain.count_taken_quantities` has counted the returned quantities on it.
	"""
	invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
	amount = flt(min(doc.grand_total, invoice.balance), 2)
	if amount <= 0:
		return
	invoice.take_credit(amount)
	doc.paid_amount = doc.credited_amount = amount
	doc.update_balance()
	doc.state = doc.compute_state()
	doc.db_set({f: doc.get(f) for f in ("paid_amount", "credited_amount", "balance", "state")})


def undo_credit_note(doc: Document) -> None:
	"""Increases the balance of the invoice by what a cancelled credit note had reduced it by."""
	if flt(doc.credited_amount) > 0:
		invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
		invoice.take_credit(-doc.credited_amount)
