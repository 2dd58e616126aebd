"""What has changed here, for those who ask what changed since: a row for each record (Cronus Changed Record).

Moments do not tell it: a transaction that began earlier may be committed later, and then stands before what
was read already. So a row is written without a number in the transaction of the change, and gets its number
when a reader first sees it committed, under a lock. Numbers rise in the order in which they are committed:
whoever has read up to one has missed nothing before it.

A record that changes again loses its number until it is seen again. So the log is as large as there are
records, and each is told with what it is now. It begins when an ERP asks for the first time, see `noting.py`.
"""

from collections.abc import Iterable, Sequence
from hashlib import md5
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import now
from pypika import Case
from pypika.terms import Values

from cronus_crm.base import sales_documents
from cronus_crm.base.batches import split_batches
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.cronus_exchange.owning.owned_fields import list_told_doctypes
from cronus_crm.cronus_exchange.pulling import noting
from cronus_crm.cronus_exchange.pushing.told_now import source_told_now

CHANGED = "Cronus Changed Record"

# Documents that the ERP itself has told.
EXTERNAL_DOCUMENT = "Cronus External Document"

# Set on a document whose change is noted by whoever writes many.
NOTED_FLAG = "cronus_change_noted"

# Rows that get a number in one statement.
_AT_ONCE = 1000


class Change(NamedTuple):
	"""number: its place in the log. told_by: the Cronus Source that has told all of its changes, or ""."""

	number: int
	record_doctype: str
	record_name: str
	told_by: str
	is_deleted: int


def note_changes(doctype: str, names: Iterable[str], is_deleted: bool = False) -> None:
	"""Notes that records have changed, in the transaction of the change. For whoever writes by SQL; saves are
	noted by their events."""
	if not noting.is_on():
		return
	stamp, user, source = now(), frappe.session.user, source_told_now() or ""
	rows = [
		(_row_name(doctype, name), stamp, stamp, user, user, doctype, name, source, int(is_deleted))
		for name in sorted(names)
	]
	for batch in split_batches(rows, _AT_ONCE):
		_write(batch)


def _write(rows: Sequence[tuple]) -> None:
	"""One statement for all rows. What somebody else has changed as well is nobody's alone any more."""
	changed = DocType(CHANGED)
	by_same = Case().when(changed.told_by == Values(changed.told_by), changed.told_by).else_("")
	(
		frappe.qb.into(changed)
		.columns(
			"name",
			"creation",
			"modified",
			"owner",
			"modified_by",
			"record_doctype",
			"record_name",
			"told_by",
			"is_deleted",
		)
		.insert(*rows)
		.on_duplicate_key_update(changed.number, 0)
		.on_duplicate_key_update(changed.told_by, by_same)
		.on_duplicate_key_update(changed.is_deleted, Values(changed.is_deleted))
		.on_duplicate_key_update(changed.modified, Values(changed.modified))
		.on_duplicate_key_update(changed.modified_by, Values(changed.modified_by))
		.run()
	)


def _row_name(doctype: str, name: str) -> str:
	return md5(f"{doctype}\n{name}".encode(), usedforsecurity=False).hexdigest()


def note_inserted(doctype: str, names: Iterable[str]) -> None:
	"""The same for new records of any DocType; only those of which an ERP is told are noted."""
	if doctype in list_told_doctypes():
		note_changes(doctype, names)


def on_change(doc: Document, method: str | None = None) -> None:
	"""Event `on_change` of the records of which an ERP is told."""
	if not doc.flags.get(NOTED_FLAG):
		note_changes(doc.doctype, [doc.name])


def on_rename(doc: Document, method: str, former: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename`: the former name is gone."""
	note_changes(doc.doctype, [former], is_deleted=True)
	note_changes(doc.doctype, [new])


def on_delete(doc: Document, method: str | None = None) -> None:
	"""Event `after_delete`."""
	note_changes(doc.doctype, [doc.name], is_deleted=True)


def on_document(doc: Document, document: SalesDocument, *origins) -> None:
	"""Of `cronus_on_issue`, `cronus_on_cancel` and `cronus_on_change`: a document of ours, whatever its app,
	and those that it was made from, whose balance it changes. What an ERP has issued is not told to ERPs."""
	keys = {(document.doctype, document.name), *document.origins}
	for doctype, name in sorted(keys):
		if doctype != EXTERNAL_DOCUMENT and doctype in sales_documents.registered_doctypes():
			note_changes(doctype, [name])


def number_changes() -> None:
	"""Gives numbers to changes that are committed and have none.

	Ends the transaction: numbers are seen by others in their order because they are given and committed under
	the lock of their counter.
	"""
	found = _list_unnumbered()
	if found:
		last = _take_numbers(len(found))
		names = _lock_unnumbered(found)
		changed = DocType(CHANGED)
		for number, name in enumerate(names, start=last - len(found) + 1):
			frappe.qb.update(changed).set(changed.number, number).where(changed.name == name).run()
	frappe.db.commit()


def _list_unnumbered() -> list[str]:
	"""The oldest changes that this transaction sees without a number."""
	changed = DocType(CHANGED)
	return (
		frappe.qb.from_(changed)
		.select(changed.name)
		.where(changed.number == 0)
		.orderby(changed.modified)
		.limit(_AT_ONCE)
		.run(pluck=True)
	)


def _lock_unnumbered(names: list[str]) -> list[str]:
	"""Those of the changes that still have no number, without those that a transaction at work is changing
	again: they get theirs when it is over. By the primary key, which locks no others."""
	return frappe.db.sql(
		"""select name from `tabCronus Changed Record` force index (primary)
		where name in %(names)s and number = 0 order by name for update skip locked""",
		{"names": tuple(names)},
		pluck=True,
	)


def _take_numbers(count: int) -> int:
	"""The last of so many new numbers; their counter stays locked until the transaction ends."""
	((last,),) = frappe.db.sql(
		"""insert into `tabSeries` (name, current) values (%(counter)s, %(count)s)
		on duplicate key update current = current + %(count)s returning current""",
		{"counter": noting.COUNTER, "count": count},
	)
	return last


def last_number() -> int:
	"""The last number that was given and committed."""
	series = DocType("Series")
	rows = frappe.qb.from_(series).select(series.current).where(series.name == noting.COUNTER).run()
	return rows[0][0] if rows else 0


def read_changes(after: int, limit: int) -> list[Change]:
	"""The numbered changes after a number, in their order."""
	changed = DocType(CHANGED)
	rows = (
		frappe.qb.from_(changed)
		.select(
			changed.number,
			changed.record_doctype,
			changed.record_name,
			changed.told_by,
			changed.is_deleted,
		)
		.where(changed.number > after)
		.orderby(changed.number)
		.limit(limit)
		.run()
	)
	return [Change(*row) for row in rows]
