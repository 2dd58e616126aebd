"""Whether a record of the journal can be undone: not when somebody has changed it since, or built on it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import get_datetime

from cronus_crm.base.record_links import find_dynamic_links, find_links
from cronus_crm.cronus_exchange.comparing.row_plans import shown
from cronus_crm.cronus_exchange.running.stored_rows import JOURNAL
from cronus_crm.cronus_exchange.targets.column_tables import get_label, get_value

CAN_BE_UNDONE, UNDONE, REFUSED = "Can be undone", "Undone", "Refused"

# What the framework keeps about a record by itself; nobody has built anything with it.
_NOT_BUILT_ON = frozenset(
	{
		"Access Log",
		"Activity Log",
		"Deleted Document",
		"Document Follow",
		"Email Unsubscribe",
		"Energy Point Log",
		"Milestone",
		"Notification Log",
		"Route History",
		"Version",
		"View Log",
	}
)


class JournalPage:
	"""Rows of the journal of an import, with what is stored of their records now.

	rows: `name`, `action`, `record_doctype`, `record_name`, `before`, `after`, `undone`, the latest first.
	"""

	def __init__(self, customer_import: str, rows: Sequence[dict]):
		self.customer_import, self.rows = customer_import, rows
		self.modified = self._read_modified()
		self.latest = self._read_latest()
		self.pointing = self._find_pointing()
		self.ours = self._read_ours({source for sources in self.pointing.values() for source in sources})

	def keep(self, row: dict) -> None:
		"""Notes that a record stays, so that what it points at stays too."""
		self.ours.discard((row["record_doctype"], row["record_name"]))

	def _names_by_doctype(self, action: str | None = None) -> dict[str, set[str]]:
		found = defaultdict(set)
		for row in self.rows:
			if not action or row["action"] == action:
				found[row["record_doctype"]].add(row["record_name"])
		return found

	def _read_modified(self) -> dict[tuple[str, str], tuple]:
		"""When and by whom each record was changed last; those that are gone are missing."""
		found = {}
		for doctype, names in self._names_by_doctype().items():
			table = DocType(doctype)
			query = frappe.qb.from_(table).select(table.name, table.modified, table.modified_by)
			# Locked, so that nobody changes them between the check and the undoing.
			for name, modified, user in query.where(table.name.isin(sorted(names))).for_update().run():
				found[doctype, name] = (modified, user)
		return found

	def _read_latest(self) -> dict[tuple[str, str], str]:
		"""The last change that this import has made to each record and not undone."""
		table = DocType(JOURNAL)
		names = sorted({row["record_name"] for row in self.rows})
		rows = (
			frappe.qb.from_(table)
			.select(table.record_doctype, table.record_name, table.after)
			.where((table.customer_import == self.customer_import) & table.record_name.isin(names))
			.where(table.undone.isnull() | (table.undone != UNDONE))
			.orderby(table.name)
			.run()
		)
		return {(doctype, name): json.loads(after or "{}").get("modified") for doctype, name, after in rows}

	def _find_pointing(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
		"""What points at each created record."""
		pointing = defaultdict(set)
		for doctype, names in self._names_by_doctype("Created").items():
			for find in (find_links, find_dynamic_links):
				for source, name in find(doctype, sorted(names), lambda found: found not in _NOT_BUILT_ON):
					if source != (doctype, name):
						pointing[doctype, name].add(source)
			for name in _list_with_files(doctype, names):
				pointing[doctype, name].add(("File", ""))
		return pointing

	def _read_ours(self, sources: set[tuple[str, str]]) -> set[tuple[str, str]]:
		"""Those that this import has created itself and undoes before."""
		names = sorted({name for _doctype, name in sources if name})
		if not names:
			return set()
		table = DocType(JOURNAL)
		rows = (
			frappe.qb.from_(table)
			.select(table.record_doctype, table.record_name)
			.where((table.customer_import == self.customer_import) & (table.action == "Created"))
			.where(table.record_name.isin(names) & table.undone.isin((CAN_BE_UNDONE, UNDONE)))
			.run()
		)
		here = {
			(row["record_doctype"], row["record_name"]) for row in self.rows if row["action"] == "Created"
		}
		return {tuple(row) for row in rows} | (here & sources)

	def find_refusal(self, row: dict) -> str | None:
		"""Why a row cannot be undone, translated; None when it can."""
		record = (row["record_doctype"], row["record_name"])
		if record not in self.modified:
			return _("it is not there any more")
		if row["action"] == "Updated":
			return self._find_change(row)
		modified, user = self.modified[record]
		if get_datetime(modified) != get_datetime(self.latest.get(record)):
			return _("{0} has changed it since, on {1}").format(user, frappe.format(modified, "Datetime"))
		if built := self.pointing.get(record, set()) - self.ours:
			doctypes = sorted({_(doctype) for doctype, _name in built})
			return _("there are records of it: {0}").format(", ".join(doctypes))
		return None

	def _find_change(self, row: dict) -> str | None:
		doc = frappe.get_doc(row["record_doctype"], row["record_name"])
		for fieldname, value in json.loads(row["after"] or "{}").items():
			if fieldname == "modified" or isinstance(value, list):
				continue
			if not is_equal(doc, fieldname, value):
				label, value = get_label(doc.meta, fieldname), get_value(doc, fieldname)
				return _("{0} was changed since, to {1}").format(label, value)
		return None


def is_equal(doc: Document, fieldname: str, value: Any) -> bool:
	"""True when a field of a document has the value that the journal keeps."""
	now = shown(get_value(doc, fieldname))
	if now in (None, "", 0) and value in (None, "", 0):
		return True
	if isinstance(now, int | float) and isinstance(value, int | float):
		return abs(now - value) < 1e-9
	return now == value


def _list_with_files(doctype: str, names: set[str]) -> list[str]:
	return frappe.get_all(
		"File",
		{"attached_to_doctype": doctype, "attached_to_name": ("in", sorted(names))},
		pluck="attached_to_name",
		order_by="creation asc",
	)
