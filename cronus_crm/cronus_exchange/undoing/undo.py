"""Undoes an import by its journal, the latest record first: its dry run, and the undoing itself.

What was created is deleted, and what was changed gets its values back, one record after the other; a record
that somebody has changed or built on since stays, with the reason in its row of the journal.
"""

import json
from collections.abc import Iterator, Sequence

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.cronus_exchange.running import import_state
from cronus_crm.cronus_exchange.running.attempts import is_fatal
from cronus_crm.cronus_exchange.running.chunk_writer import describe_error
from cronus_crm.cronus_exchange.running.import_state import Checkpoint
from cronus_crm.cronus_exchange.running.quiet_events import make_quiet
from cronus_crm.cronus_exchange.running.stored_rows import JOURNAL
from cronus_crm.cronus_exchange.targets.column_tables import set_value
from cronus_crm.cronus_exchange.targets.target import find_target
from cronus_crm.cronus_exchange.undoing.batch_delete import delete_together
from cronus_crm.cronus_exchange.undoing.undo_checks import CAN_BE_UNDONE, REFUSED, UNDONE, JournalPage

CHUNK_RECORDS = 100

_COLUMNS = ("name", "action", "record_doctype", "record_name", "before", "after", "undone")
_SAVEPOINT = "cronus_undo"
# Behind every name of a row of a journal.
_END = "~"

Page = Sequence[dict]


class CheckUndo:
	"""The dry run of undoing: says of each record whether it can be undone."""

	def __init__(self, doc: Document):
		self.name = doc.name
		self.checkpoint: Checkpoint | None = None
		# Parents stand before what belongs to them.
		self.doctypes = [part.doctype for part in find_target(doc.target).parts]

	def list_steps(self, checkpoint: Checkpoint) -> Iterator[Page]:
		"""Pages of the journal from the checkpoint on."""
		self.checkpoint = checkpoint
		table = DocType(JOURNAL)
		before = checkpoint.undo_before or f"{self.name}{_END}"
		while True:
			page = (
				frappe.qb.from_(table)
				.select(*(table[column] for column in _COLUMNS))
				.where((table.customer_import == self.name) & (table.name < before))
				.orderby(table.name, order=frappe.qb.desc)
				.limit(CHUNK_RECORDS)
				.run(as_dict=True)
			)
			if not page:
				return
			before = page[-1]["name"]
			yield page

	def do(self, page: Page) -> None:
		"""Checks a page and moves the checkpoint, in the transaction of the caller."""
		import_state.lock_checkpoint(self.name, self.checkpoint)
		due = [row for row in page if row["undone"] != UNDONE]
		found = JournalPage(self.name, due) if due else None
		answers = {row["name"]: found.find_refusal(row) for row in due}
		self.mark(answers, CAN_BE_UNDONE)
		refused = sum(bool(refusal) for refusal in answers.values())
		self.move_on(page, {"records_to_undo": len(due) - refused, "records_not_undone": refused})

	def mark(self, answers: dict[str, str | None], good: str) -> None:
		"""Writes what came of rows into the journal. answers: by name of the row, why it is refused, or None.
		good: what is written for the others."""
		table = DocType(JOURNAL)
		names = [name for name, refusal in answers.items() if not refusal]
		if names:
			query = frappe.qb.update(table).set(table.undone, good).set(table.refusal, None)
			query.where(table.name.isin(names)).run()
		for name, refusal in answers.items():
			if refusal:
				values = {"undone": REFUSED, "refusal": refusal}
				frappe.db.set_value(JOURNAL, name, values, update_modified=False)

	def move_on(self, page: Page, counts: dict[str, int]) -> None:
		"""Moves the checkpoint behind a page."""
		before = page[-1]["name"]
		import_state.add_counts(self.name, rows_done=len(page), **counts)
		import_state.write_state(self.name, undo_before=before)
		frappe.db.after_commit.add(lambda: setattr(self.checkpoint, "undo_before", before))

	def finish(self) -> None:
		"""Nothing is left to do."""


