"""Writes the records of a chunk of rows: all together, and one row after the other where one of them
fails."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from cronus_crm.cronus_crm.sellers.reassignment_notices import TOLD_LATER
from cronus_crm.cronus_exchange.comparing.import_settings import ImportSettings
from cronus_crm.cronus_exchange.comparing.row_plans import REFUSED, WRITTEN, RowPlan, Write, shown
from cronus_crm.cronus_exchange.running.batch_insert import insert_together
from cronus_crm.cronus_exchange.running.quiet_events import make_quiet
from cronus_crm.cronus_exchange.targets.column_tables import get_value, set_value

_SAVEPOINT = "cronus_import"

# How the framework says that fields are empty which must not be.
_MISSING = re.compile(r"\[(?P<doctype>[^,\]]+), [^\]]*\]: (?P<fields>[\w, ]+)")


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


class ChunkWriter:
	"""settings: of the import. entries: what was written since it was made, in the order in which it was."""

	def __init__(self, settings: ImportSettings):
		self.settings = settings
		self.entries: list[Entry] = []

	def write(self, plans: Sequence[RowPlan]) -> None:
		"""Writes what the plans say, in the transaction of the caller, and sets their outcomes: Written, or
		Refused with the reason. A plan that is refused leaves nothing behind."""
		if not plans:
			return
		if not self.settings.runs_automation and self._try(self._write_together, plans):
			for plan in plans:
				plan.outcome = WRITTEN
			return
		for plan in plans:
			if error := self._catch(self._write_one, plan):
				plan.refuse(error, REFUSED)
			else:
				plan.outcome = WRITTEN

	def _try(self, action, plans: Sequence[RowPlan]) -> bool:
		return self._catch(action, plans) is None

	def _catch(self, action, argument) -> str | None:
		"""Runs an action; where it fails, gives back the reason and rolls back what it has written."""
		written = len(self.entries)
		frappe.db.savepoint(_SAVEPOINT)
		try:
			action(argument)
		except Exception as error:
			if is_fatal(error):
				raise
			frappe.db.rollback(save_point=_SAVEPOINT)
			for plan in argument if isinstance(argument, Sequence) else [argument]:
				_forget(plan, {entry.name for entry in self.entries[written:]})
			del self.entries[written:]
			return describe_error(error)
		return None

	def _write_together(self, plans: Sequence[RowPlan]) -> None:
		writes = list({id(write): write for plan in plans for write in plan.writes}.values())
		for part in self.settings.target.parts:
			due = [write for write in writes if write.part is part and not write.written]
			new = [write for write in due if write.is_new]
			if new:
				docs = [self._build(write) for write in new]
				insert_together(docs, part.unique)
				for write, doc in zip(new, docs, strict=True):
					self._note_created(write, doc)
			for write in due:
				if write not in new and write.changes:
					self._update(write)

	def _write_one(self, plan: RowPlan) -> None:
		for write in plan.writes:
			if write.written:
				continue
			if write.is_new:
				doc = self._build(write)
				if not self.settings.runs_automation:
					make_quiet(doc)
				doc.insert()
				self._note_created(write, doc)
			elif write.changes:
				self._update(write)

	def _build(self, write: Write) -> Document:
		values = {name: value for name, value in write.values.items() if value is not None}
		above = self._load_above(write)
		if write.part.build:
			return write.part.build(values, above)
		doc = frappe.new_doc(write.part.doctype)
		for name, value in values.items():
			set_value(doc, name, value)
		if write.above and write.part.parent_field:
			doc.set(write.part.parent_field, write.above.name)
		return doc

	def _load_above(self, write: Write) -> dict[str, frappe._dict]:
		if not write.above:
			return {}
		record = frappe._dict(
			doctype=write.above.part.doctype, name=write.above.name, country=self.settings.country
		)
		return {write.above.part.name: record}

	def _note_created(self, write: Write, doc: Document) -> None:
		write.name, write.written = doc.name, True
		self.entries.append(
			Entry(write.line, "Created", doc.doctype, doc.name, {}, {"modified": str(doc.modified)})
		)

	def _update(self, write: Write) -> None:
		doc = frappe.get_doc(write.part.doctype, write.name, for_update=True)
		changed = {name: write.values[name] for name in write.changes if name in write.values}
		if write.part.merge:
			changes = write.part.merge(doc, changed)
		else:
			changes = {name: [get_value(doc, name), value] for name, value in changed.items()}
			for name, value in changed.items():
				set_value(doc, name, value)
		if not self.settings.runs_automation:
			make_quiet(doc)
		doc.flags[TOLD_LATER] = True
		doc.save()
		write.written = True
		self.entries.append(
			Entry(
				write.line,
				"Updated",
				doc.doctype,
				doc.name,
				{name: _plain(change[0]) for name, change in changes.items()},
				{
					**{
						name: _plain(change[1] if isinstance(change[1], list) else get_value(doc, name))
						for name, change in changes.items()
					},
					"modified": str(doc.modified),
				},
			)
		)


def _plain(value):
	return value if isinstance(value, list) else shown(value)


def _forget(plan: RowPlan, names: set[str]) -> None:
	"""Makes the plan's records unwritten again, after a rollback."""
	for write in plan.writes:
		if write.written and write.name in names:
			write.written = False
			if not write.changes:
				write.name = None


def is_fatal(error: Exception) -> bool:
	"""True for an error after which the transaction, or the connection, is gone."""
	return isinstance(
		error, frappe.QueryDeadlockError | frappe.QueryTimeoutError | frappe.db.OperationalError
	)


def describe_error(error: Exception) -> str:
	"""Why a record was not written, as text for people. What is not of the framework's errors is logged."""
	said = [message.get("message") for message in frappe.get_message_log()]
	frappe.clear_messages()
	if isinstance(error, frappe.UniqueValidationError) and said:
		# Its own text is the database's; what it has told people names the field.
		return strip_html(said[-1]).strip()
	if isinstance(error, frappe.ValidationError | frappe.PermissionError):
		text = strip_html(str(error)).strip()
		if missing := _MISSING.fullmatch(text):
			return _say_missing(missing["doctype"], missing["fields"].split(", "))
		return text or _("it is refused: {0}").format(type(error).__name__)
	frappe.log_error(title="Cronus Customer Import", message=frappe.get_traceback())
	return _("it could not be written: {0}").format(strip_html(str(error))[:200])


def _say_missing(doctype: str, fieldnames: Sequence[str]) -> str:
	meta = frappe.get_meta(doctype)
	labels = (_(meta.get_label(fieldname.strip()), context=doctype) for fieldname in fieldnames)
	return _("it needs {0}. Fill that in, or give new records a first value for it").format(", ".join(labels))


def write_json(value) -> str | None:
	"""A value as JSON without spaces; None for an empty one."""
	return json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":")) if value else None
