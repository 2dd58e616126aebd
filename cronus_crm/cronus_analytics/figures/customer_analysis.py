"""The analysis of one customer that its form shows. Purchases, amounts owed and days to pay are defined in
`customer_figures.py`; these are derived from them:

* *Used* credit = amount owed. *Available* = credit limit - amount owed; negative above the limit.
* *Recency* = days since the last purchase.
* *This month against the average* = purchases of this month so far / monthly average, as a percentage.
* *Agreed* days: see `customer_figures.compute_agreed_days`.
* *Trend*: see :func:`compute_trend`.

All figures are of the documents that the user may see. A seller who sees the customer, but not what other
sellers have sold to it, gets figures of their own part only.
"""

from datetime import date

from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base import months
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.base.report_parts import percentage
from cronus_crm.cronus_analytics.figures import customer_figures, customer_filters
from cronus_crm.cronus_analytics.figures.customer_figures import Documents, Owed, Purchases
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY
from cronus_crm.cronus_service.cases import open_cases

CUSTOMER = "Cronus Customer"


def analyse_customer(customer: str, as_of: str | date | None = None) -> dict:
	"""The figures and the data of the charts of a customer, in the company's `currency`.

	customer: name of the Cronus Customer. as_of: a past day, of which the figures are; by default, today.

	Returns `as_of` (None for today), `credit` (None without a limit or without permission to read it),
	`owed`, `purchases`, `payment`, `proformas`, `cases` (the open ones; None for a past day and without
	permission to read cases), the `months` of the last two years and the `years`, this one
	and the last. A figure that cannot be computed is None. `partial` is True where the user may not see all
	documents of the customer.

	Raises frappe.PermissionError where the user may not read the customer, frappe.ValidationError for a day
	that is still to come.
	"""
	doc = get_present_doc(CUSTOMER, customer)
	doc.check_permission("read")
	documents = Documents([doc.name], as_of=customer_filters.read_past_day(as_of))
	owed = customer_figures.sum_owed_by_customer(documents).get(doc.name, Owed())
	bought = customer_figures.sum_purchases_by_customer_and_month(
		documents, documents.subtract_months(24)
	).get(doc.name, {})
	number, amount = customer_figures.sum_open_proformas(documents).get(doc.name, (0, 0))
	return {
		"as_of": documents.as_of,
		"currency": company_currency(),
		"partial": visible_entries.condition(DocType(ENTRY)) is not None,
		"credit": _analyse_credit(doc, owed),
		"owed": {"total": owed.total, "not_due": owed.not_due, "overdue": owed.overdue, "ages": owed.ages},
		"purchases": _analyse_purchases(documents, bought),
		"payment": {
			"days": customer_figures.compute_days_to_pay(documents).get(doc.name),
			"agreed": customer_figures.compute_agreed_days(doc.payment_terms, doc.payment_days),
		},
		"proformas": {"number": number, "amount": amount},
		# How cases stood on a past day is not kept.
		"cases": None if documents.as_of else open_cases.count_open(customer=doc.name),
		"months": _list_two_years(bought, documents.month),
		"years": _compare_years(bought, documents.month),
	}


def _analyse_credit(customer: Document, owed: Owed) -> dict | None:
	limit = customer.credit_limit
	if not limit or not customer.has_permlevel_access_to("credit_limit"):
		return None
	return {"limit": limit, "used": owed.total, "available": round_company_amount(limit - owed.total)}


def _analyse_purchases(documents: Documents, bought: dict[date, float]) -> dict:
	(customer,) = documents.customers
	last = customer_figures.find_last_purchases(documents).get(customer)
	days_between = customer_figures.compute_days_between_purchases(documents).get(customer)
	recent = Purchases.from_months(bought, last, documents.month)
	return {
		"last": last,
		"days_between": days_between,
		"recency": (documents.day - last).days if last else None,
		"twelve_months": recent.twelve_months,
		"average": recent.average,
		"this_month": recent.this_month,
		"against_average": percentage(recent.this_month, recent.average),
		"trend": compute_trend(bought, documents.month),
	}


def compute_trend(bought: dict[date, float], month: date) -> float | None:
	"""Change of the last three whole months before `month` against the same three months of the year before:
	(now - then) / then, as a percentage; None where nothing was bought then.

	bought: purchases by the first day of their month.
	"""
	now = sum(bought.get(months.subtract_months(month, number), 0) for number in (1, 2, 3))
	then = sum(bought.get(months.subtract_months(month, number), 0) for number in (13, 14, 15))
	return percentage(now - then, then) if then > 0 else None


def _list_two_years(bought: dict[date, float], month: date) -> dict:
	shown, names = months.latest_months(24, month), months.month_names()
	return {
		"labels": [f"{names[month.month - 1]} {month.year}" for month in shown],
		"values": [bought.get(month, 0) for month in shown],
	}


def _compare_years(bought: dict[date, float], month: date) -> dict:
	first = month.replace(month=1)
	shown = [months.subtract_months(first, -number) for number in range(12)]
	return {
		"labels": months.month_names(),
		"this_year": {"year": first.year, "values": [bought.get(month, 0) for month in shown]},
		"last_year": {
			"year": first.year - 1,
			"values": [bought.get(months.subtract_months(month, 12), 0) for month in shown],
		},
	}
