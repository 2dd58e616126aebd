"""Histograms of times stood in Cronus Case Total, a row for each class of minutes; now they have a table of
their own: see cronus_analytics/cases/case_times.py."""

import frappe

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.cases.case_totals import TIME_MEASURES, TOTAL


def execute() -> None:
	"""Counts the times from the cases, and removes the rows that they had among the totals."""
	case_recount.repair()
	frappe.db.delete(TOTAL, {"measure": ("in", TIME_MEASURES)})