class Undo(CheckUndo):
	"""Undoes the records of the journal that its dry run has allowed and that can still be undone."""

	def do(self, page: Page) -> None:
		"""Undoes a page and moves the checkpoint, in the transaction of the caller."""
		import_state.lock_checkpoint(self.name, self.checkpoint)
		due = [row for row in page if row["undone"] == CAN_BE_UNDONE]
		answers = {}
		if due:
			found = JournalPage(self.name, due)
			for rows in self._group(due):
				answers |= self._undo_together(rows, found)
		self.mark(answers, UNDONE)
		refused = sum(bool(refusal) for refusal in answers.values())
		self.move_on(page, {"records_undone": len(answers) - refused, "records_not_undone": refused})

	def _group(self, rows: Page) -> list[list[dict]]:
		"""Rows by action and DocType: first all changes, then what was created, the last kind of record
		first, so that what belongs to a record is undone before it."""
		groups: dict[tuple[bool, int], list[dict]] = {}
		for row in rows:
			place = (row["action"] == "Created", -self.doctypes.index(row["record_doctype"]))
			groups.setdefault(place, []).append(row)
		return [groups[place] for place in sorted(groups)]

	def _undo_together(self, rows: list[dict], found: JournalPage) -> dict[str, str | None]:
		"""Undoes rows of one DocType and one action; gives back why not, by the name of each."""
		answers = {row["name"]: found.find_refusal(row) for row in rows}
		good = [row for row in rows if not answers[row["name"]]]
		if good and good[0]["action"] == "Created" and self._try(self._delete, good) is None:
			good = []
		for row in good:
			answers[row["name"]] = self._try(self._undo_one, row)
		for row in rows:
			if answers[row["name"]]:
				found.keep(row)
		return answers

	def _try(self, action, argument) -> str | None:
		"""Runs an action; where it fails, gives back the reason and rolls back what it has done."""
		frappe.db.savepoint(_SAVEPOINT)
		try:
			action(argument)
		except Exception as error:
			if is_fatal(error):
				raise
			frappe.db.rollback(save_point=_SAVEPOINT)
			return describe_error(error)
		return None

	def _delete(self, rows: list[dict]) -> None:
		delete_together(rows[0]["record_doctype"], [row["record_name"] for row in rows])

	def _undo_one(self, row: dict) -> None:
		if row["action"] == "Created":
			self._delete([row])
		else:
			self._restore(row)

	def _restore(self, row: dict) -> None:
		before, after = json.loads(row["before"] or "{}"), json.loads(row["after"] or "{}")
		doc = frappe.get_doc(row["record_doctype"], row["record_name"], for_update=True)
		for fieldname, value in after.items():
			if isinstance(value, list):
				doc.set(fieldname, [child for child in doc.get(fieldname) if not _is_added(child, value)])
			elif fieldname != "modified":
				set_value(doc, fieldname, before.get(fieldname))
		make_quiet(doc)
		doc.save()
		self._keep_moment(row, doc)

	def _keep_moment(self, row: dict, doc: Document) -> None:
		"""Gives a record that this import has made or changed before the moment of that, by which its own
		row of the journal knows that nobody else has changed it."""
		table = DocType(JOURNAL)
		earlier = (
			frappe.qb.from_(table)
			.select(table.after)
			.where((table.customer_import == self.name) & (table.record_doctype == doc.doctype))
			.where((table.record_name == doc.name) & (table.name < row["name"]))
			.orderby(table.name, order=frappe.qb.desc)
			.limit(1)
			.run()
		)
		if earlier:
			modified = json.loads(earlier[0][0] or "{}").get("modified")
			doc.db_set("modified", modified, update_modified=False)


def _is_added(child: Document, texts: Sequence[str]) -> bool:
	return any(child.get(fieldname) in texts for fieldname in ("email_id", "phone"))
