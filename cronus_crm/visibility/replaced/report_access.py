"""Functions that run a report, or send a stored result of one."""

from contextvars import ContextVar

import frappe
from frappe import _

from cronus_crm.base.arguments import read_filter_values, read_mapping
from cronus_crm.base.texts import strip_tags
from cronus_crm.visibility import prepared_reports
from cronus_crm.visibility.replaced.export_access import FOR_PEOPLE, neutralise_cells
from cronus_crm.visibility.replaced.replacement import Call, replaces

# True while the file of a report of ours is written: the function that writes its rows is not told of which.
_writes_own_report: ContextVar[bool] = ContextVar("cronus_writes_own_report", default=False)


@replaces("frappe.desk.query_report.run")
def run_report(call: Call) -> dict:
	"""Runs a report, as the session's user.

	Open in 15 and 16: any user could read the stored result of another user, by its name or by the argument
	`user`. Held closed by ways “prepared report by name”, “prepared report of another user”, “script report
	as somebody else”.

	Raises frappe.PermissionError for the stored result of another user.
	"""
	_check_prepared_result(call["filters"])
	call["user"] = None
	return call()


@replaces("frappe.desk.query_report.export_query")
def export_report(call: Call):
	"""Sends a report as a file.

	Open in 15 and 16: stored results of other users, as in `run_report`. Held closed by way “export of a
	prepared report”.

	Raises frappe.PermissionError for the stored result of another user.
	"""
	_check_prepared_result(frappe.form_dict.get("filters"))
	return call()


@replaces("frappe.desk.query_report._export_query")
def write_report(call: Call):
	"""Writes the file of a report, for a request or for a job that sends it by mail.

	Open in 15 and 16: formula injection. Held closed by tests/test_report_files.py:
	test_a_file_made_by_a_job_has_no_formulas, and tests/test_customers.py:
	test_reports_are_exported_without_formulas_and_with_numbers.
	"""
	# From the cache: whose report it is, which never changes.
	module = frappe.get_cached_value("Report", call["form_params"].report_name, "module")
	token = _writes_own_report.set(_is_ours(module))
	try:
		with neutralise_cells(FOR_PEOPLE):
			return call()
	finally:
		_writes_own_report.reset(token)


@replaces("frappe.desk.query_report.build_xlsx_data")
def write_rows_of_report(call: Call):
	"""The rows of a file. A file of one of our reports says what its print says: the filters, the names of
	masters in the reader's language, and below the table the definitions.

	Not a hole. Test: tests/test_report_files.py.
	"""
	if not _writes_own_report.get():
		return call()
	data = call["data"]
	call["include_filters"] = 1
	_translate_links(data)
	rows, *others = call()
	definitions = strip_tags(data.get("message")).strip()
	return ([*rows, [], [definitions]] if definitions else rows, *others)


def _translate_links(data: frappe._dict) -> None:
	"""Translates the names of masters in the rows of a report, as the desk does when it shows them."""
	names = [
		column["fieldname"]
		for column in data.columns
		if column.get("fieldtype") == "Link" and frappe.get_meta(column["options"]).translated_doctype
	]
	for row in data.result:
		row.update({name: _(row[name]) for name in names if row.get(name)})


def _is_ours(module: str | None) -> bool:
	return (module or "").startswith("Cronus ")


@replaces("frappe.core.doctype.report.report.Report.execute_module")
def check_report_filters(call: Call):
	"""Runs the module of a report. For ours, the filters are read before any code of the report runs.

	Not a hole: every way of running a report leads here, so that no report has to ask whether a filter is a
	date or a list. Test: tests/test_values_of_requests.py.

	Raises frappe.ValidationError, naming the filter.
	"""
	if _is_ours(call["self"].module):
		call["filters"] = read_filter_values(call["filters"])
	return call()


def _check_prepared_result(filters: str | dict | None) -> None:
	name = read_mapping(filters, "filters").prepared_report_name
	if name and not prepared_reports.may_see_result(frappe.get_doc("Prepared Report", name)):
		frappe.throw(_("This report was prepared for somebody else."), frappe.PermissionError)
