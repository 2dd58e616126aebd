"""Pages of changes for a source: what stands here at first, then what changed, and what it is asked to tell
again.

Each record is told with what it is when the page is read, at least once after each of its changes. What the
source has told itself is not told back to it; a record that somebody else has changed as well may be.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe import _

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import is_number
from cronus_crm.cronus_exchange.owning.owned_fields import list_told_doctypes
from cronus_crm.cronus_exchange.pulling import change_log, noting
from cronus_crm.cronus_exchange.pulling.asks import EXTERNAL
from cronus_crm.cronus_exchange.pulling.change_log import EXTERNAL_DOCUMENT, Change
from cronus_crm.cronus_exchange.pulling.cursors import Cursor, read_cursor
from cronus_crm.cronus_exchange.pulling.record_data import find_ids, read_records

DEFAULT_LENGTH, MOST = 200, 500

CHANGED, DELETED, ASKED = "changed", "deleted", "asked"

# What the rows of each DocType are called; commercial documents are "document".
KINDS = {
	"Cronus Product": "product",
	"Cronus Customer": "customer",
	"Cronus Customer Branch": "branch",
	"Contact": "contact",
	"Cronus Product Price": "price",
}


@dataclass(frozen=True)
class _Page:
	"""changes: in the order in which they are told. cursor: for the next page. has_more: whether there is one
	already."""

	changes: Sequence[Change]
	cursor: Cursor
	has_more: bool


def list_doctypes() -> list[str]:
	"""The DocTypes of which a source is told, in the order in which their records refer to each other; at
	last, that of what it is asked for."""
	documents = [one for one in sales_documents.registered_doctypes() if one != EXTERNAL_DOCUMENT]
	told = list_told_doctypes()
	return [*(doctype for doctype in KINDS if doctype in told), *documents, EXTERNAL]


def read_limit(value: int | str) -> int:
	"""How many rows a page has at most. Raises frappe.ValidationError for what is no whole number from 1 to
	MOST."""
	if is_number(value) and float(value) in range(1, MOST + 1):
		return int(float(value))
	frappe.throw(_("{0} has to be a whole number from 1 to {1}.").format(frappe.bold("limit"), MOST))


def read_page(source: str, cursor: str | None, limit: int) -> dict:
	"""A page of what changed: `rows`, `cursor` for the next page, `more` when there is one already.

	source: name of the Cronus Source. cursor: of the page before; None or "" to begin with everything.

	Raises frappe.ValidationError for a wrong cursor. Ends the transaction, see `change_log.number_changes`.
	"""
	if not cursor:
		noting.switch_on()
	change_log.number_changes()
	place = read_cursor(cursor) if cursor else Cursor(change_log.last_number(), doctype=0)
	if place.doctype is not None:
		page = _list_everything(source, place, limit)
	else:
		page = _list_changes(place, limit)
	rows = _describe(source, page.changes)
	return {"rows": rows, "cursor": page.cursor.write(), "more": page.has_more}


def _list_changes(place: Cursor, limit: int) -> _Page:
	changes = change_log.read_changes(place.number, limit)
	last = changes[-1].number if changes else place.number
	return _Page(changes, Cursor(last), len(changes) == limit)


def _list_everything(source: str, place: Cursor, limit: int) -> _Page:
	"""Records of one DocType, by their names."""
	doctypes = list_doctypes()
	if place.doctype >= len(doctypes):
		return _Page([], Cursor(place.number), True)
	doctype = doctypes[place.doctype]
	names = _list_names(source, doctype, place.name, limit)
	changes = [Change(place.number, doctype, name, "", 0) for name in names]
	if len(names) == limit:
		return _Page(changes, Cursor(place.number, place.doctype, names[-1]), True)
	return _Page(changes, Cursor(place.number, place.doctype + 1), True)


def _list_names(source: str, doctype: str, after: str, limit: int) -> list[str]:
	after_name = {"name": (">", after)}
	if doctype != EXTERNAL:
		return frappe.get_list(doctype, filters=after_name, pluck="name", order_by="name asc", limit=limit)
	# Nobody reads these by themselves; of its own, a source is told what it is asked for.
	asked = {**after_name, "source": source, "asked_on": ("is", "set")}
	return frappe.get_all(doctype, filters=asked, pluck="name", order_by="name asc", limit=limit)


def _describe(source: str, changes: Sequence[Change]) -> list[dict]:
	told = [change for change in changes if change.told_by != source]
	by_doctype = defaultdict(list)
	for change in told:
		if not change.is_deleted:
			by_doctype[change.record_doctype].append(change.record_name)
	asked = _read_asked(source, by_doctype.pop(EXTERNAL, []))
	records = {doctype: read_records(doctype, names, source) for doctype, names in by_doctype.items()}
	ids = _read_ids(source, told)
	rows = []
	for change in told:
		key = (change.record_doctype, change.record_name)
		if change.record_doctype == EXTERNAL:
			rows.extend(asked.get(change.record_name, ()))
		elif change.is_deleted:
			rows.append(_describe_deleted(key, ids.get(key)))
		elif found := records[change.record_doctype].get(change.record_name):
			rows.append({"change": CHANGED, "kind": _kind_of(key[0]), "id": ids.get(key), **found})
	return rows


def _describe_deleted(key: tuple[str, str], external_id: str | None) -> dict:
	return {"change": DELETED, "kind": _kind_of(key[0]), "id": external_id, "name": key[1]}


def _kind_of(doctype: str) -> str:
	return KINDS.get(doctype, "document")


def _read_asked(source: str, names: list[str]) -> dict[str, list[dict]]:
	"""By name of the Cronus External Record, the row that asks to tell it again; only of this source, and
	while it is still asked for."""
	if not names:
		return {}
	found = frappe.get_all(
		EXTERNAL,
		filters={"name": ("in", names), "source": source, "asked_on": ("is", "set")},
		fields=["name", "kind", "external_id", "record_name"],
		order_by="name asc",
	)
	return {
		row.name: [
			{
				"change": ASKED,
				"kind": row.kind.lower(),
				"id": row.external_id,
				"name": row.record_name,
			}
		]
		for row in found
	}


def _read_ids(source: str, changes: Sequence[Change]) -> dict[tuple[str, str], str]:
	"""The external ids by (DocType, name), of the records that this source has told."""
	by_doctype = defaultdict(set)
	for change in changes:
		by_doctype[change.record_doctype].add(change.record_name)
	found = {}
	for doctype, names in by_doctype.items():
		for name, external_id in find_ids(source, doctype, names).items():
			found[doctype, name] = external_id
	return found
