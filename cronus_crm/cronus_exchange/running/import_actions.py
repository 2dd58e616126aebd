"""What people do with an import: read its file, check it, run it, stop it, undo it, look how far it is."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from cronus_crm.base.arguments import read_list
from cronus_crm.cronus_exchange.comparing.import_settings import ImportSettings, choices_key, read_settings
from cronus_crm.cronus_exchange.proposing import kept_mappings
from cronus_crm.cronus_exchange.proposing.proposal import build_preview, propose_choices, reread_columns
from cronus_crm.cronus_exchange.running import import_state, stored_rows, tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT, WORKING
from cronus_crm.cronus_exchange.targets.target import find_target

# What the form shows of the state of an import.
_PROGRESS_FIELDS = (
	"state",
	"task",
	"error",
	"rows_read",
	"rows_total",
	"rows_done",
	"rows_at_start",
	"rows_refused",
	"records_created",
	"records_updated",
	"records_to_undo",
	"records_undone",
	"records_not_undone",
	"started_on",
	"ended_on",
	"heartbeat_on",
	"stop_requested",
	*import_state.COUNTS.values(),
)

DECISIONS = ("Create", "Leave out", "")


def load_import(name: str, ptype: str = "write") -> Document:
	"""The import, for a user who may do that with it.

	Raises frappe.PermissionError otherwise.
	"""
	doc = frappe.get_doc(IMPORT, name)
	doc.check_permission(ptype)
	return doc


def read_file(name: str) -> dict:
	"""Reads the file of an import, proposes all choices and saves them; see `build_preview` for the answer.

	Raises frappe.ValidationError for a file that is no table, and while the import is at work.
	"""
	doc = load_import(name)
	_refuse_while_working(doc)
	_make_file_private(doc)
	propose_choices(doc)
	doc.save_choices()
	return build_preview(doc)


def reread_file(name: str) -> dict:
	"""Reads the columns anew after a change of separator, encoding, sheet or line of the headings."""
	doc = load_import(name)
	_refuse_while_working(doc)
	reread_columns(doc)
	doc.save_choices()
	return build_preview(doc)


def preview_file(name: str) -> dict:
	"""The preview of an import by its present choices."""
	return build_preview(load_import(name, "read"))


def use_kept_mapping(name: str, mapping_name: str) -> dict:
	"""Sets the choices of an import as they are kept under a name, and saves it."""
	doc = load_import(name)
	_refuse_while_working(doc)
	_make_file_private(doc)
	kept_mappings.use_mapping(doc, mapping_name)
	doc.save_choices()
	return build_preview(doc)


def _make_file_private(doc: Document) -> None:
	for name in frappe.get_all(
		"File", {"file_url": doc.file, "is_private": 0}, pluck="name", order_by="name asc"
	):
		file = frappe.get_doc("File", name)
		if file.has_permission("write"):
			file.is_private = 1
			file.save()
			doc.file = file.file_url


def _refuse_while_working(doc: Document) -> None:
	if doc.state in WORKING:
		frappe.throw(_("The import is at work. Stop it first."))


def check(name: str) -> None:
	"""Starts the dry run of an import.

	Raises frappe.PermissionError without the right to create and change what is imported.
	"""
	doc = load_import(name)
	_refuse_while_working(doc)
	if doc.records_created or doc.records_updated:
		frappe.throw(_("This import has written records already. Make a new one to import the file again."))
	settings = read_settings(doc)
	check_rights(settings)
	tasks.start_task(
		name,
		import_state.CHECK,
		next_line=0,
		rows_done=0,
		rows_at_start=0,
		rows_read=0,
		rows_total=0,
		choices_key=choices_key(doc),
		**dict.fromkeys(import_state.COUNTS.values(), 0),
	)


def check_rights(settings: ImportSettings) -> None:
	"""Raises frappe.PermissionError unless the user may create, or change, each kind of record that the
	columns become."""
	for part in settings.target.parts:
		if not any(known and known.part is part for known in settings.columns):
			continue
		for wanted, ptype in ((settings.creates, "create"), (settings.updates, "write")):
			if wanted:
				frappe.has_permission(part.doctype, ptype, throw=True)


def run(name: str) -> None:
	"""Starts the run of an import whose dry run holds.

	Raises frappe.ValidationError without one.
	"""
	doc = load_import(name)
	if doc.state != "Dry run made" or doc.choices_key != choices_key(doc):
		frappe.throw(_("Make the dry run first, and look at what it says."), title=_("Not checked yet"))
	settings = read_settings(doc)
	check_rights(settings)
	tasks.start_task(name, import_state.RUN, next_line=0, rows_done=0, rows_at_start=0, rows_refused=0)


def stop(name: str) -> None:
	"""Has an import stop after its present chunk."""
	doc = load_import(name)
	if doc.state in WORKING:
		tasks.stop_task(name)


def resume(name: str) -> None:
	"""Has a stopped or failed import go on where it was.

	Raises frappe.ValidationError in another state.
	"""
	doc = load_import(name)
	if doc.state not in ("Stopped", "Failed"):
		frappe.throw(_("Only an import that was stopped or has failed goes on."))
	tasks.resume_task(name)


def check_undo(name: str) -> None:
	"""Starts the dry run of undoing."""
	_start_undo(name, import_state.CHECK_UNDO, records_to_undo=0, records_not_undone=0)


def undo(name: str) -> None:
	"""Starts undoing what its dry run has allowed.

	Raises frappe.ValidationError without that dry run.
	"""
	if not load_import(name).records_to_undo:
		frappe.throw(_("See first what can be undone."))
	_start_undo(name, import_state.UNDO, records_undone=0)


def _start_undo(name: str, task: str, **values) -> None:
	doc = load_import(name)
	_refuse_while_working(doc)
	if not (doc.records_created or doc.records_updated):
		frappe.throw(_("This import has written nothing that could be undone."))
	tasks.start_task(name, task, undo_before="", rows_done=0, rows_at_start=0, **values)


def read_progress(name: str) -> dict:
	"""How far an import is: its state and counts, `rows_per_second` and `seconds_left` (None when unknown).

	An import whose worker is gone is taken up again.
	"""
	load_import(name, "read")
	tasks.resume_if_silent(name)
	row = frappe.db.get_value(IMPORT, name, _PROGRESS_FIELDS, as_dict=True)
	row.update(rows_per_second=None, seconds_left=None, is_working=row.state in WORKING)
	if row.started_on:
		until = now_datetime() if row.is_working else get_datetime(row.ended_on or row.heartbeat_on)
		seconds = (until - get_datetime(row.started_on)).total_seconds()
		done = (row.rows_done or 0) - (row.rows_at_start or 0)
		if seconds > 1 and done > 0:
			row.rows_per_second = round(done / seconds, 1)
			total = _count_all(row)
			if row.is_working and total:
				row.seconds_left = round(max(total - row.rows_done, 0) / (done / seconds))
	row.total = _count_all(row)
	return row


def _count_all(row: dict) -> int:
	if row.task in (import_state.UNDO, import_state.CHECK_UNDO):
		return (row.records_created or 0) + (row.records_updated or 0)
	return row.rows_total or 0


def decide(name: str, lines: list | str, decision: str) -> int:
	"""Decides about likely doubles: “Create” or “Leave out”; "" takes a decision back.

	lines: of the file. Gives back how many rows were decided.

	Raises frappe.ValidationError for another decision, and when the import is not checked.
	"""
	doc = load_import(name)
	if decision not in DECISIONS:
		frappe.throw(_("Decide for one of: {0}").format(", ".join(filter(None, DECISIONS))))
	if doc.state != "Dry run made":
		frappe.throw(_("Rows are decided about between the dry run and the run."))
	lines = [int(line) for line in read_list(lines, "lines") if str(line).isdigit()]
	if not lines:
		return 0
	filters = {
		"customer_import": name,
		"line": ("in", lines),
		"outcome": ("in", ("Likely double", "New", "Changed")),
	}
	found = frappe.get_all(stored_rows.ROW, filters, pluck="name", order_by="line asc")
	for row in found:
		frappe.db.set_value(stored_rows.ROW, row, "decision", decision, update_modified=False)
	return len(found)


def list_fields(target: str) -> list[dict]:
	"""The fields that columns can become, for the user of the session: `value` and `label`."""
	return [
		{"value": known.key, "label": known.write_heading()} for known in find_target(target).list_fields()
	]
