"""Finds the documents, in any DocType of the site, that link to given records."""

from collections.abc import Callable, Iterator, Sequence

import frappe
from frappe.model.dynamic_links import get_dynamic_links
from frappe.model.rename_doc import get_link_fields
from frappe.query_builder import DocType

# A document, as (doctype, name).
Key = tuple[str, str]


def find_links(
	doctype: str, names: Sequence[str], includes: Callable[[str], bool], limit: int | None = None
) -> Iterator[tuple[Key, str]]:
	"""Yields (document, name) for each Link field that points at one of these records.

	doctype, names: the records. name: the record that the document points at. For a link in a row of a table,
	`document` is the parent of the row. A document is yielded once for each of its links.
	includes: called with the name of a DocType, which may be that of a table; False skips its links.
	limit: at most so many documents or rows for each field, oldest first.
	"""
	for link in get_link_fields(doctype):
		if not link.issingle and includes(link.parent):
			yield from _select_pointing(link.parent, link.fieldname, names, limit)


def find_dynamic_links(
	doctype: str, names: Sequence[str], includes: Callable[[str], bool], limit: int | None = None
) -> Iterator[tuple[Key, str]]:
	"""Yields (document, name) for each Dynamic Link field that points at one of these records.

	Arguments and results are those of :func:`find_links`.
	"""
	for link in get_dynamic_links():
		if includes(link.parent) and not frappe.get_meta(link.parent).issingle:
			yield from _select_pointing(link.parent, link.fieldname, names, limit, (link.options, doctype))


def _select_pointing(
	doctype: str,
	fieldname: str,
	names: Sequence[str],
	limit: int | None,
	target: tuple[str, str] | None = None,
) -> Iterator[tuple[Key, str]]:
	"""Reads the documents whose field `fieldname` holds one of `names`.

	target: for a Dynamic Link, the field that holds the DocType of the link, and the DocType to look for.
	"""
	table = DocType(doctype)
	in_table = frappe.get_meta(doctype).istable
	query = frappe.qb.from_(table).where(table[fieldname].isin(names))
	if target:
		query = query.where(table[target[0]] == target[1])
	if limit:
		query = query.orderby(table.creation).limit(limit)
	if not in_table:
		for source, name in query.select(table.name, table[fieldname]).run():
			yield (doctype, source), name
		return
	for parenttype, parent, name in query.select(table.parenttype, table.parent, table[fieldname]).run():
		yield (parenttype, parent), name
