"""Who points at a record: documents with a link to it, in any DocType of the site."""

from collections.abc import Callable, Iterator, Sequence

import frappe
from frappe.model.dynamic_links import get_dynamic_links
from frappe.model.rename_doc import get_link_fields
from frappe.query_builder import DocType

# A document, as (doctype, name).
Key = tuple[str, str]


def find_links(
	doctype: str, names: Sequence[str], counts: Callable[[str], bool], limit: int | None = None
) -> Iterator[tuple[Key, str]]:
	"""Documents with a Link to one of these, as (document, name that it points at); rows of a table as the
	document in which they stand. The same one comes again for each of its links.

	counts: whether the links in a DocType are asked, which may be that of a table. limit: of each field, so
	many of the oldest documents or rows.
	"""
	for link in get_link_fields(doctype):
		if not link.issingle and counts(link.parent):
			yield from _select_pointing(link.parent, link.fieldname, names, limit)


def find_dynamic_links(
	doctype: str, names: Sequence[str], counts: Callable[[str], bool], limit: int | None = None
) -> Iterator[tuple[Key, str]]:
	"""Documents with a Dynamic Link to one of these; arguments and results are those of `find_links`."""
	for link in get_dynamic_links():
		if counts(link.parent) and not frappe.get_meta(link.parent).issingle:
			yield from _select_pointing(link.parent, link.fieldname, names, limit, (link.options, doctype))


def _select_pointing(
	doctype: str,
	fieldname: str,
	names: Sequence[str],
	limit: int | None,
	target: tuple[str, str] | None = None,
) -> Iterator[tuple[Key, str]]:
	"""target: of a Dynamic Link, the field that says of which DocType the name is, and the DocType."""
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
