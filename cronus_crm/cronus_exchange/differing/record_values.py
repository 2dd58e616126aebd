"""Values of a record by the names under which an ERP tells them.

They are the fields of the record, but for a contact: its mails are `emails`, and its telephones, which stand
in one table, are `phones` and `mobiles`.
"""

from collections.abc import Iterable
from typing import Any

from frappe.model.document import Document

from cronus_crm.cronus_exchange.targets.contact_part import CONTACT, TABLES, missing_texts


def read_values(doc: Document, fieldnames: Iterable[str], told: dict | None = None) -> dict[str, Any]:
	"""The values of a record by fieldname. A list for the mails and telephones of a contact.

	told: what an ERP tells of the contact. Nothing in a stored telephone says for certain whether it is a
	mobile one; what is told as the other kind is left out. Without it, both have all of them.
	"""
	return {
		name: _read_list(doc, name, told or {}) if _is_list(doc, name) else doc.get(name)
		for name in fieldnames
	}


def write_values(doc: Document, values: dict[str, Any]) -> None:
	"""Sets values in a record, without saving it. Mails and telephones of a contact become exactly those of
	the list; rows that stay keep what else they have."""
	for name, value in values.items():
		if not _is_list(doc, name):
			doc.set(name, value)
	for name, value in values.items():
		if _is_list(doc, name):
			_write_list(doc, name, list(value or ()), values)


def _is_list(doc: Document, fieldname: str) -> bool:
	return doc.doctype == CONTACT and fieldname in TABLES


def _read_list(doc: Document, fieldname: str, told: dict) -> list[str]:
	table, column, _first = TABLES[fieldname]
	texts = [row.get(column) for row in doc.get(table)]
	others = _told_in_same_table(fieldname, told)
	return missing_texts([*others], tuple(texts)) if others else texts


def _write_list(doc: Document, fieldname: str, texts: list[str], values: dict) -> None:
	table, column, first = TABLES[fieldname]
	kept = [*texts, *_told_in_same_table(fieldname, values)]
	if fieldname != "emails" and not _told_in_same_table(fieldname, values):
		# The other kind of telephone is not told: the marked ones of that kind stay.
		kept.extend(row.get(column) for row in doc.get(table) if not row.get(first) and _is_marked(row))
	doc.set(table, [row for row in doc.get(table) if not missing_texts(kept, (row.get(column),))])
	for text in missing_texts([row.get(column) for row in doc.get(table)], tuple(texts)):
		doc.append(table, {column: text})
	if texts and not any(row.get(first) for row in doc.get(table)):
		next(row for row in doc.get(table) if not missing_texts(texts, (row.get(column),))).set(first, 1)


def _is_marked(row: Document) -> bool:
	return bool(row.get("is_primary_phone") or row.get("is_primary_mobile_no"))


def _told_in_same_table(fieldname: str, told: dict) -> list[str]:
	"""What is told under the other names of the same table."""
	table = TABLES[fieldname][0]
	return [
		text
		for name, value in told.items()
		if name != fieldname and name in TABLES and TABLES[name][0] == table
		for text in value or ()
	]
