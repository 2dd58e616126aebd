"""Cronus Revenue Trend: revenue by month, compared with the year before.

Definitions (the page shows them too):

* Revenue of *won opportunities*: the value of the opportunities that were won, by the day on which they
  closed.
* Revenue *invoiced*: invoices less credit notes, by their dates; the number is of invoices only.
* *A year before*: the same days one year earlier. Where the period contains a part of a month, it is
  compared with the same part.
* *Difference* = amount - amount a year before. *Change* = difference / |amount a year before|.

Amounts are without tax, in the company's currency; cancelled documents are left out.
"""

from datetime import date

from frappe import _
from frappe.utils import getdate

from cronus_crm.base import months
from cronus_crm.base.company import company_currency, round_company_amount
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
from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import sum_invoiced
from cronus_crm.cronus_analytics.figures.opportunity_figures import WON
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

WON_OPPORTUNITIES, INVOICED = "Won deals", "Invoiced"


def execute(filters: dict | None = None):
	"""Columns, a row for each month of the period and one in all, a note, the chart and the summary.

	filters: of ("Won opportunities", the default, or "Invoiced"), and those of
	`report_filters.read_report_filters`, which says what is raised.
	"""
	chosen = report_filters.read_report_filters(filters)
	read = _read_invoiced if (filters or {}).get("of") == INVOICED else _read_won
	now, before, zero = read(chosen), read(chosen.shift_one_year_back()), (0, 0.0)
	rows = [
		_make_row(month, chosen, now.get(month, zero), before.get(months.subtract_months(month, 12), zero))
		for month in months.months_between(chosen.from_date, chosen.to_date)
	]
	total = {**_compare_years(*_sum_rows(rows)), "month": _("Total"), "bold": 1}
	if not now and not before:
		return _make_columns(), [], _make_note(), None, _make_summary(total), True
	return _make_columns(), [*rows, total], _make_note(), _make_chart(rows), _make_summary(total), True


def _read_won(filters: ReportFilters) -> dict[date, tuple[int, float]]:
	found = filters.read_totals((WON,), by=("month",))
	return {getdate(row.month): (row.number, round_company_amount(row.amount)) for row in found}


def _read_invoiced(filters: ReportFilters) -> dict[date, tuple[int, float]]:
	found = sum_invoiced(filters.from_date, filters.to_date, by=("month",), scope=filters.scope)
	return {getdate(row.month): (row.number, row.amount) for row in found}


def _make_row(month: date, filters: ReportFilters, now: tuple[int, float], before: tuple[int, float]) -> dict:
	last = months.last_day(month)
	return {
		**_compare_years(now, before),
		"month": months.month_label(month),
		"from_date": max(month, filters.from_date),
		"to_date": min(last, filters.to_date),
	}


def _compare_years(now: tuple[int, float], before: tuple[int, float]) -> dict:
	difference = round_company_amount(now[1] - before[1])
	return {
		"number": now[0],
		"amount": now[1],
		"number_before": before[0],
		"amount_before": before[1],
		"difference": difference,
		"change": percentage(difference, abs(before[1])),
		"currency": company_currency(),
	}


def _sum_rows(rows: list[dict]) -> tuple[tuple[int, float], tuple[int, float]]:
	def summed_up(name):
		return round_company_amount(sum(row[name] for row in rows))

	now = (sum(row["number"] for row in rows), summed_up("amount"))
	return now, (sum(row["number_before"] for row in rows), summed_up("amount_before"))


def _make_columns() -> list[dict]:
	return [
		column("month", _("Month"), "Data", 130),
		column("number", _("Number"), "Int", 100),
		amount_column("amount", _("Amount")),
		column("number_before", _("Number a year before"), "Int", 170),
		amount_column("amount_before", _("Amount a year before"), 180),
		amount_column("difference", _("Difference")),
		percent_column("change", _("Change"), 110),
		column("from_date", _("From date"), "Date", hidden=1),
		column("to_date", _("To date"), "Date", hidden=1),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("Won opportunities: their value, by the day on which they closed."),
		_("Invoiced: invoices less credit notes, by their dates."),
		_("A year before: the same days one year earlier, also of months of which a part is shown."),
		amounts_sentence(),
	)


def _make_chart(rows: list[dict]) -> dict:
	return amounts_chart(
		(row["month"] for row in rows),
		[
			(_("Amount"), [row["amount"] for row in rows]),
			(_("A year before"), [row["amount_before"] for row in rows]),
		],
		["#2f6f9f", "#c4a35a"],
		# A line with a single point is not visible.
		type="line" if len(rows) > 1 else "bar",
		lineOptions={"dotSize": 4, "regionFill": 0},
		axisOptions={"xIsSeries": 1},
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Amount"), total["amount"]),
		summary_figure(_("A year before"), total["amount_before"]),
		summary_figure(_("Change"), total["change"], "Percent"),
	]
