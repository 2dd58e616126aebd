"""A batch from its request to its answer.

Batches of a source are done one after the other. A batch is a run, and its rows are done in chunks: each
chunk is a transaction with records, what was told, and the outcomes that the answer repeats. So the same
batch again is answered again; one whose server was killed goes on after the last chunk; and rows that waited
for what a chunk has brought come after it.
"""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.utils import now_datetime

from cronus_crm.cronus_exchange.pushing import batch_reading, runs, sources, waiting_rows
from cronus_crm.cronus_exchange.pushing.chunks import do_chunk
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from cronus_crm.cronus_exchange.pushing.row_order import sort_rows, split_chunks
from cronus_crm.cronus_exchange.pushing.runs import Run
from cronus_crm.cronus_exchange.running.attempts import commit_step


def push(source: Any, batch: Any, rows: Any, is_history: bool = False, origin: str = runs.REQUEST) -> dict:
	"""Does the rows of a batch, for the session's user, and commits them.

	source: name of the Cronus Source. batch: the client's key of this batch. rows: see docs/exchange.md.
	is_history: they tell the past. origin: an option of the field `origin` of Cronus Exchange Run.

	Gives back the answer of the API. Raises what refuses a batch as a whole, and has changed nothing then:
	frappe.PermissionError, frappe.DoesNotExistError, SourceOff, SourceBusy, WrongBatch, BatchKeyReused,
	TooManyRows.
	"""
	found = sources.read_source(source)
	batch, told = batch_reading.read_batch_key(batch), batch_reading.read_list(rows)
	body_hash = batch_reading.hash_batch(told, is_history)
	with sources.only_one_at_a_time(found.name):
		# What others have committed while this one has waited counts.
		frappe.db.rollback()
		run = runs.begin(found, batch, body_hash, len(told), is_history, origin)
		if run.is_done:
			return run.write_answer(repeated=True)
		_do_run(run, batch_reading.read_rows(told), _make_context(found, is_history, run.name))
		return run.write_answer()


def _make_context(source: frappe._dict, is_history: bool, run: str | None) -> PushContext:
	return PushContext(source, is_history, run, sources.read_owned(source.name))


def _do_run(run: Run, rows: Sequence[PushedRow], context: PushContext) -> None:
	"""Does the rows of a run that are not done yet."""
	refused = [row for row in rows if not row.is_open]
	ordered = sort_rows([row for row in rows if row.is_open])
	if refused and refused[0].number not in run.results:
		runs.checkpoint(run, refused)
		frappe.db.commit()
	due = [[row for row in group if row.number not in run.results] for group in ordered]
	for groups in split_chunks(due):
		_do_chunk(groups, run, context)
	commit_step(lambda: runs.end(run, context.source.name))


def _do_chunk(groups: list[list[PushedRow]], run: Run, context: PushContext) -> None:
	arrived: set[str] = set()

	def step() -> None:
		arrived.clear()
		arrived.update(do_chunk(groups, context))
		runs.checkpoint(run, [row for group in groups for row in group])

	commit_step(step)
	_do_waiting(arrived, run, context)


def _do_waiting(keys: set[str], run: Run, context: PushContext) -> None:
	"""Does the rows that have waited for records that are here now, and those that have waited for them."""
	while keys and (records := waiting_rows.find_waiting(sorted(keys))):
		for is_history, rows in waiting_rows.build_rows(records).items():
			keys = keys | _do_told_earlier(rows, run, context.of_history(is_history))


def _do_told_earlier(rows: list[PushedRow], run: Run, context: PushContext) -> set[str]:
	"""Does rows that were told earlier, in one transaction; gives back the keys of the records that they have
	brought."""
	arrived: set[str] = set()

	def step() -> None:
		arrived.clear()
		for groups in split_chunks(sort_rows(rows)):
			arrived.update(do_chunk(groups, context))
		runs.checkpoint(run, (), waited=rows)

	commit_step(step)
	return arrived


def push_waiting(source: str, keys: set[str]) -> bool:
	"""Does the rows that have waited for these records, as a run of its own, for the session's user; False
	where there is none. Raises as :func:`push`."""
	found = sources.read_source(source)
	with sources.only_one_at_a_time(found.name):
		frappe.db.rollback()
		if not waiting_rows.find_waiting(sorted(keys), 1):
			return False
		batch = f"waiting {now_datetime().isoformat()}"
		run = runs.begin(found, batch, "", 0, False, runs.WAITED)
		_do_waiting(keys, run, _make_context(found, False, run.name))
		commit_step(lambda: runs.end(run, found.name))
	return True
