"""What reports by customer share: their filters, and the names of customers."""

from collections.abc import Sequence

import frappe
from frappe.query_builder import DocType

from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.visibility import rule

CUSTOMER = "Cronus Customer"


def read_document_filters(filters: dict) -> Documents:
	"""The documents that the filters of a report select.

	filters: customer, seller (of the documents, with the team below), work_center.

	Raises what `report_filters.read_report_filters` raises.
	"""
	customer, scope = (
		filters.get("customer"),
		report_filters.read_report_filters(filters, reads="Invoice").scope,
	)
	return Documents([customer] if customer else None, scope.sellers, scope.work_center)


def read_customer_names(customers: Sequence[str]) -> dict[str, str]:
	"""The display names of the customers, by name; those that the user may not see are left out.

	A user may see a document whose customer belongs to another team by now.
	"""
	customer = DocType(CUSTOMER)
	query = frappe.qb.from_(customer).select(customer.name, customer.customer_name)
	query = query.where(customer.name.isin(list(customers) or [""]))
	return dict(rule.filter_visible(query, CUSTOMER, customer).run())
