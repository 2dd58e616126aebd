"""The charts of the dashboard, asked for together: each is the chart of one of our reports."""

import frappe

from cronus_crm.cronus_analytics.summary_cards import check_reports


@frappe.whitelist()
@frappe.read_only()
def several(reports: list | str) -> list[dict]:
	"""The charts of reports, in their order: `chart` as the report gives it, or None for one without.

	reports: of each its `report_name` and `filters`.

	Raises frappe.PermissionError for whoever may not open one of them, and what the report itself raises.
	"""
	reports = frappe.parse_json(reports)
	check_reports(asked["report_name"] for asked in reports)
	return [{"chart": _chart_of(asked["report_name"], asked.get("filters") or {})} for asked in reports]


def _chart_of(report: str, filters: dict) -> dict | None:
	_columns, _rows, _note, chart, *_others = frappe.get_cached_doc("Report", report).execute_module(filters)
	return chart
