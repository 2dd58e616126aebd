"""The records that refer to a customer, and how they are moved to another one.

A reference is a Link field, or a pair of fields with a DocType and a name; of any app of the site. They are
written by SQL, because the documents behind them may be issued, and nothing of theirs but the customer
changes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe.model.dynamic_links import get_dynamic_links
from frappe.model.rename_doc import get_link_fields
from frappe.query_builder import DocType
from frappe.utils import now

from cronus_crm.base.batches import split_batches

CUSTOMER = "Cronus Customer"
ENTRY = "Cronus Merge Entry"

# What belongs to the record itself, and stays with it: its history, who may see it, and the merges.
_STAYING = frozenset(
	{
		"Access Log",
		"Activity Log",
		"Cronus Customer Merge",
		ENTRY,
		"Deleted Document",
		"DocShare",
		"Document Follow",
		"Email Queue",
		"Notification Log",
		"Version",
		"View Log",
	}
)

_BATCH_SIZE = 1000


class Reference(NamedTuple):
	"""A field that refers to customers. doctype_field: the field that holds the DocType, for a reference to
	records of any DocType; else None."""

	doctype: str
	fieldname: str
	doctype_field: str | None = None


def list_references() -> Iterator[Reference]:
	"""The fields of the site that refer to customers and move with them."""
	for link in get_link_fields(CUSTOMER):
		if not link.issingle and link.parent not in _STAYING and _is_stored(link.parent):
			yield Reference(link.parent, link.fieldname)
	for link in get_dynamic_links():
		if link.parent not in _STAYING and _is_stored(link.parent):
			yield Reference(link.parent, link.fieldname, link.options)
	# Not links in their DocTypes.
	yield Reference("File", "attached_to_name", "attached_to_doctype")
	yield Reference("Cronus Sales Entry", "customer")


def move_records(source: str, target: str, merge: str) -> int:
	"""Makes all records that refer to a customer refer to another one, and writes down which.

	source, target: names of Cronus Customers. merge: name of the Cronus Customer Merge. A contact or address
	that belongs to both keeps its link to the source: two links to the target would say nothing more.

	Returns the number of references moved.
	"""
	moved = 0
	for reference in list_references():
		names = [
			name for name in find_records(reference, source) if not _is_there_already(reference, name, target)
		]
		for batch in split_batches(names, _BATCH_SIZE):
			_write_down(reference, batch, merge)
			_refer(reference, batch, source, target)
			moved += len(batch)
	return moved


def move_back(merge: str, source: str, target: str) -> tuple[int, int]:
	"""Makes the records of a merge refer to their customer again, as far as they still refer to the one they
	were moved to.

	Returns the numbers of references moved back, and of those left because somebody has changed or deleted
	them since.
	"""
	entries = frappe.get_all(
		ENTRY,
		filters={"customer_merge": merge},
		fields=["record_type", "fieldname", "doctype_field", "record"],
		order_by="record_type asc, fieldname asc, record asc",
		as_list=True,
	)
	by_reference: dict[Reference, list[str]] = {}
	for record_type, fieldname, doctype_field, record in entries:
		by_reference.setdefault(Reference(record_type, fieldname, doctype_field or None), []).append(record)
	moved = 0
	for reference, names in by_reference.items():
		if not frappe.db.table_exists(reference.doctype):
			continue
		for batch in split_batches(names, _BATCH_SIZE):
			still = find_records(reference, target, batch)
			_refer(reference, still, target, source)
			moved += len(still)
	return moved, len(entries) - moved


def _is_stored(doctype: str) -> bool:
	meta = frappe.get_meta(doctype)
	return not (meta.issingle or meta.get("is_virtual"))


def find_records(reference: Reference, customer: str, among: list[str] | None = None) -> list[str]:
	"""The names of the records, or of the rows of tables, that refer to a customer."""
	table = DocType(reference.doctype)
	query = frappe.qb.from_(table).select(table.name).where(table[reference.fieldname] == customer)
	if reference.doctype_field:
		query = query.where(table[reference.doctype_field] == CUSTOMER)
	if among is not None:
		query = query.where(table.name.isin(among))
	return query.orderby(table.name).for_update().run(pluck=True)


def _is_there_already(reference: Reference, name: str, target: str) -> bool:
	"""True for a row of links whose document has one to the target already."""
	if reference.doctype != "Dynamic Link":
		return False
	parent = frappe.db.get_value("Dynamic Link", name, ("parenttype", "parent"), as_dict=True)
	return bool(frappe.db.exists("Dynamic Link", {**parent, "link_doctype": CUSTOMER, "link_name": target}))


def _write_down(reference: Reference, names: list[str], merge: str) -> None:
	stamp, user = now(), frappe.session.user
	frappe.db.bulk_insert(
		ENTRY,
		(
			"name",
			"creation",
			"modified",
			"owner",
			"modified_by",
			"customer_merge",
			"record_type",
			"record",
			"fieldname",
			"doctype_field",
		),
		[
			(
				frappe.generate_hash(length=16),
				stamp,
				stamp,
				user,
				user,
				merge,
				reference.doctype,
				name,
				reference.fieldname,
				reference.doctype_field,
			)
			for name in names
		],
	)


def _refer(reference: Reference, names: list[str], former: str, new: str) -> None:
	"""Writes the new customer. `modified` changes, so that a form that was open before does not write the
	former customer back."""
	if not names:
		return
	table = DocType(reference.doctype)
	query = frappe.qb.update(table).set(table[reference.fieldname], new).where(table.name.isin(names))
	if not frappe.get_meta(reference.doctype).istable:
		query = query.set(table.modified, now())
	query.run()
	for name in names:
		frappe.clear_document_cache(reference.doctype, name)
