"""Cronus Case Load: the cases that are open now, by agent, with their state and age.

Definitions (the page shows them too):

* Open are cases whose state is new, open, waiting for us or waiting for them.
* Age = days since the case was opened, by the company's clock: 0 is today.
* *Missed* = cases of which a promised time has passed, of the first answer or of the solution.
"""

from collections import Counter, defaultdict

import frappe
from frappe import _

from cronus_crm.base.arguments import read_filter_values
from cronus_crm.base.report_parts import column, definitions_note, numbers_chart, summary_figure
from cronus_crm.cronus_analytics.cases.case_load import AGES, OPEN_CATEGORIES, count_open

# The fields of a row by category and by age.
_BY_CATEGORY = dict(zip(OPEN_CATEGORIES, ("new", "open", "waiting_for_us", "waiting_for_them"), strict=True))
_BY_AGE = {age: f"age_{age}" for age in AGES}
_NUMBERS = (*_BY_CATEGORY.values(), "number", *_BY_AGE.values(), "missed")


def execute(filters: dict | None = None):
	"""Columns, a row for each agent with open cases and one in all, a note, the chart and the summary.

	filters: team.
	"""
	by_agent: dict[str, Counter] = defaultdict(Counter)
	oldest = {}
	for found in count_open(read_filter_values(filters).team or None):
		counts = by_agent[found.agent]
		for name in (_BY_CATEGORY[found.category], _BY_AGE[found.age], "number"):
			counts[name] += found.number
		counts["missed"] += found.missed
		oldest[found.agent] = min(oldest.get(found.agent, found.oldest), found.oldest)
	rows = [
		{
			"agent": agent or None,
			"oldest": oldest[agent],
			**{name: by_agent[agent][name] for name in _NUMBERS},
		}
		for agent in sorted(by_agent, key=lambda agent: (-by_agent[agent]["number"], agent))
	]
	total = {name: sum(row[name] for row in rows) for name in _NUMBERS}
	total |= {"agent": _("Total"), "oldest": min(oldest.values(), default=None), "bold": 1}
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(),
		_make_chart(rows),
		_make_summary(total),
		True,
	)


def _make_columns() -> list[dict]:
	return [
		column("agent", _("Agent"), "Link", 200, options="User"),
		column("number", _("Open cases"), "Int", 150),
		column("new", _("New", context="Cronus Case"), "Int", 90),
		column("open", _("In progress"), "Int", 120),
		column("waiting_for_us", _("Waiting for us"), "Int", 190),
		column("waiting_for_them", _("Waiting for them"), "Int", 180),
		column("age_0", _("Of today"), "Int", 100),
		column("age_1", _("1 to 2 days"), "Int", 120),
		column("age_3", _("3 to 6 days"), "Int", 120),
		column("age_7", _("7 days or more"), "Int", 140),
		column("oldest", _("Oldest"), "Datetime", 170, align="left"),
		column("missed", _("Missed a time"), "Int", 140),
	]


def _make_note() -> str:
	return definitions_note(
		_("Cases that are neither solved nor closed nor cancelled."),
		_("Age: days since a case was opened."),
		_("Missed: the first answer or the solution was not there when it was promised."),
	)


def _make_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:15]
	labels = (frappe.utils.get_fullname(row["agent"]) if row["agent"] else _("(nobody)") for row in shown)
	names = (_("Of today"), _("1 to 2 days"), _("3 to 6 days"), _("7 days or more"))
	return numbers_chart(
		labels,
		[(name, [row[field] for row in shown]) for name, field in zip(names, _BY_AGE.values(), strict=True)],
		["#5b9279", "#9bb8d3", "#e0a96d", "#dc2626"],
		barOptions={"stacked": 1},
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Open cases"), total["number"], "Int"),
		summary_figure(_("Waiting for us"), total["waiting_for_us"], "Int"),
		summary_figure(_("Missed a time"), total["missed"], "Int"),
	]
