"""Functions that run a report, or give out what one had given to somebody."""

import frappe
from frappe import _

from cronus_crm.base.arguments import read_mapping
from cronus_crm.visibility import prepared_reports
from cronus_crm.visibility.replaced.exports import FOR_PEOPLE, neutralise_cells
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.desk.query_report.run")
def run_report(call: Call) -> dict:
	"""A report. Open in 15 and 16: a result that was prepared for one user serves whoever names it, or its
	user; here, each gets their own.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared_result(call["filters"])
	call["user"] = None
	return call()


@replaces("frappe.desk.query_report.export_query")
def export_report(call: Call):
	"""A report as a file. Open in 15 and 16: the same, and cells that a spreadsheet would run.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared_result(frappe.form_dict.get("filters"))
	with neutralise_cells(FOR_PEOPLE):
		return call()


def _check_prepared_result(filters: str | dict | None) -> None:
	name = read_mapping(filters, "filters").prepared_report_name
	if name and not prepared_reports.may_see_result(frappe.get_doc("Prepared Report", name)):
		frappe.throw(_("This report was prepared for somebody else."), frappe.PermissionError)
