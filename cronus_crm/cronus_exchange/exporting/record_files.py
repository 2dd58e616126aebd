"""Export of records to CSV or Excel, in the columns that the import reads back unchanged.

At most MOST_AT_ONCE records are answered directly. More are prepared by a background job, which stores a
private file and sends a notice to the user.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.utils import cint, escape_html, nowdate
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cronus_crm.base.arguments import read_filters, read_list
from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.notices import send_notice
from cronus_crm.base.spreadsheets import neutralise_cell
from cronus_crm.cronus_analytics.files.customer_files import KEPT_DAYS, store_file
from cronus_crm.cronus_exchange.exporting.record_rows import iterate_record_rows, leave_out_merged
from cronus_crm.cronus_exchange.targets.target import Target, TargetField, find_target

MOST_AT_ONCE = 5000
FILE_FORMATS = {"CSV": "csv", "Excel": "xlsx"}

_JOB_SECONDS = 3600
_CHARACTERS_OF_CELL = 32_767


def export_records(
	target: str,
	file_format: str = "Excel",
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> dict | None:
	"""Exports the records of a target that the session's user may see; see `api.imports.export`.

	Sets the response to the file, or gives back `queued`, the number of records of the background job.
	"""
	found = find_target(target)
	doctype = found.root.doctype
	frappe.permissions.can_export(doctype, raise_exception=True)
	if file_format not in FILE_FORMATS:
		frappe.throw(_("Choose one of: {0}").format(", ".join(FILE_FORMATS)))
	names, filters = read_list(names, "names"), read_filters(filters, doctype)
	chosen = leave_out_merged(doctype, [["name", "in", names]] if names else filters)
	make_access_log(doctype=doctype, file_type=file_format, filters=chosen)
	number = len(
		frappe.get_list(doctype, filters=chosen, pluck="name", limit=0, order_by=None, distinct=True)
	)
	request = {"target": target, "file_format": file_format, "complete": cint(complete), "filters": chosen}
	if number > MOST_AT_ONCE:
		_enqueue(request)
		return {"queued": number}
	with TemporaryDirectory() as folder:
		path = _write_file(Path(folder), **request)
		frappe.local.response.filecontent = path.read_bytes()
	frappe.local.response.filename = path.name
	frappe.local.response.type = "download"
	return None


def _enqueue(request: dict) -> None:
	frappe.enqueue(
		prepare_export,
		queue="long",
		timeout=_JOB_SECONDS,
		enqueue_after_commit=True,
		request=request,
		for_user=frappe.session.user,
		key=frappe.generate_hash(length=10),
	)


def prepare_export(request: dict, for_user: str, key: str) -> None:
	"""Background job: stores a private file of the user with an export, and sends a notice.

	key: a random text of the request, part of the file's name. The job is idempotent: where the file of this
	request exists, nothing is done.

	Raises frappe.PermissionError in a session of another user.
	"""
	if frappe.session.user != for_user:
		frappe.throw(_("This file is prepared for another user."), frappe.PermissionError)
	with act_as_user(for_user), TemporaryDirectory() as folder:
		path = _write_file(Path(folder), **request)
		name = f"{path.stem}-{key}{path.suffix}"
		if frappe.db.exists("File", {"file_name": name, "owner": for_user}):
			return
		url = store_file(path, name)
		_notify(for_user, request["target"], url)


def _notify(user: str, target: str, url: str) -> None:
	text = _("The export of {0} is ready. Open this notice within {1} days to download it.")
	label = frappe.bold(escape_html(_(target)))
	send_notice(user, text.format(label, KEPT_DAYS), link=url)


def list_exported_fields(target: Target, complete: int) -> list[TargetField]:
	"""The columns of an export: complete, those of all parts; basic, those of the records themselves."""
	return [known for known in target.list_fields() if complete or known.part is target.root]


def _write_file(folder: Path, target: str, file_format: str, complete: int, filters: list | dict) -> Path:
	"""Writes the file, row by row, and gives back its path."""
	found = find_target(target)
	fields = list_exported_fields(found, complete)
	headings = [known.write_heading() for known in fields]
	rows = iterate_record_rows(found, fields, filters, typed=file_format == "Excel")
	path = folder / f"{frappe.scrub(_(target)).replace('_', '-')}-{nowdate()}.{FILE_FORMATS[file_format]}"
	write = _write_csv if file_format == "CSV" else _write_workbook
	write(path, headings, rows)
	return path


def _write_csv(path: Path, headings: Sequence[str], rows: Iterator[list]) -> None:
	with path.open("w", encoding="utf-8-sig", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(headings)
		for row in rows:
			writer.writerow([neutralise_cell(cell, keep_phones=True) for cell in row])


def _write_workbook(path: Path, headings: Sequence[str], rows: Iterator[list]) -> None:
	book = Workbook(write_only=True)
	page = book.create_sheet("1")
	page.freeze_panes = "A2"
	page.append(list(headings))
	for row in rows:
		page.append([_clean_cell(cell) for cell in row])
	book.save(path)


def _clean_cell(cell):
	"""A cell without formula and without what a workbook cannot hold."""
	if not isinstance(cell, str):
		return cell
	return ILLEGAL_CHARACTERS_RE.sub("", neutralise_cell(cell, keep_phones=True))[:_CHARACTERS_OF_CELL]
