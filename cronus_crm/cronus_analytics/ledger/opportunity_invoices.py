"""The invoices of an opportunity, as the ledger knows them."""

import frappe
from frappe.query_builder import Criterion, DocType

from cronus_crm.base import sales_documents
from cronus_crm.base.sales_documents import INVOICE, Key

OPPORTUNITY = "Cronus Opportunity"


def list_opportunity_invoices(opportunity: str) -> list[Key]:
	"""Hook `cronus_opportunity_invoices`: (doctype, name) of the invoices, not cancelled, that were made from
	a document of an opportunity or name it themselves; the oldest first."""
	documents = _documents_of(opportunity)
	if not documents:
		return []
	entry, origin = DocType("Cronus Sales Entry"), DocType("Cronus Sales Entry Origin")
	made_from_one = [(origin.origin_doctype == dt) & (origin.origin_name == name) for dt, name in documents]
	is_one = [(entry.source_doctype == dt) & (entry.source_name == name) for dt, name in documents]
	found = (
		frappe.qb.from_(entry)
		.left_join(origin)
		.on(origin.parent == entry.name)
		.select(entry.source_doctype, entry.source_name)
		.where(Criterion.any(made_from_one + is_one))
		.where((entry.kind == INVOICE) & (entry.cancelled == 0))
		.orderby(entry.posting_date, entry.source_name)
		.run()
	)
	return list(dict.fromkeys(found))


def _documents_of(opportunity: str) -> list[Key]:
	"""The commercial documents with a link to an opportunity."""
	return [
		(doctype, name)
		for doctype in sales_documents.registered_doctypes()
		for field in frappe.get_meta(doctype).get("fields", {"options": OPPORTUNITY, "fieldtype": "Link"})
		for name in frappe.get_all(doctype, {field.fieldname: opportunity}, pluck="name", order_by="name asc")
	]
