"""The analysis of one customer, as its form shows it: what the definitions of `customer_figures.py` say of
it.

* *Used*, of the credit limit: what is owed. *Available*: what is left of the limit, below zero above it.
* *Recency*: days since the last purchase.
* *This month against the average*: what it bought so far this month, as a percentage of its monthly
  average.
* *Agreed*: the days of its payment terms, weighted by their percentages; else its own days; else the
  company's.
* *Trend*: the last three whole months against the same three of the year before, as a percentage of
  change.

Every figure is of the documents that the user may see: a seller who sees the customer, and not all that
others have sold to it, is told the part that is theirs.
"""

from datetime import date

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import flt, getdate, nowdate

from cronus_crm.base import months
from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import percentage
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.customer_figures import Documents, Owed, Purchases
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY

CUSTOMER = "Cronus Customer"


def analyse_customer(customer: str) -> dict:
	"""The figures and the charts of a customer, in the company's `currency`.

	customer: name of the Cronus Customer.

	Gives back `credit`, `owed`, `purchases`, `payment`, `proformas`, the `months` of the last two years and
	the `years`, this one beside the last. What there is no figure of is None. `partial` is True where others
	may have sold to the customer what the user does not see.

	Raises frappe.PermissionError where the user may not read the customer.
	"""
	doc = frappe.get_cached_doc(CUSTOMER, customer)
	doc.check_permission("read")
	documents = Documents([doc.name])
	owed = customer_figures.owed(documents).get(doc.name, Owed())
	two_years_ago = months.subtract_months(months.current_month(), 24)
	bought = customer_figures.purchases_by_month(documents, two_years_ago).get(doc.name, {})
	number, amount = customer_figures.open_proformas(documents).get(doc.name, (0, 0))
	return {
		"currency": company_currency(),
		"partial": visible_entries.condition(DocType(ENTRY)) is not None,
		"credit": _credit(doc, owed),
		"owed": {"total": owed.total, "not_due": owed.not_due, "overdue": owed.overdue, "ages": owed.ages},
		"purchases": _purchases(bought, customer_figures.last_purchases(documents).get(doc.name)),
		"payment": {
			"days": customer_figures.days_to_pay(documents).get(doc.name),
			"agreed": customer_figures.agreed_days(doc.payment_terms, doc.payment_days),
		},
		"proformas": {"number": number, "amount": amount},
		"months": _two_years(bought),
		"years": _years(bought),
	}


def _credit(customer: Document, owed: Owed) -> dict | None:
	limit = customer.credit_limit
	if not limit or not customer.has_permlevel_access_to("credit_limit"):
		return None
	return {"limit": limit, "used": owed.total, "available": flt(limit - owed.total, 2)}


def _purchases(bought: dict[date, float], last: date | None) -> dict:
	recent = Purchases.from_months(bought, last)
	return {
		"last": last,
		"recency": (getdate(nowdate()) - last).days if last else None,
		"twelve_months": recent.twelve_months,
		"average": recent.average,
		"this_month": recent.this_month,
		"against_average": percentage(recent.this_month, recent.average),
		"trend": trend(bought),
	}


def trend(bought: dict[date, float]) -> float | None:
	"""Change of the last three whole months against the same of the year before, as a percentage; None where
	nothing was bought then. bought: purchases by the first day of their month."""
	month = months.current_month()
	now = sum(bought.get(months.subtract_months(month, number), 0) for number in (1, 2, 3))
	then = sum(bought.get(months.subtract_months(month, number), 0) for number in (13, 14, 15))
	return percentage(now - then, then) if then > 0 else None


def _two_years(bought: dict[date, float]) -> dict:
	shown, names = months.latest_months(24), months.month_names()
	return {
		"labels": [f"{names[month.month - 1]} {month.year}" for month in shown],
		"values": [bought.get(month, 0) for month in shown],
	}


def _years(bought: dict[date, float]) -> dict:
	first = months.current_month().replace(month=1)
	shown = [months.subtract_months(first, -number) for number in range(12)]
	return {
		"labels": months.month_names(),
		"this_year": {"year": first.year, "values": [bought.get(month, 0) for month in shown]},
		"last_year": {
			"year": first.year - 1,
			"values": [bought.get(months.subtract_months(month, 12), 0) for month in shown],
		},
	}
