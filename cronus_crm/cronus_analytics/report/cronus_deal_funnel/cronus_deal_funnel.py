"""Cronus Opportunity Funnel: how many opportunities reached each stage in the period, and how many went on to
the next.

Definitions (the page shows them too):

* An opportunity *reaches* a stage on the day on which it enters it for the first time. It does not reach a
  stage that it skips.
* *Conversion to the next stage* = opportunities that reached the next stage in the period / opportunities
  that reached this stage in the period. It may be above 100 %, where opportunities skip this stage or
  reached it before the period.
* The path consists of the open stages, in their order, followed by the won ones. Stages that are on hold or
  not won are listed below it, without a conversion.

Amounts are the current values of the opportunities, in the company's currency.
"""

from itertools import pairwise

from frappe import _

from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	column,
	currency_column,
	definitions_note,
	numbers_chart,
	percent_column,
	percentage,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters


def execute(filters: dict | None = None):
	"""Columns, a row for each stage, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`, which says what is raised.
	"""
	found = report_filters.read_report_filters(filters).read_totals(("Stage reached",), by=("dimension",))
	reached = {row.dimension: row for row in found}
	path = _make_rows(("Open", "Won"), reached)
	for row, following in pairwise(path):
		row["conversion"] = percentage(following["number"], row["number"])
		row["conversion_by_amount"] = percentage(following["amount"], row["amount"])
	for row in path:
		row["of_first"] = percentage(row["number"], path[0]["number"])
	aside = _make_rows(("Pending", "Not won", "Closed"), reached)
	rows = [*path, *aside] if reached else []
	return (
		_make_columns(),
		rows,
		_make_note(),
		_make_chart(path if reached else []),
		_make_summary(path),
		True,
	)


def _make_rows(states: tuple[str, ...], reached: dict[str, dict]) -> list[dict]:
	stages = opportunity_figures.read_stages(states)
	return [_make_row(stage, reached) for stage in stages if not stage.disabled or stage.name in reached]


def _make_row(stage: dict, reached: dict[str, dict]) -> dict:
	sums = reached.get(stage.name)
	return {
		"stage": stage.name,
		"color": stage.color,
		"number": sums.number if sums else 0,
		"amount": round_company_amount(sums.amount) if sums else 0.0,
		"of_first": None,
		"conversion": None,
		"conversion_by_amount": None,
		"currency": company_currency(),
	}


def _make_columns() -> list[dict]:
	return [
		column("stage", _("Stage"), "Link", 190, options="Cronus Stage"),
		column("number", _("Opportunities that reached it"), "Int", 210),
		amount_column("amount", _("Amount")),
		percent_column("of_first", _("Of the first stage"), 180),
		percent_column("conversion", _("Conversion to the next stage"), 250),
		percent_column("conversion_by_amount", _("Conversion by amount"), 190),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("An opportunity reaches a stage on the day on which it enters it for the first time."),
		_("Conversion: opportunities that reached the next stage in the period, of those in this one."),
		_("It may be above 100 % where opportunities skip a stage or reached it before the period."),
		_("Amounts: today's values of the opportunities, in {0}.").format(company_currency()),
	)


def _make_chart(path: list[dict]) -> dict | None:
	if not path:
		return None
	return numbers_chart(
		map(_, (row["stage"] for row in path)),
		[(_("Opportunities that reached it"), [row["number"] for row in path])],
		["#2f6f9f"],
		# Data for the funnel of the dashboard, a type that the framework's charts do not have.
		lines=[{name: row[name] for name in ("number", "amount", "conversion", "color")} for row in path],
		centred=1,
		currency=company_currency(),
	)


def _make_summary(path: list[dict]) -> list[dict]:
	if not path:
		return []
	first, last = ((row["stage"], row["number"]) for row in (path[0], path[-1]))
	return [
		*(summary_figure(_(stage), number, "Int") for stage, number in (first, last)),
		summary_figure(_("From the first stage to the last"), percentage(last[1], first[1]), "Percent"),
	]
