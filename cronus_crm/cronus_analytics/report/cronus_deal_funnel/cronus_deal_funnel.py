"""Cronus Opportunity Funnel: of the opportunities that began in the period, how many reached each stage, and
how many went on to the next.

Definitions (the page shows them too):

* The opportunities are those that entered their first stage in the period, whenever they went on. * The path
consists of the open stages, in their order, followed by the won ones. An opportunity that was in one
  of them has *reached* it and all those before it.
* *Conversion to the next stage* = opportunities that reached the next stage / opportunities that reached this
  one. So it is never above 100 %.
* Stages that are on hold or not won are listed below the path, with the opportunities that were in them and
  without a conversion.

Amounts are the current values of the opportunities, in the company's currency.
"""

from itertools import pairwise

import frappe
from frappe import _

from cronus_crm.base.amounts import add_amounts
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
from cronus_crm.cronus_analytics.ledger.record_totals import FURTHEST_STAGE, STAGE_REACHED
from cronus_crm.cronus_crm.opportunities.funnel_path import read_funnel_path


def execute(filters: dict | None = None):
	"""Columns, a row for each stage, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`, which says what is raised.
	"""
	measures = (FURTHEST_STAGE, STAGE_REACHED)
	found = report_filters.read_report_filters(filters).read_totals(measures, by=("dimension",))
	path = _make_path({row.dimension: row for row in found if row.measure == FURTHEST_STAGE})
	for row, following in pairwise(path):
		row["conversion"] = percentage(following["number"], row["number"])
		row["conversion_by_amount"] = percentage(following["amount"], row["amount"])
	for position, row in enumerate(path):
		row["of_first"] = percentage(row["number"], path[0]["number"])
		# Whoever reached a stage was in it or in a later one: for the links to the records.
		row["stages"] = frappe.as_json([later["stage"] for later in path[position:]], indent=None)
	reached = {row.dimension: row for row in found if row.measure == STAGE_REACHED}
	aside = _make_rows(opportunity_figures.read_stages(("Pending", "Not won", "Closed")), reached)
	rows = [*path, *aside] if found else []
	return (
		_make_columns(),
		rows,
		_make_note(),
		_make_chart(path if found else []),
		_make_summary(path),
		True,
	)


def _make_path(furthest: dict[str, dict]) -> list[dict]:
	"""The rows of the path. furthest: by stage, the opportunities that went no further."""
	order = {stage: number for number, stage in enumerate(read_funnel_path())}
	stages = sorted(
		opportunity_figures.read_stages(("Open", "Won")), key=lambda stage: order.get(stage.name, -1)
	)
	path = _make_rows(stages, furthest)
	for row, following in pairwise(reversed(path)):
		following["number"] += row["number"]
		following["amount"] = add_amounts(following["amount"], row["amount"])
	return path


def _make_rows(stages: list[dict], reached: dict[str, dict]) -> list[dict]:
	return [_make_row(stage, reached) for stage in stages if not stage.disabled or stage.name in reached]


def _make_row(stage: dict, reached: dict[str, dict]) -> dict:
	sums = reached.get(stage.name)
	return {
		"stage": stage.name,
		"stages": frappe.as_json([stage.name], indent=None),
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
		column("stages", _("Stages"), "Data", hidden=1),
		column("number", _("Opportunities that reached it"), "Int", 210),
		amount_column("amount", _("Amount")),
		percent_column("of_first", _("Of the first stage"), 180),
		percent_column("conversion", _("Conversion to the next stage"), 250),
		percent_column("conversion_by_amount", _("Conversion by amount"), 190),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("The opportunities are those whose first stage began in the period, whenever they went on."),
		_("An opportunity that reached a stage has passed those before it."),
		_("Conversion: opportunities that reached the next stage, of those that reached this one."),
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
