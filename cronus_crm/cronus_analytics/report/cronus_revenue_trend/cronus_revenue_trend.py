"""Cronus Revenue Trend: revenue by month, with that of a year before beside it.

Definitions (they stand on the page too):

* Of *won opportunities*: the value of the opportunities that were won, by the day on which they closed.
* Of what was *invoiced*: invoices less credit notes, by their dates; the number is that of the invoices.
* *A year before*: the same days one year earlier. A month of which the period holds a part is compared with
  the same part.

Amounts are without tax, in the company's currency; cancelled documents are left out.
"""

from datetime import date

from frappe import _
from frappe.utils import flt, getdate

from cronus_crm.base import months
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
from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import invoiced_by
from cronus_crm.cronus_analytics.figures.opportunity_figures import WON
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

WON_OPPORTUNITIES, INVOICED = "Won deals", "Invoiced"


def execute(filters: dict | None = None):
	"""Columns, a row for each month of the period and one in all, a note, the chart and the summary.

	filters: of ("Won opportunities", the default, or "Invoiced"), and those of
	`report_filters.read_filters_of_report`, which says what is raised.
	"""
	what = report_filters.read_filters_of_report(filters)
	read = _invoiced if (filters or {}).get("of") == INVOICED else _won
	now, before, nothing = read(what), read(what.a_year_before()), (0, 0.0)
	rows = [
		_month(month, what, now.get(month, nothing), before.get(months.subtract_months(month, 12), nothing))
		for month in months.months_between(what.from_date, what.to_date)
	]
	total = {**_compared(*_added_up(rows)), "month": _("Total"), "bold": 1}
	if not now and not before:
		return _columns(), [], _definitions(), None, _summary(total), True
	return _columns(), [*rows, total], _definitions(), _chart(rows), _summary(total), True


def _won(asked: ReportFilters) -> dict[date, tuple[int, float]]:
	found = asked.totals_of((WON,), by=("month",))
	return {getdate(row.month): (row.number, flt(row.amount, 2)) for row in found}


def _invoiced(asked: ReportFilters) -> dict[date, tuple[int, float]]:
	found = invoiced_by(asked.from_date, asked.to_date, by=("month",), scope=asked.scope)
	return {getdate(row.month): (row.number, row.amount) for row in found}


def _month(month: date, asked: ReportFilters, now: tuple[int, float], before: tuple[int, float]) -> dict:
	last = months.last_day(month)
	return {
		**_compared(now, before),
		"month": months.month_label(month),
		"from_date": max(month, asked.from_date),
		"to_date": min(last, asked.to_date),
	}


def _compared(now: tuple[int, float], before: tuple[int, float]) -> dict:
	difference = flt(now[1] - before[1], 2)
	return {
		"number": now[0],
		"amount": now[1],
		"number_before": before[0],
		"amount_before": before[1],
		"difference": difference,
		"change": percentage(difference, abs(before[1])),
		"currency": company_currency(),
	}


def _added_up(rows: list[dict]) -> tuple[tuple[int, float], tuple[int, float]]:
	def summed_up(name):
		return flt(sum(row[name] for row in rows), 2)

	now = (sum(row["number"] for row in rows), summed_up("amount"))
	return now, (sum(row["number_before"] for row in rows), summed_up("amount_before"))


def _columns() -> list[dict]:
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


def _definitions() -> str:
	return definitions_note(
		_("Won opportunities: their value, by the day on which they closed."),
		_("Invoiced: invoices less credit notes, by their dates."),
		_("A year before: the same days one year earlier, also of months of which a part is shown."),
		amounts_sentence(),
	)


def _chart(rows: list[dict]) -> dict:
	return amounts_chart(
		(row["month"] for row in rows),
		[
			(_("Amount"), [row["amount"] for row in rows]),
			(_("A year before"), [row["amount_before"] for row in rows]),
		],
		["#2f6f9f", "#c4a35a"],
		# A line of one month is not seen.
		type="line" if len(rows) > 1 else "bar",
		lineOptions={"dotSize": 4, "regionFill": 0},
		axisOptions={"xIsSeries": 1},
	)


def _summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Amount"), total["amount"]),
		summary_figure(_("A year before"), total["amount_before"]),
		summary_figure(_("Change"), total["change"], "Percent"),
	]
