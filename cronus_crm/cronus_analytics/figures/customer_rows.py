"""The figures of customers beside their names in lists and at the head of their form: balance, overdue
balance, and last purchase. They are defined in `customer_figures.py`.

All are of the documents that the session's user may see, and computed for the customers that are shown: they
are no fields, so that no list can be sorted or filtered by what its reader does not see.
"""

from datetime import date
from typing import TypedDict

import frappe
from frappe import _

from cronus_crm.base.arguments import read_names
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.figures.customer_figures import Owed

CUSTOMER = "Cronus Customer"

# As many as the largest page of a list.
MOST_AT_ONCE = 2500


class CustomerRow(TypedDict):
	"""balance, overdue: in `currency`, the company's. last_purchase: None without one. recency: days since
	then."""

	balance: float
	overdue: float
	last_purchase: date | None
	recency: int | None
	currency: str


def read_customer_rows(names: list | str) -> dict[str, CustomerRow]:
	"""The figures of customers by their names; customers that the user may not see are left out.

	Raises frappe.PermissionError without the right to read customers, frappe.ValidationError for more than
	MOST_AT_ONCE.
	"""
	asked = read_names(names, "names")
	if len(asked) > MOST_AT_ONCE:
		frappe.throw(_("Ask for the figures of {0} customers at most.").format(MOST_AT_ONCE))
	customers = frappe.get_list(
		CUSTOMER, filters={"name": ("in", asked or [""])}, pluck="name", limit=0, order_by="name asc"
	)
	documents = Documents(customers)
	owed = customer_figures.sum_owed_by_customer(documents)
	last = customer_figures.find_last_purchases(documents)
	return {name: _make_row(owed.get(name, Owed()), last.get(name), documents.day) for name in customers}


def _make_row(owed: Owed, last: date | None, today: date) -> CustomerRow:
	return CustomerRow(
		balance=owed.total,
		overdue=owed.overdue,
		last_purchase=last,
		recency=(today - last).days if last else None,
		currency=company_currency(),
	)
