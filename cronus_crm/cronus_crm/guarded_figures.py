"""Figures of the framework that are added up over all documents, or were for somebody else: charts, goals,
counts of a workflow, prepared reports, imports.

`hooks.py` puts these in the place of the framework's own, under the same addresses; see `guarded_methods.py`.
"""

from inspect import unwrap

import frappe
import frappe.core.doctype.data_import.data_import
import frappe.desk.doctype.dashboard_chart.dashboard_chart
import frappe.desk.query_report
import frappe.utils.goal
import frappe.workflow.doctype.workflow.workflow
from frappe import _
from frappe.model.db_query import DatabaseQuery

from cronus_crm.cronus_crm import companions, guarded_exports, prepared_reports, visibility


@frappe.whitelist()
def get_chart(
	chart_name: str | None = None,
	chart: dict | str | None = None,
	no_cache: bool | int | str | None = None,
	filters: dict | list | str | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	timespan: str | None = None,
	time_interval: str | None = None,
	heatmap_year: str | int | None = None,
	refresh: bool | int | str | None = None,
) -> dict | None:
	"""Figures of a chart, as `dashboard_chart.get`. There, a heatmap asks nobody, and figures kept under
	the chart's name serve every reader; of our DocTypes, each gets their own, and heatmaps are for those who
	see everything.

	Raises frappe.PermissionError for a heatmap of what the user sees in part.
	"""
	asked = (
		frappe.get_doc("Dashboard Chart", chart_name)
		if chart_name
		else frappe._dict(frappe.parse_json(chart))
	)
	arguments = {
		"filters": filters,
		"from_date": from_date,
		"to_date": to_date,
		"timespan": timespan,
		"time_interval": time_interval,
		"heatmap_year": heatmap_year,
	}
	original = frappe.desk.doctype.dashboard_chart.dashboard_chart.get
	if not visibility.is_governed(asked.document_type) and asked.document_type not in companions.DOCUMENT_OF:
		return original(chart_name=chart_name, chart=chart, no_cache=no_cache, refresh=refresh, **arguments)
	if asked.type == "Heatmap" and not visibility.scope_of(asked.document_type).everything:
		frappe.throw(
			_("A heatmap of {0} shows all of them. Choose another type of chart.").format(
				_(asked.document_type)
			),
			frappe.PermissionError,
		)
	# Below the framework's cache, whose key holds the chart and not the reader.
	return unwrap(original)(chart_name=chart_name, chart=chart, **arguments)


@frappe.whitelist()
def get_monthly_goal_graph_data(
	title: str,
	doctype: str,
	docname: str,
	goal_value_field: str,
	goal_total_field: str,
	goal_history_field: str,
	goal_doctype: str,
	goal_doctype_link: str,
	goal_field: str,
	date_field: str,
	aggregation: str = "sum",
	filters: str | dict | None = None,
) -> dict:
	"""Figures of a goal by month, as `frappe.utils.goal.get_monthly_goal_graph_data`. There, they are of all
	documents of the DocType, whatever the user may read; here, for those who see them all.

	Raises frappe.PermissionError for a DocType that the user sees in part or not at all.
	"""
	if not _sees_all(goal_doctype):
		frappe.throw(
			_("A goal of {0} adds up all of them, and you see some only.").format(_(goal_doctype)),
			frappe.PermissionError,
		)
	return frappe.utils.goal.get_monthly_goal_graph_data(
		title,
		doctype,
		docname,
		goal_value_field,
		goal_total_field,
		goal_history_field,
		goal_doctype,
		goal_doctype_link,
		goal_field,
		date_field,
		aggregation,
		filters,
	)


def _sees_all(doctype: str) -> bool:
	"""True when the user may read the DocType and no condition hides any of its rows."""
	return (
		bool(frappe.has_permission(doctype, "read")) and not DatabaseQuery(doctype).build_match_conditions()
	)


