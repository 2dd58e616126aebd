"""Asks for many documents at once what the framework and our controllers ask for each: whether linked records
exist, and whether another document has a value that has to be unique.

A document whose answer is not good is left as it was, so that the framework or the controller asks again and
says itself what is wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType


def resolve_links(docs: Sequence[Document]) -> None:
	"""Checks the links of documents and of their rows, and fetches from linked records what the framework
	would fetch."""
	wanted = defaultdict(set)
	links = {id(doc): list(_iterate_links(doc)) for doc in docs}
	for found in links.values():
		for _row, _field, doctype, name in found:
			wanted[doctype].add(name)
	known = {doctype: _read_records(doctype, names, docs) for doctype, names in wanted.items()}
	for doc in docs:
		found = links[id(doc)]
		if all(
			known[doctype] is not None and name in known[doctype] for _row, _field, doctype, name in found
		):
			for row, field, doctype, name in found:
				_fetch(row, field, doctype, known[doctype][name])
			doc.flags.ignore_links = True


def _iterate_links(doc: Document) -> Iterator[tuple[Document, object, str, str]]:
	"""The links of a document and its rows: row, field, DocType and name."""
	for row in (doc, *doc.get_all_children()):
		for field in row.meta.get_link_fields():
			if name := row.get(field.fieldname):
				yield row, field, field.options, name
		for field in row.meta.get_dynamic_link_fields():
			if name := row.get(field.fieldname):
				yield row, field, row.get(field.options), name


def _read_records(doctype: str, names: set[str], docs: Sequence[Document]) -> dict[str, dict] | None:
	"""Linked records by name, with the columns that are fetched from them; None for a DocType that has no
	table of its own."""
	meta = frappe.get_meta(doctype)
	if meta.issingle or meta.get("is_virtual"):
		return None
	table = DocType(doctype)
	columns = {"name", *_list_fetched(doctype, docs)}
	query = frappe.qb.from_(table).select(*(table[column] for column in sorted(columns)))
	return {row["name"]: row for row in query.where(table.name.isin(sorted(names))).run(as_dict=True)}


def _list_fetched(doctype: str, docs: Sequence[Document]) -> set[str]:
	found = set()
	for meta in {
		row.doctype: row.meta for doc in docs[:1] for row in (doc, *doc.get_all_children())
	}.values():
		for field in meta.get_link_fields():
			if field.options == doctype:
				fetched = (source.fetch_from for source in meta.get_fields_to_fetch(field.fieldname))
				found |= {source.split(".")[-1] for source in fetched}
	return found


def _fetch(row: Document, field, doctype: str, values: dict) -> None:
	"""Sets what a link fetches, as `BaseDocument.get_invalid_links` does."""
	for target in row.meta.get_fields_to_fetch(field.fieldname):
		if target.get("fetch_if_empty") and row.get(target.fieldname):
			continue
		if target.fetch_from.split(".")[-1] in values:
			row.set_fetch_from_value(doctype, target, frappe._dict(values))


def mark_unique(docs: Sequence[Document], unique: Sequence[Sequence[str]]) -> None:
	"""Marks the documents whose values nobody else has (`flags.known_unique`): their controllers need not
	ask. unique: see `insert_together`.

	Raises frappe.DuplicateEntryError for a value that two of them have, which their controllers would not see
	before one is stored: inserted one after the other, the second one is judged.
	"""
	good = {id(doc) for doc in docs}
	for fieldnames in unique:
		keys = {id(doc): _key(doc, fieldnames) for doc in docs}
		numbers = Counter(filter(None, keys.values()))
		taken = _read_taken(docs[0].doctype, fieldnames, set(numbers))
		if any(number > 1 for number in numbers.values()):
			frappe.throw(_("Two records have the same value."), frappe.DuplicateEntryError)
		good -= {place for place, key in keys.items() if key in taken}
	for doc in docs:
		doc.flags.known_unique = bool(unique) and id(doc) in good


def _key(doc: Document, fieldnames: Sequence[str]) -> tuple[str, ...] | None:
	values = tuple(str(doc.get(name) or "").strip().casefold() for name in fieldnames)
	return values if all(values) else None


def _read_taken(doctype: str, fieldnames: Sequence[str], keys: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
	if not keys:
		return set()
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(*(table[name] for name in fieldnames))
	for place, name in enumerate(fieldnames):
		query = query.where(table[name].isin(sorted({key[place] for key in keys})))
	return {tuple(str(value or "").strip().casefold() for value in row) for row in query.run()}
