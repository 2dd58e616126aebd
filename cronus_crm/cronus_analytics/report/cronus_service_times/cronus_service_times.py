"""Cronus Service Times: how long customers wait for the first answer and for the solution, and how often what
was promised is met.

Definitions (the page shows them too):

* Times are of working time, from the opening of a case, without that in which it waited for the customer. A
  case counts on the day of its first answer or solution.
* *Median* and *90th percentile*: half of the cases, and nine of ten, took no longer. They are read from
  classes about a tenth apart.
* *Met* = promises met / (met + missed). A missed one counts on the day on which it was due.
"""

from collections.abc import Callable

import frappe
from frappe import _

from cronus_crm.base.report_parts import (
	column,
	definitions_note,
	numbers_chart,
	percent_column,
	percentage,
	read_option,
	summary_figure,
)
from cronus_crm.cronus_analytics.cases import account_cases, service_figures
from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters, read_case_filters
from cronus_crm.cronus_analytics.cases.case_totals import AGENT, TYPE
from cronus_crm.cronus_analytics.cases.service_figures import Times, TimesByAccount, find_percentile
from cronus_crm.cronus_service.promises.case_promises import FIRST_ANSWER, SOLUTION, Promised

DAYS = 30
BY = ("Agent", "Type", "Account")

_PREFIXES = {FIRST_ANSWER: "answer", SOLUTION: "solution"}


def execute(filters: dict | None = None):
	"""Columns, a row for each agent, type or account and one in all, a note, the chart and the summary.

	filters: by (one of BY), and those of `case_filters.read_case_filters`; customer by account only.

	Raises what that raises, and `service_figures.read_times_by_account`.
	"""
	by, chosen = read_option(filters, "by", BY), read_case_filters(filters, DAYS)
	found, in_all, left_out = _read_times(by, chosen)
	label = _find_label(by)
	keys = service_figures.sort_by_number(found)
	rows = [{"of": key or None, **_make_figures(found[key])} for key in keys]
	total = {"of": _("Total"), **_make_figures(in_all), "bold": 1}
	return (
		_make_columns(by),
		[*rows, total] if rows else [],
		_make_note(account_cases.left_out_sentence() if left_out else ""),
		_make_chart(rows, label),
		_make_summary(total),
		True,
	)


def _read_times(by: str, chosen: CaseFilters) -> TimesByAccount:
	period = (chosen.from_date, chosen.to_date)
	if by == "Account":
		return service_figures.read_times_by_account(*period, chosen.team, chosen.customer)
	found = service_figures.read_times(AGENT if by == "Agent" else TYPE, *period, chosen.team)
	return TimesByAccount(found, service_figures.add_up(found), left_out=False)


def _make_figures(times: dict[Promised, Times]) -> dict:
	row = {}
	for promised, prefix in _PREFIXES.items():
		of_it = times[promised]
		row[f"{prefix}_number"] = of_it.number
		for name, percent in (("median", 50), ("most", 90)):
			minutes = find_percentile(of_it.minutes, percent)
			row[f"{prefix}_{name}"] = None if minutes is None else 60 * minutes
		row[f"{prefix}_met"] = percentage(of_it.met, of_it.met + of_it.missed)
	return row


def _make_columns(by: str) -> list[dict]:
	first = {
		"Agent": column("of", _("Agent"), "Link", 200, options="User"),
		"Type": column("of", _("Type"), "Link", 180, options="Cronus Case Type"),
		"Account": column("of", _("Customer"), "Link", 200, options="Cronus Customer"),
	}[by]
	return [
		first,
		column("answer_number", _("First answers"), "Int", 180),
		_make_time_column("answer_median", _("Median to the answer"), 230),
		_make_time_column("answer_most", _("90 % answered within"), 180),
		percent_column("answer_met", _("Answer met"), 180),
		column("solution_number", _("Solutions"), "Int", 130),
		_make_time_column("solution_median", _("Median to the solution"), 230),
		_make_time_column("solution_most", _("90 % solved within"), 170),
		percent_column("solution_met", _("Solution met"), 170),
	]


def _make_time_column(fieldname: str, label: str, width: int) -> dict:
	# Hours of work: a working day has no 24 of them.
	return column(fieldname, label, "Duration", width, align="right", hide_days=1, hide_seconds=1)


def _make_note(left_out: str) -> str:
	return definitions_note(
		_("Working time from the opening of a case, without that in which it waited for the customer."),
		_("A case counts on the day of its first answer or solution; a missed time on the day it was due."),
		_("Met: of what was promised. Medians are right to a few parts in a hundred."),
		left_out,
	)


def _find_label(by: str) -> Callable[[str | None], str]:
	if by == "Agent":
		return lambda key: frappe.utils.get_fullname(key) if key else _("(nobody)")
	return lambda key: _(key) if key and by == "Type" else key or _("(none)")


def _make_chart(rows: list[dict], label: Callable[[str | None], str]) -> dict | None:
	shown = [row for row in rows if row["answer_met"] is not None or row["solution_met"] is not None][:15]
	if not shown:
		return None
	return numbers_chart(
		(label(row["of"]) for row in shown),
		[
			(_("Answer met"), [row["answer_met"] or 0 for row in shown]),
			(_("Solution met"), [row["solution_met"] or 0 for row in shown]),
		],
		["#2f6f9f", "#5b9279"],
		fieldtype="Percent",
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("First answers"), total["answer_number"], "Int"),
		summary_figure(_("Answer met"), total["answer_met"], "Percent"),
		summary_figure(_("Solutions"), total["solution_number"], "Int"),
		summary_figure(_("Solution met"), total["solution_met"], "Percent"),
	]
