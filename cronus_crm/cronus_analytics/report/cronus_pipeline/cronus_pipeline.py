"""Cronus Pipeline: the opportunities in progress of each seller, by the stage that they are in.

Definitions (they stand on the page too):

* An opportunity is *in progress* while its stage is open or on hold. The figures are of now and have no
period. * Its *amount* is its value in the company's currency; its *potential* is that times its probability.
* Each seller's own opportunities; a team is chosen with the filter.
"""

from frappe import _

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
from cronus_crm.cronus_analytics.figures.opportunity_figures import Expected
from cronus_crm.cronus_analytics.ledger.record_totals import IN_PROGRESS
from cronus_crm.cronus_crm.record_states import IN_COURSE, OPPORTUNITY

# More bars than these are not told apart.
MOST_BARS = 20


def execute(filters: dict | None = None):
	"""Columns, a row for each seller with such opportunities and one in all, a note, the chart and the
	summary.

	filters: seller (with the team below), work_center.

	Raises what `report_filters.read_filters_of_report` raises.
	"""
	found = opportunity_figures.opportunities_in_progress(
		report_filters.read_filters_of_report(filters), by=("seller", "dimension")
	)
	stages = _stages_in_use({row.dimension for row in found})
	fields = {stage.name: f"stage_{number}" for number, stage in enumerate(stages, start=1)}
	rows = [
		_row(seller, of_seller, fields) for seller, of_seller in opportunity_figures.by_seller(found).items()
	]
	rows.sort(key=lambda row: (-row["amount"], row["seller"] or ""))
	total = {**_row(None, found, fields), "seller": _("Total"), "bold": 1}
	return (
		_columns(stages, fields),
		[*rows, total] if rows else [],
		_definitions(),
		_chart(rows, stages, fields),
		_summary(opportunity_figures.expected_amounts(found)),
		True,
	)


def _stages_in_use(with_opportunities: set[str]) -> list[dict]:
	stages = opportunity_figures.read_stages(IN_COURSE[OPPORTUNITY])
	return [stage for stage in stages if not stage.disabled or stage.name in with_opportunities]


def _row(seller: str | None, found: list[dict], fields: dict[str, str]) -> dict:
	of_stages = dict.fromkeys(fields.values(), 0.0)
	for row in found:
		if row.measure == IN_PROGRESS and row.dimension in fields:
			field = fields[row.dimension]
			of_stages[field] = round(of_stages[field] + row.amount, 2)
	return {
		"seller": seller or None,
		**opportunity_figures.expected_amounts(found)._asdict(),
		**of_stages,
		"currency": company_currency(),
	}


def _columns(stages: list[dict], fields: dict[str, str]) -> list[dict]:
	return [
		column("seller", _("Seller"), "Link", 190, options="Cronus Seller"),
		column("number", _("Opportunities"), "Int", 130),
		amount_column("amount", _("Amount")),
		amount_column("potential", _("Potential")),
		*({**amount_column(fields[stage.name], _(stage.name)), "stage": stage.name} for stage in stages),
		currency_column(),
	]


def _definitions() -> str:
	return definitions_note(
		_("Opportunities in progress are those whose stage is open or on hold, as they are now."),
		_("Potential: the amount times the probability of each opportunity."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _chart(rows: list[dict], stages: list[dict], fields: dict[str, str]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	return amounts_chart(
		(opportunity_figures.seller_label(row["seller"]) for row in shown),
		[(_(stage.name), [row[fields[stage.name]] for row in shown]) for stage in stages],
		[stage.color or "#a8a29e" for stage in stages],
		barOptions={"stacked": 1},
	)


def _summary(all_opportunities: Expected) -> list[dict]:
	return [
		summary_figure(_("Opportunities in progress"), all_opportunities.number, "Int"),
		summary_figure(_("Amount"), all_opportunities.amount),
		summary_figure(_("Potential"), all_opportunities.potential),
	]
