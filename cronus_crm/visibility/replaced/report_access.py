"""Functions that run a report, or send a stored result of one."""

import frappe
from frappe import _

from cronus_crm.base.arguments import read_filter_values, read_mapping
from cronus_crm.visibility import prepared_reports
from cronus_crm.visibility.replaced.export_access import FOR_PEOPLE, neutralise_cells
from cronus_crm.visibility.replaced.replacement import Call, replaces


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

	Open in 15 and 16: stored results of other users, as in `run_report`, and formula injection. Held closed
	by way “export of a prepared report”, and by tests/test_customers.py:
	test_reports_are_exported_without_formulas_and_with_numbers.

	Raises frappe.PermissionError for the stored result of another user.
	"""
	_check_prepared_result(frappe.form_dict.get("filters"))
	with neutralise_cells(FOR_PEOPLE):
		return call()


@replaces("frappe.core.doctype.report.report.Report.execute_module")
def check_report_filters(call: Call):
	"""Runs the module of a report. For ours, the filters are read before any code of the report runs.

	Not a hole: every way of running a report leads here, so that no report has to ask whether a filter is a
	date or a list. Test: tests/test_values_of_requests.py.

	Raises frappe.ValidationError, naming the filter.
	"""
	if (call["self"].module or "").startswith("Cronus "):
		call["filters"] = read_filter_values(call["filters"])
	return call()


def _check_prepared_result(filters: str | dict | None) -> None:
	name = read_mapping(filters, "filters").prepared_report_name
	if name and not prepared_reports.may_see_result(frappe.get_doc("Prepared Report", name)):
		frappe.throw(_("This report was prepared for somebody else."), frappe.PermissionError)
