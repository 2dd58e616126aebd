"""Values of a record by the names under which an ERP tells them.

They are the fields of the record, but for two: the mails of a contact are `emails`, and its telephones, which
stand in one table, are `phones` and `mobiles`; criteria of a customer are “criteria:name”.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from frappe.model.document import Document

from cronus_crm.cronus_exchange.targets.column_tables import get_value, set_value
from cronus_crm.cronus_exchange.targets.contact_part import CONTACT, TABLES, missing_texts


def read_values(doc: Document, fieldnames: Iterable[str], told: Mapping | None = None) -> dict[str, Any]:
	"""The values of a record by fieldname; lists for the mails and telephones of a contact.

	told: what an ERP tells of the contact, see :func:`leave_out_others`.
	"""
	values = {
		name: _list_texts(doc, name) if _is_list(doc, name) else get_value(doc, name) for name in fieldnames
	}
	return leave_out_others(values, told or {}) if doc.doctype == CONTACT else values


def leave_out_others(values: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
	"""The values of a contact, of whose telephones both `phones` and `mobiles` have all: without those that
	are told as the other kind. Nothing in a stored telephone says for certain whether it is a mobile one."""
	return {
		name: missing_texts(others, tuple(value or ()))
		if name in TABLES and (others := _told_in_same_table(name, told))
		else value
		for name, value in values.items()
	}


def write_values(doc: Document, values: Mapping[str, Any]) -> None:
	"""Sets values in a record, without saving it. Mails and telephones of a contact become exactly those of
	the list; rows that stay keep what else they have."""
	for name, value in values.items():
		if _is_list(doc, name):
			_write_list(doc, name, list(value or ()), values)
		else:
			set_value(doc, name, value)


def overwrite(doc: Document, values: Mapping[str, Any]) -> dict[str, list]:
	"""The same, as `Part.merge`: gives back what changed, as {fieldname: [before, after]}."""
	before = read_values(doc, values, values)
	write_values(doc, values)
	return {
		name: [before[name], list(value or ()) if _is_list(doc, name) else value]
		for name, value in values.items()
	}


def _is_list(doc: Document, fieldname: str) -> bool:
	return doc.doctype == CONTACT and fieldname in TABLES


def _list_texts(doc: Document, fieldname: str) -> list[str]:
	table, column, _first = TABLES[fieldname]
	return [row.get(column) for row in doc.get(table)]


def _write_list(doc: Document, fieldname: str, texts: list[str], values: Mapping[str, Any]) -> None:
	table, column, first = TABLES[fieldname]
	others = _told_in_same_table(fieldname, values)
	if not others:
		# The other kind of telephone is not told: those that are marked as of that kind stay.
		others = [row.get(column) for row in doc.get(table) if not row.get(first) and _is_marked(row)]
	stay = [row for row in doc.get(table) if not missing_texts([*texts, *others], (row.get(column),))]
	doc.set(table, stay)
	for text in missing_texts([row.get(column) for row in stay], tuple(texts)):
		doc.append(table, {column: text})
	if texts and not any(row.get(first) for row in doc.get(table)):
		next(row for row in doc.get(table) if not missing_texts(texts, (row.get(column),))).set(first, 1)


def _is_marked(row: Document) -> bool:
	return bool(row.get("is_primary_phone") or row.get("is_primary_mobile_no"))


def _told_in_same_table(fieldname: str, told: Mapping[str, Any]) -> list[str]:
	"""What is told under the other names of the same table."""
	table = TABLES[fieldname][0]
	return [
		text
		for name, value in told.items()
		if name != fieldname and name in TABLES and TABLES[name][0] == table
		for text in value or ()
	]
