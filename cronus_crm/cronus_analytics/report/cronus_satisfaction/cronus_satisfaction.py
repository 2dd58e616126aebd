"""Cronus Satisfaction: how many were asked how satisfied they are, how many have answered, and what.

Definitions (the page shows them too):

* Cases about which somebody was asked in the period; cancelled and merged ones are left out. An answer
  counts on the day of the question, with the agent, the team and the type that the case had then.
* *Answered* = answers / asked. *Mean*: of the answers, from 1 to 5. *Satisfied* = answers of 4 and 5, of all.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, get_last_day

from cronus_crm.base.report_parts import (
	column,
	definitions_note,
	numbers_chart,
	percent_column,
	percentage,
	read_option,
	summary_figure,
)
from cronus_crm.cronus_analytics.cases import account_cases
from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters, read_case_filters
from cronus_crm.cronus_analytics.cases.satisfaction_figures import BY, Ratings, read_ratings

DAYS = 30


def execute(filters: dict | None = None):
	"""Columns, a row for each agent, type, team, account or month and one in all, a note, the chart and the
	summary.

	filters: by (one of BY), and those of `case_filters.read_case_filters`; customer by account only.

	Raises what that raises, and `satisfaction_figures.read_ratings`.
	"""
	by, chosen = read_option(filters, "by", BY), read_case_filters(filters, DAYS)
	found, in_all, left_out = read_ratings(by, chosen.from_date, chosen.to_date, chosen.team, chosen.customer)
	keys = sorted(found) if by == "Month" else sorted(found, key=lambda key: (-found[key].asked, key))
	rows = [{**_make_key(by, key, chosen), **_make_figures(found[key])} for key in keys]
	total = {"of": _("Total"), **_make_figures(in_all), "bold": 1}
	return (
		_make_columns(by),
		[*rows, total] if rows else [],
		_make_note(account_cases.left_out_sentence() if left_out else ""),
		_make_chart(by, rows),
		_make_summary(total),
		True,
	)


def _make_key(by: str, key: str | date, chosen: CaseFilters) -> dict:
	if by != "Month":
		return {"of": key or None}
	# Its days of the period.
	first, last = max(key, chosen.from_date), min(get_last_day(key), chosen.to_date)
	return {"of": formatdate(key, "MM-yyyy"), "from_date": str(first), "to_date": str(last)}


def _make_figures(ratings: Ratings) -> dict:
	return {
		"asked": ratings.asked,
		"answered": ratings.answered,
		"share": percentage(ratings.answered, ratings.asked),
		"mean": ratings.mean,
		"good": ratings.good,
		"satisfied": percentage(ratings.good, ratings.answered),
	}


def _make_columns(by: str) -> list[dict]:
	first = {
		"Agent": column("of", _("Agent"), "Link", 220, options="User"),
		"Type": column("of", _("Type"), "Link", 200, options="Cronus Case Type"),
		"Team": column("of", _("Team"), "Link", 200, options="Cronus Service Team"),
		"Account": column("of", _("Customer"), "Link", 220, options="Cronus Customer"),
		"Month": column("of", _("Month"), "Data", 140),
	}[by]
	return [
		first,
		column("asked", _("Asked"), "Int", 150),
		column("answered", _("Answers"), "Int", 150),
		percent_column("share", _("Answered"), 150),
		column("mean", _("Mean"), "Float", 130, precision=2),
		column("good", _("Answers of 4 and 5"), "Int", 190),
		percent_column("satisfied", _("Satisfied"), 150),
	]


def _make_note(left_out: str) -> str:
	return definitions_note(
		_("Cases about which somebody was asked in the period; cancelled and merged ones are left out."),
		_("An answer counts on the day of the question, with the agent, team and type of then."),
		_("Satisfied: answers of 4 and 5, of all answers."),
		left_out,
	)


def _make_chart(by: str, rows: list[dict]) -> dict | None:
	shown = [row for row in rows if row["answered"]][:15]
	if not shown:
		return None
	return numbers_chart(
		(_find_label(by, row["of"]) for row in shown),
		[(_("Satisfied"), [row["satisfied"] or 0 for row in shown])],
		["#5b9279"],
		fieldtype="Percent",
	)


def _find_label(by: str, key: str | None) -> str:
	if by == "Agent":
		return frappe.utils.get_fullname(key) if key else _("(nobody)")
	return _(key) if key and by == "Type" else key or _("(none)")


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Asked"), total["asked"], "Int"),
		summary_figure(_("Answers"), total["answered"], "Int"),
		summary_figure(_("Mean"), total["mean"], "Float"),
		summary_figure(_("Satisfied"), total["satisfied"], "Percent"),
	]
