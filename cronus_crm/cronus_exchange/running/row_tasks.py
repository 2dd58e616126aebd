"""The dry run and the run of an import: rows in chunks, from the checkpoint to the end of the file."""

from collections import Counter
from collections.abc import Iterator, Sequence

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_crm.sellers import reassignment_notices
from cronus_crm.cronus_exchange.comparing.compare import Comparer
from cronus_crm.cronus_exchange.comparing.import_settings import read_settings
from cronus_crm.cronus_exchange.comparing.row_plans import (
	REFUSED,
	SIMILAR,
	WRITING,
	WRONG,
	RowPlan,
)
from cronus_crm.cronus_exchange.comparing.similar_records import SimilarRecords
from cronus_crm.cronus_exchange.reading.rows import Row, iterate_data
from cronus_crm.cronus_exchange.running import import_state, stored_rows
from cronus_crm.cronus_exchange.running.chunk_writer import ChunkWriter
from cronus_crm.cronus_exchange.running.import_state import COUNTS, Checkpoint

# Rows of a chunk: what a transaction holds locks for, and what is lost with it.
CHUNK_ROWS = 200

Chunk = Sequence[Row]


class RowTask:
	"""What the dry run and the run have in common. doc: the import."""

	def __init__(self, doc: Document):
		self.name, self.settings = doc.name, read_settings(doc)
		self.comparer = Comparer(self.settings)
		self.checkpoint: Checkpoint | None = None

	def list_steps(self, checkpoint: Checkpoint) -> Iterator[Chunk]:
		"""The chunks from the checkpoint on."""
		self.checkpoint = checkpoint
		settings, chunk = self.settings, []
		for row in iterate_data(settings.path, settings.reading, settings.file_name):
			if row.line < checkpoint.next_line:
				continue
			chunk.append(row)
			if len(chunk) == CHUNK_ROWS:
				yield chunk
				chunk = []
		if chunk:
			yield chunk

	def do(self, chunk: Chunk) -> None:
		"""Does a chunk and moves the checkpoint, in the transaction of the caller."""
		raise NotImplementedError

	def finish(self) -> None:
		"""What is left when all chunks are done."""

	def move_on(self, chunk: Chunk, counts: dict[str, int]) -> None:
		"""Moves the checkpoint behind a chunk; `lock_checkpoint` has been called."""
		next_line = chunk[-1].line + 1
		import_state.add_counts(self.name, rows_done=len(chunk), **counts)
		import_state.write_state(self.name, next_line=next_line)
		frappe.db.after_commit.add(lambda: setattr(self.checkpoint, "next_line", next_line))


class CheckRows(RowTask):
	"""The dry run: what each row would do. New and changed records are written and rolled back, so that it
	knows what the checks of every app would say."""

	def __init__(self, doc: Document):
		super().__init__(doc)
		self.similar = SimilarRecords(self.settings.target, self.settings.formats.country)

	def do(self, chunk: Chunk) -> None:
		plans = self.comparer.plan_rows(chunk)
		self.similar.mark(plans)
		self._try(plans)
		import_state.lock_checkpoint(self.name, self.checkpoint)
		stored_rows.store_rows(self.name, plans)
		outcomes = Counter(plan.outcome for plan in plans)
		counts = {column: outcomes[outcome] for outcome, column in COUNTS.items()}
		self.move_on(chunk, {**counts, "rows_read": len(chunk)})

	def _try(self, plans: Sequence[RowPlan]) -> None:
		due = [plan for plan in plans if plan.outcome in WRITING]
		before = {id(plan): (plan.outcome, [(write, write.name) for write in plan.writes]) for plan in due}
		ChunkWriter(self.settings).write(due)
		# All of it: what was told to the desk and to queues after the commit goes with it.
		frappe.db.rollback()
		for plan in due:
			outcome, names = before[id(plan)]
			plan.outcome = WRONG if plan.outcome == REFUSED else outcome
			for write, name in names:
				write.name, write.written = name, False

	def finish(self) -> None:
		total = frappe.db.get_value(import_state.IMPORT, self.name, "rows_read")
		import_state.write_state(self.name, rows_total=total)


class RunRows(RowTask):
	"""The run: writes the rows that the dry run has found to be new or changed."""

	def do(self, chunk: Chunk) -> None:
		import_state.lock_checkpoint(self.name, self.checkpoint)
		outcomes = stored_rows.read_outcomes(self.name, chunk[0].line, chunk[-1].line)
		due = [row for row in chunk if self._is_wanted(*outcomes.get(row.line, ("", None)))]
		plans = self.comparer.plan_rows(due)
		writer = ChunkWriter(self.settings)
		writer.write([plan for plan in plans if plan.outcome in WRITING])
		stored_rows.store_rows(self.name, plans)
		stored_rows.store_entries(self.name, writer.entries)
		actions = Counter(entry.action for entry in writer.entries)
		refused = sum(plan.outcome in (REFUSED, WRONG) for plan in plans)
		self.move_on(
			chunk,
			{
				"records_created": actions["Created"],
				"records_updated": actions["Updated"],
				"rows_refused": refused,
			},
		)

	def _is_wanted(self, outcome: str, decision: str | None) -> bool:
		if decision == "Leave out":
			return False
		if outcome == SIMILAR:
			return decision == "Create" or self.settings.creates_similar
		return outcome in WRITING

	def finish(self) -> None:
		"""Tells the sellers of the records that went from one to another, when the import sends notices."""
		if self.settings.runs_automation:
			for former, new, number, doctype in stored_rows.count_given_records(self.name):
				reassignment_notices.tell_of_many(former, new, number, doctype)
