"""Import of customers and other records from files: read, check, run, stop, undo."""

import frappe

from cronus_crm.cronus_exchange.exporting import record_files, row_files, templates
from cronus_crm.cronus_exchange.proposing import kept_mappings
from cronus_crm.cronus_exchange.running import import_actions


@frappe.whitelist(methods=["POST"])
def read_file(name: str) -> dict:
	"""Reads the file of an import, proposes all choices and saves them.

	name: of the Cronus Customer Import.

	Gives back `headings`, `rows` (the first ones), `columns` with examples of what their cells become, and
	the `sheets` of a workbook.

	Raises frappe.ValidationError for a file that is no table, frappe.PermissionError for who may not change
	the import.
	"""
	return import_actions.read_file(name)


@frappe.whitelist(methods=["POST"])
def reread_file(name: str) -> dict:
	"""Reads the columns of an import anew, with its present separator, encoding, sheet and line of headings.

	Answer and errors are those of :func:`read_file`.
	"""
	return import_actions.reread_file(name)


@frappe.whitelist()
def preview_file(name: str) -> dict:
	"""The preview of an import by its present choices; see :func:`read_file`."""
	return import_actions.preview_file(name)


@frappe.whitelist(methods=["POST"])
def check(name: str) -> None:
	"""Starts the dry run of an import in the background.

	Raises frappe.PermissionError without the right to create or change what is imported,
	frappe.ValidationError for a choice that is missing.
	"""
	import_actions.check(name)


@frappe.whitelist(methods=["POST"])
def run(name: str) -> None:
	"""Starts an import in the background. Raises frappe.ValidationError before its dry run."""
	import_actions.run(name)


@frappe.whitelist(methods=["POST"])
def stop(name: str) -> None:
	"""Stops the work on an import after its present chunk."""
	import_actions.stop(name)


@frappe.whitelist(methods=["POST"])
def resume(name: str) -> None:
	"""Goes on with an import that was stopped or has failed, where it was."""
	import_actions.resume(name)


@frappe.whitelist(methods=["POST"])
def check_undo(name: str) -> None:
	"""Starts the dry run of undoing an import: the journal says of each record whether it can be undone."""
	import_actions.check_undo(name)


@frappe.whitelist(methods=["POST"])
def undo(name: str) -> None:
	"""Undoes an import in the background, as far as its dry run of undoing has said."""
	import_actions.undo(name)


@frappe.whitelist(methods=["POST"])
def read_progress(name: str) -> dict:
	"""State and counts of an import, `rows_per_second`, `seconds_left`, `total` and `is_working`.

	An import whose worker is gone is taken up again.
	"""
	return import_actions.read_progress(name)


@frappe.whitelist(methods=["POST"])
def decide(name: str, lines: list | str, decision: str) -> int:
	"""Decides about likely doubles of a dry run. lines: of the file (a list, or its JSON). decision:
	“Create”, “Leave out”, or "" to take it back. Gives back the number of rows."""
	return import_actions.decide(name, lines, decision)


@frappe.whitelist()
def list_fields(target: str) -> list[dict]:
	"""The fields that columns of an import can become: `value` and `label`. target: Customers, Prospects,
	Opportunities, Products or Prices."""
	return import_actions.list_fields(target)


@frappe.whitelist(methods=["POST"])
def keep_mapping(name: str, mapping_name: str) -> str:
	"""Keeps choices and columns of an import under a name; gives back the name."""
	return kept_mappings.keep_mapping(import_actions.load_import(name), mapping_name)


@frappe.whitelist(methods=["POST"])
def use_mapping(name: str, mapping_name: str) -> dict:
	"""Sets the choices of an import as they are kept under a name; answer and errors as in
	:func:`read_file`."""
	return import_actions.use_kept_mapping(name, mapping_name)


@frappe.whitelist()
def download_rows(name: str, outcome: str) -> None:
	"""Sends a CSV file of the rows of an import with an outcome: the original cells, the line of the file,
	and what is wrong."""
	row_files.send_rows(name, outcome)


@frappe.whitelist()
def download_template(target: str, contents: str = "Empty", file_format: str = "Excel") -> None:
	"""Sends a template. contents: Empty, Examples, or Records (today's ones, as far as the user sees them).
	file_format: Excel or CSV."""
	templates.send_template(target, contents, file_format)


@frappe.whitelist()
def export(
	target: str,
	file_format: str = "Excel",
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> dict | None:
	"""Sends the records of a target that the session's user may see, as the import reads them back unchanged.

	target: Customers, Prospects, Opportunities, Products or Prices. file_format: Excel or CSV. complete: with
	the branches, contacts and addresses of customers. names: of the records; by default, those that `filters`
	select, as in `frappe.get_list`.

	More than 5,000 are prepared in the background: then it gives back `queued`, their number, and the user
	gets a notice.

	Raises frappe.PermissionError without the right to export them.
	"""
	return record_files.export_records(target, file_format, complete, names, filters)
