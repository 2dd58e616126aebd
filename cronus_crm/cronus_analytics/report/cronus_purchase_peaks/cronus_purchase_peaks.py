"""Cronus Purchase Peaks: in which months each customer buys.

Definitions (they stand on the page too): purchases are invoices less credit notes, without tax, in the
company's currency, by calendar month; the last of the 12 or 24 is the month that runs, so far. The peak
of a customer is the month in which it bought most, the earliest of several.

The customers that bought most come first; so many are shown as is asked for, and the total is of all.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, flt

from cronus_crm.base import months
from cronus_crm.base.company import company_currency
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
from cronus_crm.cronus_analytics.figures.customer_figures import Documents


def execute(filters: dict | None = None):
	"""Columns, a row for each customer and one in all, a note, the chart and the summary.

	filters: months (12 or 24), customer, seller (of the documents, with the team below), work_center,
	at_most.
	A row says in `peak` which of its columns is its peak.

	Raises what `report_filters.read_filters_of_report` raises.
	"""
	filters = frappe._dict(filters or {})
	shown_months = months.latest_months(24 if cint(filters.months) == 24 else 12)
	documents, begins = customer_filters.documents_asked_for(filters), shown_months[0]
	most = row_limit(filters)
	# One more than is shown tells that there are more.
	found = customer_figures.largest_buyers(documents, begins, most + 1)
	customers = found[:most]
	of_all = customer_figures.purchases_of_all_by_month(documents, begins)
	rows = _rows(customers, documents, shown_months)
	total = {**_row(of_all, shown_months), "customer": _("Total"), "bold": 1}
	return (
		_columns(shown_months),
		[*rows, total] if rows else [],
		_definitions(len(found) > most),
		_chart(of_all, shown_months) if rows else None,
		_summary(total),
		True,
	)


def _rows(customers: list[str], documents: Documents, shown_months: list[date]) -> list[dict]:
	if not customers:
		return []
	of_shown = Documents(customers, documents.sellers, documents.work_center)
	bought = customer_figures.purchases_by_month(of_shown, shown_months[0])
	names = customer_filters.names_of(customers)
	return [
		{
			**_row(bought.get(customer, {}), shown_months),
			"customer": customer,
			"customer_name": names.get(customer),
		}
		for customer in customers
	]


def _row(bought: dict[date, float], shown_months: list[date]) -> dict:
	amounts = [bought.get(month, 0) for month in shown_months]
	largest = max(amounts)
	peak = shown_months[amounts.index(largest)] if largest > 0 else None
	return {
		**dict(zip(map(_fieldname, shown_months), amounts, strict=True)),
		"total": flt(sum(amounts), 2),
		"peak": peak and _fieldname(peak),
		"peak_month": peak and months.month_label(peak),
		"currency": company_currency(),
	}


def _fieldname(month: date) -> str:
	return f"in_{month:%Y_%m}"


def _columns(shown_months: list[date]) -> list[dict]:
	return [
		column("customer", _("Customer"), "Link", 110, options=customer_filters.CUSTOMER),
		column("customer_name", _("Name"), "Data", 190),
		amount_column("total", _("Total"), 130),
		column("peak_month", _("Peak month"), "Data", 110),
		*(amount_column(_fieldname(month), months.month_label(month), 130) for month in shown_months),
		currency_column(),
	]


def _definitions(is_cut: bool) -> str:
	return definitions_note(
		_("Purchases by calendar month: invoices less credit notes. The last month is the one that runs."),
		_("Darker: more of what that customer bought. The peak is the month in which it bought most."),
		amounts_sentence(),
		_("The largest customers are shown; the total is of all.") if is_cut else "",
	)


def _chart(of_all: dict[date, float], shown_months: list[date]) -> dict:
	return amounts_chart(
		map(months.month_label, shown_months),
		[(_("Purchases"), [of_all.get(month, 0) for month in shown_months])],
		["#2f6f9f"],
	)


def _summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Purchases"), total["total"]),
		summary_figure(_("Peak month"), total["peak_month"] or "–", "Data"),
	]
