"""Cronus Year against Year: what was invoiced in each year, month by month or seller by seller.

Definitions (they stand on the page too):

* *Invoiced* is invoices less credit notes, by their dates, without tax and in the company's currency;
  cancelled documents are left out.
* Each year is counted from its first of January to the day and month that are asked for, so that a year that
  runs is compared with as much of the others.
* *Difference* and *change* are of the last year against the one before it.
"""

from calendar import isleap
from collections.abc import Callable
from datetime import date

import frappe
from babel.dates import format_skeleton
from frappe import _
from frappe.utils import cint, flt, formatdate, getdate, nowdate

from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	percent_column,
	percentage,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import invoiced_by
from cronus_crm.cronus_analytics.ledger.totals import Scope

MOST_YEARS = 5
BY_MONTH, BY_SELLER = "Month", "Seller"

# More groups of bars than these are not told apart.
MOST_BARS = 15
_COLORS = ("#2f6f9f", "#9bb8d3", "#c4a35a", "#a8a29e", "#d6d3d1")


def execute(filters: dict | None = None):
	"""Columns, a row for each month or seller and one in all, a note, the chart and the summary.

	filters: to_date (default: today; its day and month end every year), years (2 to 5, default 2),
	by ("Month", the default, or "Seller"), seller (with the team below), work_center.

	Raises what `report_filters.read_filters_of_report` raises.
	"""
	filters = frappe._dict(filters or {})
	until = getdate(filters.to_date or nowdate())
	scope = report_filters.read_filters_of_report({**filters, "from_date": None}).scope
	count = min(max(cint(filters.years) or 2, 2), MOST_YEARS)
	years = list(range(until.year, until.year - count, -1))
	rows = (_by_seller if filters.by == BY_SELLER else _by_month)(years, until, scope)
	total = _compared([sum(row[f"year_{year}"] for row in rows) for year in years], years)
	total |= {"label": _("Total"), "bold": 1}
	empty = not any(row[f"year_{year}"] for row in rows for year in years)
	return (
		_columns(years, filters.by),
		[] if empty else [*rows, total],
		_definitions(until),
		None if empty else _chart(rows, years),
		_summary(total, years),
		True,
	)


def _by_month(years: list[int], until: date, scope: Scope) -> list[dict]:
	found = _read(years, until, scope, "month", lambda month: getdate(month).month)
	return [
		{
			**_compared([found[year].get(month, 0.0) for year in years], years),
			"label": formatdate(date(until.year, month, 1), "MMMM"),
			"month": month,
		}
		for month in range(1, until.month + 1)
	]


def _by_seller(years: list[int], until: date, scope: Scope) -> list[dict]:
	found = _read(years, until, scope, "seller", lambda seller: seller or "")
	sellers = dict.fromkeys(seller for year in years for seller in found[year])
	rows = [
		{
			**_compared([found[year].get(seller, 0.0) for year in years], years),
			"label": opportunity_figures.seller_label(seller),
			"seller": seller or None,
		}
		for seller in sellers
	]
	return sorted(rows, key=lambda row: (-row[f"year_{years[0]}"], row["label"]))


def _read(
	years: list[int], until: date, scope: Scope, by: str, key_of: Callable
) -> dict[int, dict[object, float]]:
	"""What was invoiced in each year: one question for each."""
	return {
		year: {
			key_of(row[by]): row.amount
			for row in invoiced_by(date(year, 1, 1), _same_day(until, year), by=(by,), scope=scope)
		}
		for year in years
	}


def _same_day(day: date, year: int) -> date:
	"""The day and month in another year; the end of February is the end of February in all of them."""
	if (day.month, day.day) in ((2, 28), (2, 29)):
		whole = day.day == (29 if isleap(day.year) else 28)
		return date(year, 2, 29 if whole and isleap(year) else 28)
	return day.replace(year=year)


def _compared(amounts: list[float], years: list[int]) -> dict:
	last, before = flt(amounts[0], 2), flt(amounts[1], 2)
	difference = flt(last - before, 2)
	return {
		**{f"year_{year}": flt(amount, 2) for year, amount in zip(years, amounts, strict=True)},
		"difference": difference,
		"change": percentage(difference, abs(before)),
		"currency": company_currency(),
	}


def _columns(years: list[int], by: str | None) -> list[dict]:
	return [
		column("label", _("Seller") if by == BY_SELLER else _("Month"), "Data", 180),
		*(amount_column(f"year_{year}", str(year)) for year in years),
		amount_column("difference", _("Difference")),
		percent_column("change", _("Change"), 110),
		column("month", _("Month"), "Int", hidden=1),
		column("seller", _("Seller"), "Data", hidden=1),
		currency_column(),
	]


def _definitions(until: date) -> str:
	return definitions_note(
		_("Invoiced: invoices less credit notes, by their dates."),
		_("Each year from the first of January to {0}; difference and change of the last two.").format(
			format_skeleton("MMMMd", until, locale=frappe.local.lang.replace("-", "_"))
		),
		amounts_sentence(),
	)


def _chart(rows: list[dict], years: list[int]) -> dict:
	shown = rows[:MOST_BARS]
	return amounts_chart(
		(row["label"] for row in shown),
		[(str(year), [row[f"year_{year}"] for row in shown]) for year in years],
		list(_COLORS[: len(years)]),
	)


def _summary(total: dict, years: list[int]) -> list[dict]:
	return [
		*(summary_figure(str(year), total[f"year_{year}"]) for year in years[:2]),
		summary_figure(_("Change"), total["change"], "Percent"),
	]
