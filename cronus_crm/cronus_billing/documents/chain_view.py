"""The documents around a document, as its form shows them."""

from typing import TypedDict

import frappe
from frappe import _

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import show_value
from cronus_crm.cronus_billing.documents.document_chain import (
	NEXT_DOCTYPES,
	find_origins,
	quantity_left,
)
from cronus_crm.cronus_billing.documents.later_documents import find_documents_made_from


class Chain(TypedDict):
	"""becomes: DocTypes that the user can make from the document now. around: its origins and the documents
	made from it that the user may see, with doctype, name and state, in the order of the chain."""

	becomes: list[str]
	around: list[dict]


def read_chain(doctype: str, name: str) -> Chain:
	"""What can be made from a document, and the other documents of its chain.

	Raises frappe.PermissionError where the user may not read the document, frappe.ValidationError for a
	DocType that has no chain.
	"""
	if doctype not in sales_documents.registered_doctypes() and doctype != "Cronus Payment":
		frappe.throw(_("{0} is not a commercial document.").format(frappe.bold(show_value(doctype))))
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	becomes = [
		into
		for into in (NEXT_DOCTYPES.get(doctype, ()) if doc.docstatus.is_submitted() else ())
		if frappe.has_permission(into, "create") and any(quantity_left(row, into) > 0 for row in doc.items)
	]
	origins = find_origins(doc) if doc.get("items") else sales_documents.read_document(doc).origins
	around = [*reversed(origins), *find_documents_made_from([(doctype, name)])]
	found = [
		(key, frappe.get_list(key[0], {"name": key[1]}, pluck="state", order_by="name asc")) for key in around
	]
	return Chain(
		becomes=becomes,
		around=[{"doctype": key[0], "name": key[1], "state": states[0]} for key, states in found if states],
	)
