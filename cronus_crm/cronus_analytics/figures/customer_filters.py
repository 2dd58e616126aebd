"""What reports by customer share: their filters, and the names of customers."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType

from cronus_crm.base.arguments import read_date
from cronus_crm.base.company import company_today
from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.visibility import rule

CUSTOMER = "Cronus Customer"


def read_document_filters(filters: dict) -> Documents:
	"""The documents that the filters of a report select.

	filters: customer, seller (of the documents, with the team below), work_center, as_of.

	Raises what `report_filters.read_report_filters` and `read_past_day` raise.
	"""
	customer, scope = (
		filters.get("customer"),
		report_filters.read_report_filters(filters, reads="Invoice").scope,
	)
	as_of = read_past_day(filters.get("as_of"))
	return Documents([customer] if customer else None, scope.sellers, scope.work_center, as_of=as_of)


def read_past_day(value: str | date | None) -> date | None:
	"""The past day as of which figures are asked for; None for today, which is the default.

	Raises frappe.ValidationError for a day that is still to come, and for a value that is not a date.
	"""
	day, today = read_date(value, "as_of"), company_today()
	if day and day > today:
		frappe.throw(
			_("{0} is still to come. Choose today or a past day.").format(
				frappe.bold(frappe.format(day, {"fieldtype": "Date"}))
			)
		)
	return day if day and day < today else None


def as_of_sentence(as_of: date | None) -> str:
	"""The translated sentence that says of which past day figures are; empty for today."""
	if not as_of:
		return ""
	return _(
		"As of {0}, by the dates of the documents. Due dates, sellers, terms and limits are the present ones."
	).format(frappe.format(as_of, {"fieldtype": "Date"}))


def read_customer_names(customers: Sequence[str]) -> dict[str, str]:
	"""The display names of the customers, by name; those that the user may not see are left out.

	A user may see a document whose customer belongs to another team by now.
	"""
	customer = DocType(CUSTOMER)
	query = frappe.qb.from_(customer).select(customer.name, customer.customer_name)
	query = query.where(customer.name.isin(list(customers) or [""]))
	return dict(rule.filter_visible(query, CUSTOMER, customer).run())
