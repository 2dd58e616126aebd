"""What reports by customer share: which documents their filters leave, and names."""

from collections.abc import Sequence

import frappe
from frappe.query_builder import DocType

from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.visibility import rule

CUSTOMER = "Cronus Customer"


def documents_asked_for(filters: dict) -> Documents:
	"""The documents that the filters ask for: customer, seller (of the documents, with the team below),
	work_center.

	Raises what `report_filters.read_filters_of_report` raises.
	"""
	customer, scope = (
		filters.get("customer"),
		report_filters.read_filters_of_report(filters, reads="Invoice").scope,
	)
	return Documents([customer] if customer else None, scope.sellers, scope.work_center)


def names_of(customers: Sequence[str]) -> dict[str, str]:
	"""Names of those of the customers that the user may see. A document may be theirs to see, and its
	customer have moved to another team."""
	customer = DocType(CUSTOMER)
	query = frappe.qb.from_(customer).select(customer.name, customer.customer_name)
	query = query.where(customer.name.isin(list(customers) or [""]))
	return dict(rule.filter_visible(query, CUSTOMER, customer).run())
