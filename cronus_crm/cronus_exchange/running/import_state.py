"""The state of an import and its checkpoint, which only the server writes.

What a task has done and how far it is stand in one row, written in the transaction of each chunk. Who works
on an import holds a named lock of the database, which ends with its connection: whether somebody works on it
needs no clock.
"""

from dataclasses import dataclass

import frappe
from frappe.utils import now

from cronus_crm.cronus_exchange.running import named_locks

IMPORT = "Cronus Customer Import"

# Tasks, and the state of an import while they run and when they are done.
CHECK, RUN, CHECK_UNDO, UNDO = "Check", "Run", "Check undo", "Undo"
STATES = {
	CHECK: ("Checking", "Dry run made"),
	RUN: ("Running", "Done"),
	CHECK_UNDO: ("Checking undo", "Done"),
	UNDO: ("Undoing", "Undone"),
}
WORKING = tuple(working for working, _done in STATES.values())

COUNTS = {
	"New": "rows_new",
	"Changed": "rows_changed",
	"Unchanged": "rows_unchanged",
	"Wrong": "rows_wrong",
	"Doubled": "rows_doubled",
	"Likely double": "rows_similar",
	"Left out": "rows_left_out",
}


class TakenOver(Exception):
	"""Another worker goes on with the import, or it was stopped and started again meanwhile."""


@dataclass
class Checkpoint:
	"""How far a task is. next_line: the first line that it has not done. undo_before: the journal's rows
	before this name are not undone yet; empty: none is."""

	task: str
	next_line: int
	undo_before: str
	stop_requested: bool


def read_checkpoint(name: str, lock: bool = False) -> Checkpoint:
	"""The stored checkpoint. lock: keeps its row until the transaction ends."""
	row = frappe.db.get_value(
		IMPORT,
		name,
		["task", "next_line", "undo_before", "stop_requested", "state"],
		as_dict=True,
		for_update=lock,
	)
	if not row or row.state not in WORKING:
		raise TakenOver
	return Checkpoint(row.task, row.next_line or 0, row.undo_before or "", bool(row.stop_requested))


def lock_checkpoint(name: str, expected: Checkpoint) -> None:
	"""Keeps the row of the import until the transaction ends.

	Raises TakenOver where it is not as expected.
	"""
	stored = read_checkpoint(name, lock=True)
	if (stored.task, stored.next_line, stored.undo_before) != (
		expected.task,
		expected.next_line,
		expected.undo_before,
	):
		raise TakenOver


def write_state(name: str, **values) -> None:
	"""Writes columns of an import, without touching who changed it last."""
	frappe.db.set_value(IMPORT, name, {**values, "heartbeat_on": now()}, update_modified=False)


def add_counts(name: str, **numbers: int) -> None:
	"""Adds to numbers of an import."""
	table = frappe.qb.DocType(IMPORT)
	query = frappe.qb.update(table).where(table.name == name)
	for column, number in numbers.items():
		if number:
			query = query.set(table[column], table[column] + number)
	if any(numbers.values()):
		query.run()


def claim(name: str) -> bool:
	"""Takes the lock of an import for this connection; False when another one holds it."""
	return named_locks.take(f"import:{name}")


def release(name: str) -> None:
	named_locks.release(f"import:{name}")


def is_worked_on(name: str) -> bool:
	"""True while some connection holds the lock of an import."""
	return not named_locks.is_free(f"import:{name}")
