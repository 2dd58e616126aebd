"""Cronus Purchase Peaks: in which months each customer buys.

Definitions (the page shows them too): purchases are invoices less credit notes, without tax, in the company's
currency, by calendar month; the last of the 12 or 24 months is the current one, so far, or the month of a
past day until that day. The *peak* of a customer is the month with its largest purchases; of several equal
months, the earliest.

Customers are sorted by purchases and limited to `at_most`; the total row is of all.
"""

from dataclasses import replace
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint

from cronus_crm.base import months
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import customer_figures, customer_filters
from cronus_crm.cronus_analytics.figures.counted_documents import Documents


def execute(filters: dict | None = None):
	"""Columns, a row for each customer and one in all, a note, the chart and the summary.

	filters: months (12 or 24), customer, seller (of the documents, with the team below), work_center,
	as_of (a past day; by default, today), at_most.
	A row says in `peak` which of its columns is its peak.

	Raises what `customer_filters.read_document_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	documents = customer_filters.read_document_filters(filters)
	shown_months = months.latest_months(24 if cint(filters.months) == 24 else 12, documents.month)
	begins = shown_months[0]
	most = row_limit(filters)
	# One customer more than is shown, to know whether the list is cut.
	found = customer_figures.find_largest_buyers(documents, begins, most + 1)
	customers = found[:most]
	all_purchases = customer_figures.sum_purchases_by_month(documents, begins)
	rows = _make_rows(customers, documents, shown_months)
	total = {**_make_row(all_purchases, shown_months), "customer": _("Total"), "bold": 1}
	return (
		_make_columns(shown_months),
		[*rows, total] if rows else [],
		_make_note(documents, len(found) > most),
		_make_chart(all_purchases, shown_months) if rows else None,
		_make_summary(total),
		True,
	)


def _make_rows(customers: list[str], documents: Documents, shown_months: list[date]) -> list[dict]:
	if not customers:
		return []
	shown_documents = replace(documents, customers=customers)
	bought = customer_figures.sum_purchases_by_customer_and_month(shown_documents, shown_months[0])
	names = customer_filters.read_customer_names(customers)
	return [
		{
			**_make_row(bought.get(customer, {}), shown_months),
			"customer": customer,
			"customer_name": names.get(customer),
		}
		for customer in customers
	]


def _make_row(bought: dict[date, float], shown_months: list[date]) -> dict:
	amounts = [bought.get(month, 0) for month in shown_months]
	largest = max(amounts)
	peak = shown_months[amounts.index(largest)] if largest > 0 else None
	return {
		**dict(zip(map(_month_fieldname, shown_months), amounts, strict=True)),
		"total": round_company_amount(sum(amounts)),
		"peak": peak and _month_fieldname(peak),
		"peak_month": peak and months.month_label(peak),
		"currency": company_currency(),
	}


def _month_fieldname(month: date) -> str:
	return f"in_{month:%Y_%m}"


def _make_columns(shown_months: list[date]) -> list[dict]:
	return [
		column("customer", _("Customer"), "Link", 110, options=customer_filters.CUSTOMER),
		column("customer_name", _("Name"), "Data", 190),
		amount_column("total", _("Total"), 130),
		column("peak_month", _("Peak month"), "Data", 110),
		*(amount_column(_month_fieldname(month), months.month_label(month), 130) for month in shown_months),
		currency_column(),
	]


def _make_note(documents: Documents, is_cut: bool) -> str:
	return definitions_note(
		customer_filters.as_of_sentence(documents.as_of),
		_("Purchases by calendar month: invoices less credit notes. The last month is the one that runs."),
		_("Darker: more of what that customer bought. The peak is the month in which it bought most."),
		amounts_sentence(),
		_("The largest customers are shown; the total is of all.") if is_cut else "",
	)


def _make_chart(all_purchases: dict[date, float], shown_months: list[date]) -> dict:
	return amounts_chart(
		map(months.month_label, shown_months),
		[(_("Purchases"), [all_purchases.get(month, 0) for month in shown_months])],
		["#2f6f9f"],
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Purchases"), total["total"]),
		summary_figure(_("Peak month"), total["peak_month"] or "–", "Data"),
	]