@frappe.whitelist()
def get_workflow_state_count(
	doctype: str, workflow_state_field: str, states: str | list
) -> list[dict] | None:
	"""Numbers of documents in other states than these, as the framework's method of the same name. There, any
	field of a DocType can be asked, over all documents; of ours, over those that the user may see."""
	if not visibility.is_governed(doctype):
		original = frappe.workflow.doctype.workflow.workflow.get_workflow_state_count
		return original(doctype, workflow_state_field, states)
	if not frappe.get_meta(doctype).has_field(workflow_state_field):
		return None
	counted = frappe.get_list(
		doctype,
		fields=[workflow_state_field, "count(*) as count"],
		filters={workflow_state_field: ("not in", frappe.parse_json(states))},
		group_by=workflow_state_field,
		order_by=workflow_state_field,
	)
	return [row for row in counted if row[workflow_state_field]]


@frappe.whitelist()
def run_report(
	report_name: str,
	filters: str | dict | None = None,
	user: str | None = None,
	ignore_prepared_report: bool | int | str = False,
	custom_columns: str | list | None = None,
	is_tree: bool | int | str = False,
	parent_field: str | None = None,
	are_default_filters: bool | int | str = True,
) -> dict:
	"""A report, as `frappe.desk.query_report.run`. There, a result that was prepared for one user serves
	whoever names it, or its user; here, each gets their own.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared(filters)
	return frappe.desk.query_report.run(
		report_name,
		filters,
		None,
		ignore_prepared_report,
		custom_columns,
		is_tree,
		parent_field,
		are_default_filters,
	)


@frappe.whitelist()
def export_report() -> None:
	"""A report as a file, as `frappe.desk.query_report.export_query`, with the same difference.

	Raises frappe.PermissionError for a prepared result of somebody else.
	"""
	_check_prepared(frappe.form_dict.get("filters"))
	guarded_exports.export_report()


def _check_prepared(filters: str | dict | None) -> None:
	name = (frappe.parse_json(filters) or {}).get("prepared_report_name")
	if name and not prepared_reports.is_theirs(frappe.get_doc("Prepared Report", name)):
		frappe.throw(_("This report was prepared for somebody else."), frappe.PermissionError)


def _import_of(name: str, ptype: str):
	document = frappe.get_doc("Data Import", name)
	document.check_permission(ptype)
	return document


@frappe.whitelist()
def preview_import(
	data_import: str, import_file: str | None = None, google_sheets_url: str | None = None
) -> dict | None:
	"""Rows of a file that is going to be imported, as `get_preview_from_template`. There, anybody may look,
	at any file of the site; here, whoever may read the Data Import and the file.

	Raises frappe.PermissionError.
	"""
	document = _import_of(data_import, "read")
	if import_file:
		frappe.get_doc("File", {"file_url": import_file}).check_permission("read")
	return document.get_preview_from_template(import_file, google_sheets_url)


@frappe.whitelist()
def start_import(data_import: str) -> bool:
	"""Starts an import, as `form_start_import`; there, anybody may, here, whoever may write it."""
	return _import_of(data_import, "write").start_import()


@frappe.whitelist()
def get_import_status(data_import_name: str) -> dict:
	"""How an import stands, as the framework's method of the same name, for those who may read it."""
	_import_of(data_import_name, "read")
	return frappe.core.doctype.data_import.data_import.get_import_status(data_import_name)


@frappe.whitelist()
def download_errored_template(data_import_name: str) -> None:
	"""Rows of an import that failed, as the framework's method of the same name, for who may read it."""
	_import_of(data_import_name, "read")
	guarded_exports.download_errored_template(data_import_name)


@frappe.whitelist()
def download_import_log(data_import_name: str) -> None:
	"""What came of each row, as the framework's method of the same name, for who may read the import."""
	_import_of(data_import_name, "read")
	guarded_exports.download_import_log(data_import_name)
