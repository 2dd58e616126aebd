"""Cronus Case Trend: cases opened and solved by month, and how many were open at its end.

Definitions (the page shows them too):

* *Opened*: by the day on which a case was opened. *Solved*: by the day on which it was solved, after it was
  reopened for the last time. Cancelled and merged cases are left out.
* *Open at the end* = all opened until then - all solved until then.
"""

from collections import Counter, defaultdict
from datetime import date

from frappe import _
from frappe.utils import getdate

from cronus_crm.base import months
from cronus_crm.base.report_parts import column, definitions_note, numbers_chart, summary_figure
from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters, read_case_filters
from cronus_crm.cronus_analytics.cases.case_totals import OPENED, SOLVED, read_totals

DAYS = 365

# Before the first case of anybody.
_BEGINNING = date(1970, 1, 1)


def execute(filters: dict | None = None):
	"""Columns, a row for each month of the period and one in all, a note, the chart and the summary.

	filters: those of `case_filters.read_case_filters` but the customer; it says what is raised.
	"""
	chosen = read_case_filters(filters, DAYS)
	by_month, left = _count_by_month(chosen), _count_open_before(chosen)
	rows = []
	for month in months.months_between(chosen.from_date, chosen.to_date):
		opened, solved = by_month[month][OPENED], by_month[month][SOLVED]
		left += opened - solved
		rows.append({"month": months.month_label(month), "opened": opened, "solved": solved, "backlog": left})
	total = {
		"month": _("Total"),
		"opened": sum(row["opened"] for row in rows),
		"solved": sum(row["solved"] for row in rows),
		"backlog": left,
		"bold": 1,
	}
	if not any(row["opened"] or row["solved"] or row["backlog"] for row in rows):
		return _make_columns(), [], _make_note(), None, _make_summary(total), True
	return _make_columns(), [*rows, total], _make_note(), _make_chart(rows), _make_summary(total), True


def _count_by_month(chosen: CaseFilters) -> dict[date, Counter]:
	found: dict[date, Counter] = defaultdict(Counter)
	period = (chosen.from_date, chosen.to_date)
	for row in read_totals((OPENED, SOLVED), *period, by=("month",), team=chosen.team):
		found[getdate(row.month)][row.measure] += row.number
	return found


def _count_open_before(chosen: CaseFilters) -> int:
	"""How many were open when the period began."""
	if chosen.from_date <= _BEGINNING:
		return 0
	day_before = date.fromordinal(chosen.from_date.toordinal() - 1)
	found = read_totals((OPENED, SOLVED), _BEGINNING, day_before, team=chosen.team)
	numbers = {row.measure: row.number for row in found}
	return numbers.get(OPENED, 0) - numbers.get(SOLVED, 0)


def _make_columns() -> list[dict]:
	return [
		column("month", _("Month"), "Data", 150),
		column("opened", _("Cases opened"), "Int", 200),
		column("solved", _("Cases solved"), "Int", 200),
		column("backlog", _("Open at the end"), "Int", 180),
	]


def _make_note() -> str:
	return definitions_note(
		_("Cases by the day on which they were opened and solved; cancelled and merged ones are left out."),
		_("A case that was reopened counts as solved when it is solved again."),
		_("Open at the end: of the month, or of the period."),
	)


def _make_chart(rows: list[dict]) -> dict:
	return {
		**numbers_chart(
			(row["month"] for row in rows),
			[
				(_("Cases opened"), [row["opened"] for row in rows]),
				(_("Cases solved"), [row["solved"] for row in rows]),
				(_("Open at the end"), [row["backlog"] for row in rows]),
			],
			["#e0a96d", "#5b9279", "#2f6f9f"],
			type="line",
		)
	}


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Cases opened"), total["opened"], "Int"),
		summary_figure(_("Cases solved"), total["solved"], "Int"),
		summary_figure(_("Open at the end"), total["backlog"], "Int"),
	]
