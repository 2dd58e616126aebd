"""Whether promised times were met stood in Cronus Case Total; now it stands beside the times: see
cronus_analytics/cases/case_times.py."""

import frappe

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.cases.case_totals import TOTAL

MEASURES = tuple(
	f"{time} promise by {by}" for time in ("First answer", "Solution") for by in ("agent", "type")
)


def execute() -> None:
	"""Counts the promises from the cases, and removes the rows that they had among the totals."""
	case_recount.repair()
	frappe.db.delete(TOTAL, {"measure": ("in", MEASURES)})
