"""A record that an ERP has told changes here: whether it differs is written down with the change."""

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.pushing.told_now import source_told_now

EXTERNAL = "Cronus External Record"
_SETTLED = (kept_values.IN_STEP, kept_values.DIFFERS)


def on_update(doc: Document, method: str | None = None) -> None:
	"""Event `on_update` of the DocTypes of which an ERP tells. While a source tells, it keeps its own records
	itself; those that other sources have told of the same record are compared here too."""
	if not doc.get_doc_before_save():
		return
	for row in list_told(doc.doctype, doc.name):
		if row.source != source_told_now():
			compare_again(row, doc)


def list_told(doctype: str, name: str, fields: tuple[str, ...] = ()) -> list[frappe._dict]:
	"""What sources have told of a record and is here: the columns of `kept_values`, and further fields."""
	return frappe.get_all(
		EXTERNAL,
		filters={"record_doctype": doctype, "record_name": name, "state": ("in", _SETTLED)},
		fields=["name", "source", "state", *kept_values.COLUMNS, *fields],
		order_by="source asc, name asc",
	)


def compare_again(row: frappe._dict, doc: Document) -> None:
	"""Writes whether a record differs from what was told of it. row: of :func:`list_told`."""
	kept = kept_values.read_kept(row)
	columns = kept_values.compare(kept_values.read_stored(doc, kept), kept)
	if any((row.get(column) or "{}") != value for column, value in columns.items()):
		frappe.db.set_value(EXTERNAL, row.name, columns, update_modified=False)
