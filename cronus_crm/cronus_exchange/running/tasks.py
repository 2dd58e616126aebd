"""Runs the tasks of an import in the background, chunk by chunk, each chunk in a transaction with its
checkpoint. Whatever dies, the next worker goes on at the checkpoint: nothing is lost and nothing is done
twice.
"""

import time

import frappe
from frappe import _
from frappe.utils import add_to_date, now, now_datetime

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.cronus_exchange.reading.file_kinds import WrongFile
from cronus_crm.cronus_exchange.running import import_state
from cronus_crm.cronus_exchange.running.attempts import commit_step
from cronus_crm.cronus_exchange.running.chunk_writer import describe_error
from cronus_crm.cronus_exchange.running.import_state import IMPORT, STATES, WORKING, TakenOver
from cronus_crm.cronus_exchange.running.row_tasks import CheckRows, RunRows
from cronus_crm.cronus_exchange.undoing.undo import CheckUndo, Undo

TASKS = {
	import_state.CHECK: CheckRows,
	import_state.RUN: RunRows,
	import_state.CHECK_UNDO: CheckUndo,
	import_state.UNDO: Undo,
}

# A job makes way for others after this time, and a new one goes on.
_MAX_SECONDS = 600
_JOB_SECONDS = 3600
# An import without a worker is taken up again when it has been silent for so long.
_SILENT_SECONDS = 20


def enqueue_task(name: str) -> None:
	"""Has a worker go on with an import once the transaction is committed."""
	frappe.enqueue(run_task, queue="long", timeout=_JOB_SECONDS, enqueue_after_commit=True, name=name)


def run_task(name: str) -> None:
	"""Background job: goes on with the task of an import, as the user who has started it.

	Another worker's import is left alone.
	"""
	user = frappe.db.get_value(IMPORT, name, "task_user")
	if not user or not import_state.claim(name):
		return
	try:
		with act_as_user(user):
			_work(name)
	except TakenOver:
		frappe.db.rollback()
	finally:
		frappe.db.rollback()
		import_state.release(name)


def _work(name: str) -> None:
	checkpoint = import_state.read_checkpoint(name)
	ends = time.monotonic() + _MAX_SECONDS
	try:
		doc = frappe.get_doc(IMPORT, name)
		doc.check_permission("write")
		task = TASKS[checkpoint.task](doc)
		for step in task.list_steps(checkpoint):
			if import_state.read_checkpoint(name).stop_requested:
				_end(name, "Stopped")
				return
			_do_step(name, task, step)
			if time.monotonic() > ends:
				enqueue_task(name)
				frappe.db.commit()
				return
		task.finish()
		_end(name, STATES[checkpoint.task][1])
	except TakenOver:
		raise
	except Exception as error:
		frappe.db.rollback()
		if isinstance(error, frappe.db.OperationalError):
			raise
		_fail(name, error)


def _do_step(name: str, task, step) -> None:
	"""One chunk: its work and its checkpoint, committed together. Deadlocks are tried again."""
	commit_step(lambda: task.do(step))


def _end(name: str, state: str) -> None:
	import_state.write_state(name, state=state, ended_on=now(), stop_requested=0)
	frappe.db.commit()


def _fail(name: str, error: Exception) -> None:
	text = str(error) if isinstance(error, WrongFile) else describe_error(error)
	import_state.write_state(name, state="Failed", error=text[:2000], ended_on=now(), stop_requested=0)
	frappe.db.commit()


def start_task(name: str, task: str, **values) -> None:
	"""Sets an import to work on a task from its beginning. values: further columns to write."""
	import_state.write_state(
		name,
		state=STATES[task][0],
		task=task,
		task_user=frappe.session.user,
		started_on=now(),
		ended_on=None,
		stop_requested=0,
		error=None,
		**values,
	)
	enqueue_task(name)


def resume_task(name: str) -> None:
	"""Sets a stopped or failed import to go on where it was."""
	task, done = frappe.db.get_value(IMPORT, name, ["task", "rows_done"])
	if not task:
		frappe.throw(_("There is nothing to go on with."))
	start_task(name, task, rows_at_start=done or 0)


def resume_if_silent(name: str) -> None:
	"""Has a worker take up an import whose worker is gone. It does nothing for one that is worked on."""
	row = frappe.db.get_value(IMPORT, name, ["state", "heartbeat_on"], as_dict=True)
	if not row or row.state not in WORKING or import_state.is_worked_on(name):
		return
	if row.heartbeat_on and row.heartbeat_on > add_to_date(now_datetime(), seconds=-_SILENT_SECONDS):
		return
	import_state.write_state(name)
	enqueue_task(name)


def resume_silent() -> None:
	"""Scheduled: takes up the imports whose worker is gone."""
	for name in frappe.get_all(IMPORT, {"state": ("in", WORKING)}, pluck="name", order_by="name asc"):
		resume_if_silent(name)


def stop_task(name: str) -> None:
	"""Has an import stop after its present chunk; at once where nobody works on it."""
	import_state.write_state(name, stop_requested=1)
	if not import_state.is_worked_on(name):
		import_state.write_state(name, state="Stopped", stop_requested=0, ended_on=now())
