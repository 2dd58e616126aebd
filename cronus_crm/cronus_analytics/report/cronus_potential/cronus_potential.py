"""Cronus Potential: the potential of the opportunities in progress, by the month in which they are expected
to close.

Definitions (the page shows them too):

* *Potential* = value of an opportunity in progress, in the company's currency × its probability.
* A past month is *late*: its opportunities should have closed and are still in progress.
* Opportunities without an expected date are counted in a row of their own.

The figures are the current ones and have no period.
"""

from datetime import date

from frappe import _
from frappe.utils import getdate

from cronus_crm.base import months
from cronus_crm.base.company import company_currency, round_company_amount
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

	Raises what `report_filters.read_report_filters` raises.
	"""
	found = opportunity_figures.read_in_progress(report_filters.read_report_filters(filters), by=("month",))
	expected = sorted({getdate(row.month) for row in found}, key=lambda month: (month == UNDATED, month))
	rows = [_make_row(month, [row for row in found if getdate(row.month) == month]) for month in expected]
	total = {**_make_sums(found), "month": _("Total"), "bold": 1}
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(),
		_make_chart(rows),
		_make_summary(rows, total),
		True,
	)


def _make_row(month: date, found: list[dict]) -> dict:
	row = _make_sums(found)
	if month == UNDATED:
		return {**row, "month": _("No date"), "late": 0}
	return {
		**row,
		"month": months.month_label(month),
		"late": int(month < months.current_month()),
		"from_date": month,
		"to_date": months.last_day(month),
	}


def _make_sums(found: list[dict]) -> dict:
	return {**opportunity_figures.sum_expected(found)._asdict(), "currency": company_currency()}


def _make_columns() -> list[dict]:
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


def _make_note() -> str:
	return definitions_note(
		_("Potential: the amount of each opportunity in progress times its probability, as they are now."),
		_("Late: expected to close in a month that is over."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _make_chart(rows: list[dict]) -> dict | None:
	"""One bar for all late months together, as a user acts on all of them alike; then one for each month."""
	if not rows:
		return None
	late = [row for row in rows if row["late"]]
	bars = [(row["month"], row["amount"], row["potential"]) for row in rows if not row["late"]]
	if late:
		bars.insert(
			0,
			(
				_("Late"),
				*(round_company_amount(sum(row[name] for row in late)) for name in ("amount", "potential")),
			),
		)
	labels, amounts, potentials = zip(*bars, strict=True)
	return amounts_chart(
		labels,
		[(_("Potential"), list(potentials)), (_("Amount"), list(amounts))],
		["#2f6f9f", "#9bb8d3"],
		axisOptions={"xIsSeries": 1},
	)


def _make_summary(rows: list[dict], total: dict) -> list[dict]:
	late = round_company_amount(sum(row["potential"] for row in rows if row["late"]))
	return [
		summary_figure(_("Potential"), total["potential"]),
		summary_figure(_("Of that, late"), late),
		summary_figure(_("Amount"), total["amount"]),
	]
