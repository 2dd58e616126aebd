"""Writes records: new ones of a part together, and changes of stored ones, with what each of them was
before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_crm.sellers.reassignment_notices import TOLD_LATER
from cronus_crm.cronus_exchange.comparing.row_plans import Write, shown
from cronus_crm.cronus_exchange.running.batch_insert import insert_together
from cronus_crm.cronus_exchange.running.quiet_events import make_quiet
from cronus_crm.cronus_exchange.targets.column_tables import get_value, set_value


@dataclass(frozen=True)
class Entry:
	"""A record that was written, for the journal. before, after: values by field of a stored record, and of
	any the moment of its change (`modified`)."""

	line: int
	action: str
	doctype: str
	name: str
	before: dict
	after: dict


class RecordWriter:
	"""country: of addresses that say none. is_quiet: nothing is sent to anybody, see `quiet_events.py`.
	entries: what was written since it was made, in the order in which it was."""

	def __init__(self, country: str | None, is_quiet: bool):
		self.country, self.is_quiet = country, is_quiet
		self.entries: list[Entry] = []

	def insert_together(self, writes: Sequence[Write]) -> None:
		"""Inserts new records of one part, quietly."""
		docs = [self._build(write) for write in writes]
		insert_together(docs, writes[0].part.unique)
		for write, doc in zip(writes, docs, strict=True):
			self._note_created(write, doc)

	def insert(self, write: Write) -> None:
		"""Inserts a new record by itself."""
		doc = self._build(write)
		if self.is_quiet:
			make_quiet(doc)
		doc.insert()
		self._note_created(write, doc)

	def update(self, write: Write) -> None:
		"""Changes a stored record by what its `Write` changes."""
		doc = frappe.get_doc(write.part.doctype, write.name, for_update=True)
		changed = {name: write.values[name] for name in write.changes if name in write.values}
		if write.part.merge:
			changes = write.part.merge(doc, changed)
		else:
			changes = {name: [get_value(doc, name), value] for name, value in changed.items()}
			for name, value in changed.items():
				set_value(doc, name, value)
		if self.is_quiet:
			make_quiet(doc)
		doc.flags[TOLD_LATER] = True
		doc.save()
		write.written, write.doc = True, doc
		self._note_updated(write, doc, changes)

	def forget(self, number: int) -> set[str]:
		"""Forgets what was written after the first `number` entries, once it was rolled back; gives back the
		names of these records."""
		forgotten = {entry.name for entry in self.entries[number:]}
		del self.entries[number:]
		return forgotten

	def _build(self, write: Write) -> Document:
		values = {name: value for name, value in write.values.items() if value is not None}
		if write.part.build:
			return write.part.build(values, self._load_above(write))
		doc = frappe.new_doc(write.part.doctype)
		for name, value in values.items():
			set_value(doc, name, value)
		if write.above and write.part.parent_field:
			doc.set(write.part.parent_field, write.above.name)
		return doc

	def _load_above(self, write: Write) -> dict[str, frappe._dict]:
		"""The records that a new one belongs to, by the names of their parts."""
		found, above = {}, write.above
		while above:
			found[above.part.name] = frappe._dict(
				doctype=above.part.doctype, name=above.name, country=self.country
			)
			above = above.above
		return found

	def _note_created(self, write: Write, doc: Document) -> None:
		write.name, write.written, write.doc = doc.name, True, doc
		self.entries.append(
			Entry(write.line, "Created", doc.doctype, doc.name, {}, {"modified": str(doc.modified)})
		)

	def _note_updated(self, write: Write, doc: Document, changes: dict) -> None:
		after = {name: _plain(_read_after(doc, name, change[1])) for name, change in changes.items()}
		self.entries.append(
			Entry(
				write.line,
				"Updated",
				doc.doctype,
				doc.name,
				{name: _plain(change[0]) for name, change in changes.items()},
				{**after, "modified": str(doc.modified)},
			)
		)


def _read_after(doc: Document, name: str, written):
	"""What stands in a saved record of a value that was written: its controller may have put it into another
	form. Lists, and whose contact it is, are no fields of the record."""
	is_field = doc.meta.has_field(name) or ":" in name
	return get_value(doc, name) if is_field and not isinstance(written, list) else written


def _plain(value):
	return value if isinstance(value, list) else shown(value)


def write_json(value) -> str | None:
	"""A value as JSON without spaces; None for an empty one."""
	return json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":")) if value else None
