"""Cronus Potential: what the opportunities in progress promise, by the month in which they are expected to
close.

Definitions (they stand on the page too):

* *Potential* is the value of an opportunity in progress, in the company's currency, times its probability. *
A month that is over is *late*: its opportunities should have closed and did not. Opportunities without an
expected day are
  counted in a row of their own. The figures are of now and have no period.
"""

from datetime import date

from frappe import _
from frappe.utils import getdate

from cronus_crm.base import months
from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.ledger.record_totals import UNDATED


def execute(filters: dict | None = None):
	"""Columns, a row for each month with opportunities and one in all, a note, the chart and the summary.

	filters: seller (with the team below), work_center.

	Raises what `report_filters.read_filters_of_report` raises.
	"""
	found = opportunity_figures.opportunities_in_progress(
		report_filters.read_filters_of_report(filters), by=("month",)
	)
	expected = sorted({getdate(row.month) for row in found}, key=lambda month: (month == UNDATED, month))
	rows = [_row(month, [row for row in found if getdate(row.month) == month]) for month in expected]
	total = {**_sums(found), "month": _("Total"), "bold": 1}
	return (
		_columns(),
		[*rows, total] if rows else [],
		_definitions(),
		_chart(rows),
		_summary(rows, total),
		True,
	)


def _row(month: date, found: list[dict]) -> dict:
	row = _sums(found)
	if month == UNDATED:
		return {**row, "month": _("No date"), "late": 0}
	return {
		**row,
		"month": months.month_label(month),
		"late": int(month < months.current_month()),
		"from_date": month,
		"to_date": months.last_day(month),
	}


def _sums(found: list[dict]) -> dict:
	return {**opportunity_figures.expected_amounts(found)._asdict(), "currency": company_currency()}


def _columns() -> list[dict]:
	return [
		column("month", _("Expected close"), "Data", 150),
		column("late", _("Late"), "Check", 100),
		column("number", _("Opportunities"), "Int", 130),
		amount_column("amount", _("Amount")),
		amount_column("potential", _("Potential")),
		column("from_date", _("From date"), "Date", hidden=1),
		column("to_date", _("To date"), "Date", hidden=1),
		currency_column(),
	]


def _definitions() -> str:
	return definitions_note(
		_("Potential: the amount of each opportunity in progress times its probability, as they are now."),
		_("Late: expected to close in a month that is over."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _chart(rows: list[dict]) -> dict | None:
	"""All that is late in one bar, as its months only say how long ago; then what is to come."""
	if not rows:
		return None
	late = [row for row in rows if row["late"]]
	bars = [(row["month"], row["amount"], row["potential"]) for row in rows if not row["late"]]
	if late:
		bars.insert(
			0, (_("Late"), *(round(sum(row[name] for row in late), 2) for name in ("amount", "potential")))
		)
	labels, amounts, potentials = zip(*bars, strict=True)
	return amounts_chart(
		labels,
		[(_("Potential"), list(potentials)), (_("Amount"), list(amounts))],
		["#2f6f9f", "#9bb8d3"],
		axisOptions={"xIsSeries": 1},
	)


def _summary(rows: list[dict], total: dict) -> list[dict]:
	late = round(sum(row["potential"] for row in rows if row["late"]), 2)
	return [
		summary_figure(_("Potential"), total["potential"]),
		summary_figure(_("Of that, late"), late),
		summary_figure(_("Amount"), total["amount"]),
	]
