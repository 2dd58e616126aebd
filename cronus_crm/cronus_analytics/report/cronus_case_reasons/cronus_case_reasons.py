"""Cronus Case Reasons: what customers ask about most: types of cases, or products.

Definitions (the page shows them too):

* Cases that were opened in the period, by their type or product; cancelled and merged ones are left out.
* *Share* = cases of a row / all cases. *Before* = cases of as many days before the period.
"""

from datetime import timedelta

from frappe import _

from cronus_crm.base.report_parts import (
	column,
	definitions_note,
	left_out_sentence,
	numbers_chart,
	percent_column,
	percentage,
	read_option,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.cases.case_filters import read_case_filters
from cronus_crm.cronus_analytics.cases.case_totals import OPENED_BY_PRODUCT, OPENED_BY_TYPE, read_totals

DAYS = 30
BY = {"Type": OPENED_BY_TYPE, "Product": OPENED_BY_PRODUCT}


def execute(filters: dict | None = None):
	"""Columns, a row for each type or product and one in all, a note, the chart and the summary.

	filters: by (one of BY), at_most, and those of `case_filters.read_case_filters` but the customer.

	Raises frappe.ValidationError for values that are none.
	"""
	by, chosen = read_option(filters, "by", tuple(BY)), read_case_filters(filters, DAYS)
	days = timedelta(days=(chosen.to_date - chosen.from_date).days + 1)
	now = _read_numbers(by, chosen.from_date, chosen.to_date, chosen.team)
	before = _read_numbers(by, chosen.from_date - days, chosen.to_date - days, chosen.team)
	number = sum(now.values())
	rows = [
		{
			"of": key or None,
			"number": now[key],
			"share": percentage(now[key], number),
			"before": before.get(key, 0),
		}
		for key in sorted(now, key=lambda key: (-now[key], key))
	]
	shown = rows[: row_limit(filters or {})]
	total = {"of": _("Total"), "number": number, "before": sum(before.values()), "bold": 1}
	note = _make_note(left_out_sentence(len(shown), len(rows)))
	summary = [summary_figure(_("Cases opened"), number, "Int")]
	return _make_columns(by), [*shown, total] if rows else [], note, _make_chart(by, rows), summary, True


def _read_numbers(by: str, from_date, to_date, team: str | None) -> dict[str, int]:
	found = read_totals((BY[by],), from_date, to_date, by=("dimension",), team=team)
	return {row.dimension: row.number for row in found}


def _make_columns(by: str) -> list[dict]:
	first = {
		"Type": column("of", _("Type"), "Link", 220, options="Cronus Case Type"),
		"Product": column("of", _("Product"), "Link", 220, options="Cronus Product"),
	}[by]
	return [
		first,
		column("number", _("Cases opened"), "Int", 200),
		percent_column("share", _("Share"), 110),
		column("before", _("In as many days before"), "Int", 240),
	]


def _make_note(left_out: str) -> str:
	return definitions_note(
		_("Cases opened in the period; cancelled and merged ones are left out."),
		_("Before: in as many days before the period."),
		left_out,
	)


def _make_chart(by: str, rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:15]
	named = [row["of"] for row in shown]
	labels = (_(name) if name and by == "Type" else name or _("(none)") for name in named)
	return numbers_chart(labels, [(_("Cases opened"), [row["number"] for row in shown])], ["#2f6f9f"])
