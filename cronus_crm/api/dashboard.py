"""Values of the dashboard. Its Number Cards call methods in cronus_analytics/dashboard/dashboard_cards.py."""

import frappe

from cronus_crm.cronus_analytics.dashboard import dashboard_cards, dashboard_values


@frappe.whitelist()
@frappe.read_only()
def read_cards_and_charts(
	cards: list | str | None = None, charts: list | str | None = None
) -> dict[str, list]:
	"""The values of several cards and charts, in the order of the arguments. Data that several share is read
	once.

	cards: mappings with `name` (the name of the method, such as "won_deals") and `filters` (from_date,
	to_date, seller, work_center, as in the reports). charts: mappings with `report_name` and `filters`.

	Gives back `cards`, in the form of a Number Card, and `charts`, in the form of their reports; None for a
	report without a chart.

	Raises frappe.PermissionError when the user may not open the report of one of them, and what the reports
	raise.
	"""
	return dashboard_values.read_cards_and_charts(cards, charts)


@frappe.whitelist()
def list_roles() -> list[str]:
	"""Translated names of the roles that may open the dashboard, for users who may not."""
	return dashboard_cards.list_dashboard_roles()
