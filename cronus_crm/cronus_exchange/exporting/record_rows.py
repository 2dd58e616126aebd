"""Records as rows of an import: what is written here is read back unchanged."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import frappe
from frappe import _

from cronus_crm.cronus_exchange.comparing.stored_records import (
	Stored,
	find_branches,
	find_contacts,
	find_linked,
)
from cronus_crm.cronus_exchange.targets.column_tables import add_values
from cronus_crm.cronus_exchange.targets.target import Part, Target, TargetField

# Records that are read at once.
_PAGE = 500


def iterate_record_rows(
	target: Target,
	fields: Sequence[TargetField],
	filters: list | dict | None = None,
	limit: int | None = None,
	typed: bool = False,
) -> Iterator[list]:
	"""Rows of the records of a target that the session's user may see, in the order of their names.

	A record with several branches or contacts has several rows, which repeat what is its own.
	fields: the columns. limit: at most so many records. typed: leaves numbers and dates as they are, for a
	workbook; else they are text.
	"""
	writer = _CellWriter(typed)
	for page in _read_pages(target.root, fields, filters, limit):
		children = _read_children(target, fields, {row["name"] for row in page})
		for row in page:
			lists = {name: found.get(row["name"], []) for name, found in children.items()}
			for place in range(max([1, *map(len, lists.values())])):
				yield [_write(writer, known, target, row, lists, place) for known in fields]


def _read_pages(
	root: Part, fields: Sequence[TargetField], filters: list | dict | None, limit: int | None
) -> Iterator[list[dict]]:
	columns = [
		"name",
		*(
			known.fieldname
			for known in fields
			if known.part is root and known.fieldname != "name" and ":" not in known.fieldname
		),
	]
	of_tables = [known.fieldname for known in fields if known.part is root and ":" in known.fieldname]
	start = 0
	while limit is None or start < limit:
		size = _PAGE if limit is None else min(_PAGE, limit - start)
		page = frappe.get_list(
			root.doctype,
			filters=leave_out_merged(root.doctype, filters),
			fields=columns,
			order_by="name asc",
			start=start,
			limit=size,
			distinct=True,
		)
		add_values(page, root.doctype, of_tables)
		if page:
			yield page
		if len(page) < size:
			return
		start += size


def leave_out_merged(doctype: str, filters: list | dict | None) -> list | dict | None:
	"""Filters without records that were merged into another one: their rows would be about that one."""
	if not frappe.get_meta(doctype).has_field("merged_into"):
		return filters
	if isinstance(filters, dict):
		return {**filters, "merged_into": ("is", "not set")}
	return [*(filters or ()), ["merged_into", "is", "not set"]]


def _read_children(
	target: Target, fields: Sequence[TargetField], names: set[str]
) -> dict[str, dict[str, list[Stored]]]:
	found = {}
	for part in target.parts[1:]:
		fieldnames = [known.fieldname for known in fields if known.part is part]
		if not fieldnames or not frappe.has_permission(part.doctype, "read"):
			continue
		if part.find_person:
			found[part.name] = find_contacts(part, target.root.doctype, names, fieldnames)
		elif part.linked:
			found[part.name] = find_linked(part, target.root.doctype, names, fieldnames)
		else:
			found[part.name] = find_branches(part, names, fieldnames)
	return found


def _write(
	writer: "_CellWriter",
	known: TargetField,
	target: Target,
	row: dict,
	lists: dict[str, list[Stored]],
	place: int,
) -> Any:
	if known.part is target.root:
		return writer.write(row.get(known.fieldname), known)
	stored = next(islice(lists.get(known.part.name, ()), place, None), None)
	return writer.write(stored.values.get(known.fieldname), known) if stored else ""


class _CellWriter:
	"""Writes values as cells. typed: see `iterate_record_rows`."""

	def __init__(self, typed: bool):
		self.typed = typed

	def write(self, value: Any, known: TargetField) -> Any:
		if value is None or value == "":
			return ""
		if known.kind in ("emails", "phones"):
			return "; ".join(sorted(value))
		if known.kind == "yes or no":
			return _("Yes") if value else _("No")
		if known.kind == "choice":
			return _(value, context=known.part.doctype)
		if known.kind == "link":
			return _(value) if frappe.get_meta(known.options).translated_doctype else value
		if known.kind in ("number", "whole number"):
			return self._write_number(value)
		if known.kind in ("date", "moment"):
			return value if self.typed else str(value)
		return value

	def _write_number(self, value: int | float | Decimal) -> Any:
		if self.typed:
			return float(value) if isinstance(value, Decimal) else value
		if isinstance(value, int):
			return str(value)
		short = f"{value:.2f}"
		return short if float(short) == float(value) else repr(float(value))
