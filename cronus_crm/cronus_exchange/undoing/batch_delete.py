"""Deletes many documents together, after it was checked that nothing points at them.

The controllers' and the apps' events run for each; rows are deleted in one statement for each table, with
what the framework keeps beside a document. Nothing goes into the trash: the journal of the import has the
values.
"""

from collections.abc import Sequence

import frappe
from frappe.model.document import Document
from frappe.query_builder import Table

from cronus_crm.cronus_exchange.running.quiet_events import make_quiet

# What the framework keeps beside a document, with the fields that name it.
_BESIDE = (
	("Version", "ref_doctype", "docname"),
	("DocShare", "share_doctype", "share_name"),
	("Document Follow", "ref_doctype", "ref_docname"),
	("Activity Log", "reference_doctype", "reference_name"),
	("View Log", "reference_doctype", "reference_name"),
	("Notification Log", "document_type", "document_name"),
)


def delete_together(doctype: str, names: Sequence[str]) -> None:
	"""Deletes documents of a DocType that nothing points at.

	Raises what an event of one of them raises; the caller then rolls back to before the first.
	"""
	docs = [frappe.get_doc(doctype, name) for name in names]
	for doc in docs:
		doc.check_permission("write")
		make_quiet(doc)
		doc.flags.known_unlinked = True
		doc.run_method("on_trash")
	for field in docs[0].meta.get_table_fields():
		frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", names)})
	frappe.db.delete(doctype, {"name": ("in", names)})
	for beside, doctype_field, name_field in _BESIDE:
		frappe.db.delete(beside, {doctype_field: doctype, name_field: ("in", names)})
	searched = Table("__global_search")
	frappe.qb.from_(searched).where((searched.doctype == doctype) & searched.name.isin(names)).delete().run()
	for doc in docs:
		_finish(doc)


def _finish(doc: Document) -> None:
	doc.run_method("after_delete")
	frappe.clear_document_cache(doc.doctype, doc.name)
