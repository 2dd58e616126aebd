"""Functions that run a report, or give out what one had given to somebody."""

import frappe
from frappe import _

from cronus_crm.base.arguments import read_mapping
from cronus_crm.visibility import prepared_reports
from cronus_crm.visibility.replaced.exports import FOR_PEOPLE, neutral_cells
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.desk.query_report.run")
def run_report(call: Call) -> dict:
	"""A report. Open in 15 and 16: a result that was prepared for one user serves whoever names it, or its
	user; here, each gets their own.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared(call["filters"])
	call["user"] = None
	return call()


@replaces("frappe.desk.query_report.export_query")
def export_report(call: Call):
	"""A report as a file. Open in 15 and 16: the same, and cells that a spreadsheet would run.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared(frappe.form_dict.get("filters"))
	with neutral_cells(FOR_PEOPLE):
		return call()


def _check_prepared(filters: str | dict | None) -> None:
	name = read_mapping(filters, "filters").prepared_report_name
	if name and not prepared_reports.is_theirs(frappe.get_doc("Prepared Report", name)):
		frappe.throw(_("This report was prepared for somebody else."), frappe.PermissionError)
