"""Functions that aggregate over all documents of a DocType: charts and goals."""

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
	"""Figures of a chart. For DocTypes with an owner, each user gets their own figures, without the
	framework's cache.

	Open in 15 and 16: a heatmap counts all documents, and cached figures of one user are sent to all others.
	Held closed by ways “heatmap of lines”, “chart that was kept for the next reader”, and by
	tests/test_visibility.py: test_a_heatmap_of_documents_is_for_those_who_see_all.

	Raises frappe.PermissionError for a heatmap unless the user sees all documents.
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
	# Runs the function inside the decorator of the cache, whose key contains the chart and not the user.
	return call.run(unwrap(call.original))


@replaces("frappe.utils.goal.get_monthly_goal_graph_data")
def get_monthly_goal_graph_data(call: Call) -> dict:
	"""Figures of a goal by month, for users who see all documents of the DocType.

	Open in 15 and 16: the figures count all documents, for any user. Held closed by attack “a goal over all
	documents”.

	Raises frappe.PermissionError unless the user sees all documents of the DocType.
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
