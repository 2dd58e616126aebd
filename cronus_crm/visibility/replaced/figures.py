"""Functions that add up over all documents of a DocType: charts, goals."""

from inspect import unwrap

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions

from cronus_crm.base.arguments import read_mapping
from cronus_crm.visibility import ownership, rule
from cronus_crm.visibility.ownership import Beside
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.desk.doctype.dashboard_chart.dashboard_chart.get")
def get_chart(call: Call) -> dict | None:
	"""Figures of a chart. Open in 15 and 16: a heatmap asks nobody, and figures that are cached under the
	chart's name serve every reader; of our DocTypes, each gets their own, and heatmaps are for those who see
	everything.

	Raises frappe.PermissionError for a heatmap of what the user sees in part.
	"""
	name = call["chart_name"]
	chart = frappe.get_doc("Dashboard Chart", name) if name else read_mapping(call["chart"], "chart")
	doctype = chart.document_type
	if not ownership.is_governed(doctype) and not isinstance(ownership.find_ownership(doctype), Beside):
		return call()
	if chart.type == "Heatmap" and not rule.get_scope(doctype).everything:
		frappe.throw(
			_("A heatmap of {0} shows all of them. Choose another type of chart.").format(_(doctype)),
			frappe.PermissionError,
		)
	# Below the framework's cache, whose key holds the chart and not the reader.
	return call.run(unwrap(call.original))


@replaces("frappe.utils.goal.get_monthly_goal_graph_data")
def get_monthly_goal_graph_data(call: Call) -> dict:
	"""Figures of a goal by month. Open in 15 and 16: they are of all documents of the DocType, whatever the
	user may read; here, for those who see them all.

	Raises frappe.PermissionError for a DocType that the user sees in part or not at all.
	"""
	doctype = call.text("goal_doctype")
	if not _sees_all_documents(doctype):
		frappe.throw(
			_("A goal of {0} adds up all of them, and you see some only.").format(_(doctype)),
			frappe.PermissionError,
		)
	return call()


def _sees_all_documents(doctype: str) -> bool:
	"""True when the user may read the DocType and no condition hides any of its rows."""
	return bool(frappe.has_permission(doctype, "read")) and not build_match_conditions(doctype)
