"""What a form shows of a document while it is written: prices that are found, and what the lines come to."""

import frappe
from frappe import _
from frappe.model.base_document import get_controller
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_mapping
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument
from cronus_crm.visibility import document_checks, rule

# What is read of the document that is sent: what prices depend on.
HEAD_IN = (
	*("customer", "prospect", "posting_date", "currency", "exchange_rate"),
	*("price_list", "taxes_included", "discount_percent"),
)
LINE_IN = (
	*("name", "idx", "product", "description", "quantity", "unit", "price", "list_price", "price_source"),
	*("discount_percent", "tax", "tax_rate", "source_doctype", "source_name", "source_row"),
)

# What is given back. A line takes the first of these from its product, unless it says them itself.
LINE_OF_PRODUCT = ("description", "unit", "price", "list_price", "tax", "tax_rate")
_HEAD_OUT = ("exchange_rate", "price_list", "taxes_included")
_LINE_OUT = (*LINE_OF_PRODUCT, "price_source")
_TOTALS = ("discount_amount", "net_total", "tax_total", "grand_total", "base_net_total")


def preview_document(document: dict | str) -> dict:
	"""What saving a draft would make of its lines, and saves nothing.

	document: a commercial document, or its JSON, with the fields that prices depend on. Lines that are not
	finished are left as they are.

	Gives back `head` and `totals` as values by field, `lines` as values by name of the line, `taxes` as rows.
	What hinders it, such as a missing exchange rate, is the `message`, and then there is nothing else.

	Raises frappe.PermissionError without the right to write the document, or to read what it points at.
	"""
	sent = read_mapping(document, "document")
	doc = _draft(sent)
	try:
		doc.set_currency()
		doc.set_lines_from_products()
	except frappe.ValidationError as problem:
		frappe.clear_messages()
		return {"message": str(problem)}
	lines = {row.name: {fieldname: row.get(fieldname) for fieldname in _LINE_OUT} for row in doc.items}
	for row in doc.items:
		if row.product and row.price is None:
			row.price = 0
			lines[row.name]["price_source"] = _("No price list has a price for it")
	answer = {"head": {fieldname: doc.get(fieldname) for fieldname in _HEAD_OUT}, "lines": lines}
	try:
		doc.check_lines()
		doc.add_up()
	except frappe.ValidationError:
		# Saving will say it; whoever is still writing need not be told at every key.
		frappe.clear_messages()
		return answer
	for row in doc.items:
		lines[row.name] |= {"net_amount": row.net_amount, "gross_amount": row.gross_amount}
	answer["totals"] = {fieldname: doc.get(fieldname) for fieldname in _TOTALS}
	answer["taxes"] = [
		{fieldname: row.get(fieldname) for fieldname in ("tax", "rate", "base", "amount")}
		for row in doc.taxes
	]
	return answer


def _draft(sent: "frappe._dict") -> Document:
	"""The document as it would be saved. Of what is sent nothing is taken but what prices depend on."""
	known = sent.doctype in sales_documents.registered_doctypes()
	if not known or not issubclass(get_controller(sent.doctype), CommercialDocument):
		named = frappe.bold(frappe.utils.escape_html(str(sent.doctype or "")))
		frappe.throw(_("{0} is not a commercial document.").format(named))
	if sent.name and frappe.db.exists(sent.doctype, sent.name):
		doc = frappe.get_doc(sent.doctype, sent.name)
		doc.check_permission("write")
		doc.load_doc_before_save()
	else:
		frappe.has_permission(sent.doctype, "create", throw=True)
		doc = frappe.new_doc(sent.doctype)
	doc.update({fieldname: sent.get(fieldname) for fieldname in HEAD_IN if fieldname in sent})
	rows = [frappe._dict(row) for row in sent.get("items") or []]
	doc.set("items", [{fieldname: row.get(fieldname) for fieldname in LINE_IN} for row in rows])
	document_checks.check_values(doc)
	rule.check_links(doc)
	return doc
