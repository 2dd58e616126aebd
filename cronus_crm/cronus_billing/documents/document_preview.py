"""The preview of a document in its form: prices and totals that saving it would give."""

import frappe
from frappe import _
from frappe.model.base_document import get_controller
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_mapping
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument
from cronus_crm.visibility import document_checks, link_checks

# The fields that are read from the document that the client sends: those on which prices and totals depend.
SENT_HEAD_FIELDS = (
	*("customer", "prospect", "posting_date", "currency", "exchange_rate"),
	*("price_list", "taxes_included", "discount_percent", "fixed_discount"),
)
SENT_LINE_FIELDS = (
	*("name", "idx", "product", "description", "quantity", "unit", "price", "list_price", "price_source"),
	*("discount_percent", "fixed_discount", "tax", "tax_rate"),
	*("source_doctype", "source_name", "source_row"),
)

# The fields that are returned. A line takes FIELDS_FROM_PRODUCT from its product where it does not set them.
FIELDS_FROM_PRODUCT = ("description", "unit", "price", "list_price", "tax", "tax_rate")
_ANSWERED_HEAD_FIELDS = ("exchange_rate", "price_list", "taxes_included")
_ANSWERED_LINE_FIELDS = (*FIELDS_FROM_PRODUCT, "price_source")
_COMPUTED_LINE_FIELDS = ("net_amount", "gross_amount", "discount_percent", "fixed_discount")
_TOTAL_FIELDS = (
	*("discount_percent", "fixed_discount", "discount_amount"),
	*("net_total", "tax_total", "grand_total", "base_net_total"),
)


def preview_document(document: dict | str) -> dict:
	"""Computes prices and totals of a draft as saving would, without saving.

	document: a commercial document, or its JSON, with the fields SENT_HEAD_FIELDS and, in `items`,
	SENT_LINE_FIELDS.

	Returns `head` and `totals` as values by field, `lines` as values by name of the line, and `taxes` as
	rows. While lines are incomplete, `totals` and `taxes` are missing. After an error such as a missing
	exchange rate, the answer is {"message": its text} only.

	Raises frappe.PermissionError where the user may not write the document or read a record that it links to.
	"""
	sent = read_mapping(document, "document")
	doc = _build_draft(sent)
	try:
		doc.set_currency()
		doc.set_lines_from_products()
	except frappe.ValidationError as error:
		frappe.clear_messages()
		return {"message": str(error)}
	lines = {
		row.name: {fieldname: row.get(fieldname) for fieldname in _ANSWERED_LINE_FIELDS} for row in doc.items
	}
	for row in doc.items:
		if row.product and row.price is None:
			row.price = 0
			lines[row.name]["price_source"] = _("No price list has a price for it")
	answer = {"head": {fieldname: doc.get(fieldname) for fieldname in _ANSWERED_HEAD_FIELDS}, "lines": lines}
	try:
		doc.check_lines()
		doc.compute_totals()
	except frappe.ValidationError:
		# The user is still typing; saving will show the error.
		frappe.clear_messages()
		return answer
	for row in doc.items:
		lines[row.name] |= {fieldname: row.get(fieldname) for fieldname in _COMPUTED_LINE_FIELDS}
	answer["totals"] = {fieldname: doc.get(fieldname) for fieldname in _TOTAL_FIELDS}
	answer["taxes"] = [
		{fieldname: row.get(fieldname) for fieldname in ("tax", "rate", "base", "amount")}
		for row in doc.taxes
	]
	return answer


def _build_draft(sent: "frappe._dict") -> Document:
	"""The stored or a new document with the fields that were sent; fields other than the ones on which prices
	depend are ignored.

	Raises what `preview_document` says, and frappe.ValidationError for any other DocType.
	"""
	is_registered = sent.doctype in sales_documents.registered_doctypes()
	if not is_registered or not issubclass(get_controller(sent.doctype), CommercialDocument):
		label = frappe.bold(frappe.utils.escape_html(str(sent.doctype or "")))
		frappe.throw(_("{0} is not a commercial document.").format(label))
	if sent.name and frappe.db.exists(sent.doctype, sent.name):
		doc = frappe.get_doc(sent.doctype, sent.name)
		doc.check_permission("write")
		doc.load_doc_before_save()
	else:
		frappe.has_permission(sent.doctype, "create", throw=True)
		doc = frappe.new_doc(sent.doctype)
	doc.update({fieldname: sent.get(fieldname) for fieldname in SENT_HEAD_FIELDS if fieldname in sent})
	rows = [frappe._dict(row) for row in sent.get("items") or []]
	doc.set("items", [{fieldname: row.get(fieldname) for fieldname in SENT_LINE_FIELDS} for row in rows])
	document_checks.check_values(doc)
	link_checks.check_links(doc)
	return doc
