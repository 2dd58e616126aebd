"""What the search bar shows: the records that were found, customers with what they owe."""

import frappe

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.visibility import record_search

CUSTOMER = "Cronus Customer"
MAX_LIMIT = 20


def search_with_balances(text: str, limit: int) -> list[dict]:
	"""The groups of `record_search.search_records`; each customer has `amount`, what it owes on documents
	that the session's user may see, in the company's `currency`. Without the right to read invoices, no
	amount is shown."""
	groups = record_search.search_records(text, max(1, min(limit, MAX_LIMIT)))
	for group in groups:
		if group["doctype"] == CUSTOMER and frappe.has_permission("Invoice", "read"):
			_add_balances(group["records"])
	return groups


def _add_balances(customers: list[dict]) -> None:
	owed = customer_figures.sum_owed_by_customer(Documents([row["name"] for row in customers]))
	for row in customers:
		if row["name"] in owed:
			row["amount"], row["currency"] = owed[row["name"]].total, company_currency()
