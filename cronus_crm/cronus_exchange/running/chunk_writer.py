"""Writes the records of a chunk of rows: all together, and one row after the other where one of them
fails."""

import re
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import strip_html

from cronus_crm.cronus_exchange.comparing.import_settings import ImportSettings
from cronus_crm.cronus_exchange.comparing.row_plans import REFUSED, WRITTEN, RowPlan
from cronus_crm.cronus_exchange.running.attempts import attempt
from cronus_crm.cronus_exchange.running.part_records import Entry, RecordWriter

# How the framework says that fields are empty which must not be.
_MISSING = re.compile(r"\[(?P<doctype>[^,\]]+), [^\]]*\]: (?P<fields>[\w, ]+)")


class ChunkWriter:
	"""settings: of the import."""

	def __init__(self, settings: ImportSettings):
		self.settings = settings
		self.records = RecordWriter(settings.country, is_quiet=not settings.runs_automation)

	@property
	def entries(self) -> list[Entry]:
		"""What was written since it was made, in the order in which it was."""
		return self.records.entries

	def write(self, plans: Sequence[RowPlan]) -> None:
		"""Writes what the plans say, in the transaction of the caller, and sets their outcomes: Written, or
		Refused with the reason. A plan that is refused leaves nothing behind."""
		if not plans:
			return
		if not self.settings.runs_automation and not self._catch(self._write_together, plans):
			for plan in plans:
				plan.outcome = WRITTEN
			return
		for plan in plans:
			if reason := self._catch(self._write_one, plan):
				plan.refuse(reason, REFUSED)
			else:
				plan.outcome = WRITTEN

	def _catch(self, action, argument) -> str | None:
		"""Runs an action; where it fails, gives back the reason and rolls back what it has written."""
		written = len(self.entries)
		failure = attempt(lambda: action(argument), describe_error)
		if not failure:
			return None
		names = self.records.forget(written)
		for plan in argument if isinstance(argument, Sequence) else [argument]:
			_forget(plan, names)
		return failure.reason

	def _write_together(self, plans: Sequence[RowPlan]) -> None:
		writes = list({id(write): write for plan in plans for write in plan.writes}.values())
		for part in self.settings.target.parts:
			due = [write for write in writes if write.part is part and not write.written]
			if new := [write for write in due if write.is_new]:
				self.records.insert_together(new)
			for write in due:
				if write not in new and write.changes:
					self.records.update(write)

	def _write_one(self, plan: RowPlan) -> None:
		for write in plan.writes:
			if write.written:
				continue
			if write.is_new:
				self.records.insert(write)
			elif write.changes:
				self.records.update(write)


def _forget(plan: RowPlan, names: set[str]) -> None:
	"""Makes the plan's records unwritten again, after a rollback."""
	for write in plan.writes:
		if write.written and write.name in names:
			write.written = False
			if not write.changes:
				write.name = None


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
