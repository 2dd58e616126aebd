"""Which documents were made from others, and that they are cancelled before these."""

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.sales_documents import Key
from cronus_crm.cronus_billing.documents.document_chain import ITEM

ALLOCATION = "Cronus Payment Allocation"

# The field of an allocation that links to the document that it settles, by DocType of that document.
_SETTLEMENT_LINKS = {"Invoice": "invoice", "Cronus Payment": "payment"}


def check_no_later_documents(doc: Document) -> None:
	"""Raises frappe.LinkExistsError, naming them, where issued documents were made from this one: they must
	be cancelled first."""
	if later := _find_next_documents([(doc.doctype, doc.name)], (1,)):
		frappe.throw(
			_("{0} cannot be cancelled while this stands on it: {1}. Cancel that first.").format(
				frappe.bold(doc.name),
				", ".join(f"{_(doctype)} {frappe.bold(name)}" for doctype, name in later),
			),
			frappe.LinkExistsError,
			title=_("Other documents stand on it"),
		)


def find_documents_made_from(keys: Iterable[Key], drafts: bool = False) -> list[Key]:
	"""(doctype, name) of issued and cancelled documents that were made from these, directly or through
	others. drafts: of drafts too."""
	found: list[Key] = []
	while keys:
		keys = [key for key in _find_next_documents(keys, (0, 1, 2)[not drafts :]) if key not in found]
		found += keys
	return found


def _find_next_documents(keys: Iterable[Key], docstatus: tuple[int, ...]) -> list[Key]:
	"""The documents with lines made directly from these documents, and the payments allocated to these.

	docstatus: which are found, 1 for issued, 2 for cancelled. Returns (doctype, name), sorted by name.
	"""
	names: dict[str, list[str]] = defaultdict(list)
	for doctype, name in keys:
		names[doctype].append(name)
	found: set[Key] = set()
	for doctype, names_of_doctype in names.items():
		made = {"source_doctype": doctype, "source_name": ("in", names_of_doctype)}
		found |= _find_parents(ITEM, {**made, "docstatus": ("in", docstatus)})
		if fieldname := _SETTLEMENT_LINKS.get(doctype):
			settled = {fieldname: ("in", names_of_doctype), "docstatus": ("in", docstatus)}
			found |= _find_parents(ALLOCATION, settled)
	return sorted(found, key=lambda key: key[::-1])


def _find_parents(table: str, filters: dict) -> set[Key]:
	fields = ["parenttype", "parent"]
	rows = frappe.get_all(table, filters=filters, fields=fields, distinct=True, order_by="parent asc")
	return {(row.parenttype, row.parent) for row in rows}
