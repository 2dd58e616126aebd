"""Tables whose rows are columns of a file: of a customer, one for each classification criterion.

Such a column becomes the field “table:key”, as in “criteria:Zone”.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType


class ColumnTable(NamedTuple):
	"""doctype: of the rows. key: their field that says which column a row is, a link to `master`. value:
	their field with the value. allowed: field of the master with the values that it allows, one in a line."""

	doctype: str
	key: str
	value: str
	master: str
	allowed: str


TABLES = {
	"criteria": ColumnTable(
		"Cronus Customer Criterion", "criterion", "value", "Cronus Classification Criterion", "allowed_values"
	),
}


def list_columns(table: str) -> list[tuple[str, str, str]]:
	"""The columns of a table: fieldname, label, and the values allowed, one in a line ("" for any)."""
	of = TABLES[table]
	rows = frappe.get_list(
		of.master, {"disabled": 0}, ["name", of.allowed], order_by="name asc", limit=0, as_list=True
	)
	return [(f"{table}:{name}", name, allowed or "") for name, allowed in rows]


def get_value(doc: Document, fieldname: str) -> Any:
	"""The value of a field of a document, or of a row of a table by “table:key”."""
	table, _colon, key = fieldname.partition(":")
	if not key:
		return doc.get(fieldname)
	row = _find_row(doc, table, key)
	return row.get(TABLES[table].value) if row else None


def set_value(doc: Document, fieldname: str, value: Any) -> None:
	"""Sets a field of a document, or a row of a table by “table:key”; without a value the row is removed."""
	table, _colon, key = fieldname.partition(":")
	if not key:
		doc.set(fieldname, value)
		return
	of, row = TABLES[table], _find_row(doc, table, key)
	if value in (None, ""):
		doc.set(table, [other for other in doc.get(table) if other is not row])
	elif row:
		row.set(of.value, value)
	else:
		doc.append(table, {of.key: key, of.value: value})


def _find_row(doc: Document, table: str, key: str) -> Document | None:
	return next((row for row in doc.get(table) or () if row.get(TABLES[table].key) == key), None)


def get_label(meta, fieldname: str) -> str:
	"""The translated label of a field, or of a column of a table."""
	_table, _colon, key = fieldname.partition(":")
	return _(key) if key else _(meta.get_label(fieldname), context=meta.name)


def add_values(rows: Iterable[dict], doctype: str, fieldnames: Iterable[str]) -> None:
	"""Adds the values of “table:key” columns to rows of records, which have `name`."""
	rows = list(rows)
	for table, of in TABLES.items():
		wanted = [name for name in fieldnames if name.startswith(f"{table}:")]
		if not wanted or not rows:
			continue
		child = DocType(of.doctype)
		found = (
			frappe.qb.from_(child)
			.select(child.parent, child[of.key], child[of.value])
			.where((child.parenttype == doctype) & child.parent.isin([row["name"] for row in rows]))
			.run()
		)
		values = {(parent, f"{table}:{key}"): value for parent, key, value in found}
		for row in rows:
			row.update({name: values.get((row["name"], name)) for name in wanted})
