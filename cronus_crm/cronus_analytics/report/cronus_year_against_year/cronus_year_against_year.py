"""Cronus Year against Year: what was invoiced in each year, month by month, or by seller, team,
manager or work centre.

Definitions (the page shows them too):

* *Invoiced* = invoices - credit notes, by their dates, without tax and in the company's currency; cancelled
  documents are left out.
* Each year is counted from 1 January to the day and month of `to_date`, so that a year in progress is
  compared with the same part of the others.
* *Difference* = last year - the year before. *Change* = difference / |the year before|.
"""

from calendar import isleap
from collections import defaultdict
from collections.abc import Callable
from datetime import date

import frappe
from babel.dates import format_skeleton
from frappe import _
from frappe.utils import cint, formatdate, getdate

from cronus_crm.base.arguments import read_date
from cronus_crm.base.company import company_currency, company_today, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	percent_column,
	percentage,
	read_option,
	summary_figure,
)
from cronus_crm.base.text_folding import sort_key
from cronus_crm.cronus_analytics.figures import report_filters, row_groups
from cronus_crm.cronus_analytics.figures.invoiced_figures import sum_invoiced
from cronus_crm.cronus_analytics.figures.row_groups import RowGroups
from cronus_crm.cronus_analytics.ledger.totals import Scope

MOST_YEARS = 5
BY_MONTH = "Month"

# A chart with more groups of bars than these is not readable.
MOST_BARS = 15
_COLORS = ("#2f6f9f", "#9bb8d3", "#c4a35a", "#a8a29e", "#d6d3d1")


def execute(filters: dict | None = None):
	"""Columns, a row for each month or seller and one in all, a note, the chart and the summary.

	filters: to_date (default: today; its day and month end every year), years (2 to 5, default 2),
	by ("Month", the default, or what else a row is, one of `row_groups.ROWS`), seller (with the team below),
	work_center.

	Raises what `report_filters.read_report_filters` and `report_parts.read_option` raise.
	"""
	filters = frappe._dict(filters or {})
	until = read_date(filters.to_date, "to_date") or company_today()
	scope = report_filters.read_report_filters({**filters, "from_date": None}).scope
	count = min(max(cint(filters.years) or 2, 2), MOST_YEARS)
	years = list(range(until.year, until.year - count, -1))
	by = read_option(filters, "by", (BY_MONTH, *row_groups.ROWS))
	groups = None if by == BY_MONTH else row_groups.read_row_groups(filters)
	rows = _make_group_rows(years, until, scope, groups) if groups else _make_month_rows(years, until, scope)
	total = _compare_years([sum(row[f"year_{year}"] for row in rows) for year in years], years)
	total |= {"label": _("Total"), "bold": 1}
	empty = not any(row[f"year_{year}"] for row in rows for year in years)
	return (
		_make_columns(years, groups),
		[] if empty else [*rows, total],
		_make_note(until, groups),
		None if empty else _make_chart(rows, years),
		_make_summary(total, years),
		True,
	)


def _make_month_rows(years: list[int], until: date, scope: Scope) -> list[dict]:
	found = _read_invoiced(years, until, scope, "month", lambda month: getdate(month).month)
	return [
		{
			**_compare_years([found[year].get(month, 0.0) for year in years], years),
			"label": formatdate(date(until.year, month, 1), "MMMM"),
			"month": month,
		}
		for month in range(1, until.month + 1)
	]


def _make_group_rows(years: list[int], until: date, scope: Scope, groups: RowGroups) -> list[dict]:
	found = _read_invoiced(years, until, scope, groups.fieldname, groups.find_group)
	names = dict.fromkeys(name for year in years for name in found[year])
	rows = []
	for name in names:
		cells = groups.make_cells(name)
		amounts = _compare_years([found[year].get(name, 0.0) for year in years], years)
		rows.append({**amounts, **cells, "label": groups.label(cells)})
	return sorted(rows, key=lambda row: (-row[f"year_{years[0]}"], sort_key(row["label"])))


def _read_invoiced(
	years: list[int], until: date, scope: Scope, by: str, key_of: Callable
) -> dict[int, dict[object, float]]:
	"""What was invoiced in each year, by `key_of` the field `by`; one query for each year."""
	found: dict[int, dict[object, float]] = {}
	for year in years:
		sums: dict[object, float] = defaultdict(float)
		for row in sum_invoiced(date(year, 1, 1), _move_to_year(until, year), by=(by,), scope=scope):
			sums[key_of(row[by])] += row.amount
		found[year] = sums
	return found


def _move_to_year(day: date, year: int) -> date:
	"""The same day and month in another year; the last day of February becomes the last day of February."""
	if (day.month, day.day) in ((2, 28), (2, 29)):
		whole = day.day == (29 if isleap(day.year) else 28)
		return date(year, 2, 29 if whole and isleap(year) else 28)
	return day.replace(year=year)


def _compare_years(amounts: list[float], years: list[int]) -> dict:
	last, before = round_company_amount(amounts[0]), round_company_amount(amounts[1])
	difference = round_company_amount(last - before)
	return {
		**{f"year_{year}": round_company_amount(amount) for year, amount in zip(years, amounts, strict=True)},
		"difference": difference,
		"change": percentage(difference, abs(before)),
		"currency": company_currency(),
	}


def _make_columns(years: list[int], groups: RowGroups | None) -> list[dict]:
	# What a row is stands in its label; its own columns are for the links.
	hidden = groups.make_columns() if groups else [column("month", _("Month"), "Int")]
	return [
		column("label", hidden[0]["label"], "Data", 180),
		*(amount_column(f"year_{year}", str(year)) for year in years),
		amount_column("difference", _("Difference")),
		percent_column("change", _("Change"), 110),
		*({**shown, "fieldtype": "Data", "options": None, "hidden": 1} for shown in hidden),
		currency_column(),
	]


def _make_note(until: date, groups: RowGroups | None) -> str:
	return definitions_note(
		_("Invoiced: invoices less credit notes, by their dates."),
		_("Each year from the first of January to {0}; difference and change of the last two.").format(
			format_skeleton("MMMMd", until, locale=frappe.local.lang.replace("-", "_"))
		),
		groups.describe() if groups else "",
		amounts_sentence(),
	)


def _make_chart(rows: list[dict], years: list[int]) -> dict:
	shown = rows[:MOST_BARS]
	return amounts_chart(
		(row["label"] for row in shown),
		[(str(year), [row[f"year_{year}"] for row in shown]) for year in years],
		list(_COLORS[: len(years)]),
	)


def _make_summary(total: dict, years: list[int]) -> list[dict]:
	return [
		*(summary_figure(str(year), total[f"year_{year}"]) for year in years[:2]),
		summary_figure(_("Change"), total["change"], "Percent"),
	]
