"""The invoices of an opportunity, read from the ledger."""

import frappe
from frappe.query_builder import Criterion, DocType

from cronus_crm.base import sales_documents
from cronus_crm.base.sales_documents import INVOICE, Key

OPPORTUNITY = "Cronus Opportunity"


def list_opportunity_invoices(opportunity: str) -> list[Key]:
	"""Hook `cronus_opportunity_invoices`: (doctype, name) of the invoices, not cancelled, that were made from
	a document of an opportunity or name it themselves; the oldest first."""
	documents = _list_documents(opportunity)
	if not documents:
		return []
	entry, origin = DocType("Cronus Sales Entry"), DocType("Cronus Sales Entry Origin")
	was_made_from = [(origin.origin_doctype == dt) & (origin.origin_name == name) for dt, name in documents]
	is_document = [(entry.source_doctype == dt) & (entry.source_name == name) for dt, name in documents]
	found = (
		frappe.qb.from_(entry)
		.left_join(origin)
		.on(origin.parent == entry.name)
		.select(entry.source_doctype, entry.source_name)
		.where(Criterion.any(was_made_from + is_document))
		.where((entry.kind == INVOICE) & (entry.cancelled == 0))
		.orderby(entry.posting_date, entry.source_name)
		.run()
	)
	return list(dict.fromkeys(found))


def _list_documents(opportunity: str) -> list[Key]:
	"""(doctype, name) of the commercial documents that link to an opportunity themselves."""
	return [
		(doctype, name)
		for doctype in sales_documents.registered_doctypes()
		for field in frappe.get_meta(doctype).get("fields", {"options": OPPORTUNITY, "fieldtype": "Link"})
		for name in frappe.get_all(doctype, {field.fieldname: opportunity}, pluck="name", order_by="name asc")
	]
