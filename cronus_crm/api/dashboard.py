"""The values of the dashboard. Its Number Cards ask cronus_analytics/dashboard/dashboard_cards.py."""

import frappe

from cronus_crm.cronus_analytics.dashboard import dashboard_cards, dashboard_values


@frappe.whitelist()
@frappe.read_only()
def read_cards_and_charts(
	cards: list | str | None = None, charts: list | str | None = None
) -> dict[str, list]:
	"""Cards and charts, each in the order asked for. What several are made of is read once.

	cards: of each its `name`, that of its method, such as "won_deals", and `filters`, as of the reports:
	from_date, to_date, seller, work_center. charts: of each its `report_name` and `filters`.

	Gives back `cards`, as a Number Card takes them, and `charts`, as their reports give them, None for one
	without.

	Raises frappe.PermissionError for whoever may not open the report of one of them, and what the reports
	raise.
	"""
	return dashboard_values.read_cards_and_charts(cards, charts)


@frappe.whitelist()
def list_roles() -> list[str]:
	"""The roles that open the dashboard, for those who find it locked; translated."""
	return dashboard_cards.list_dashboard_roles()
