"""Cronus Pipeline: the opportunities in progress of each seller, by their current stage.

Definitions (the page shows them too):

* An opportunity is *in progress* while its stage is open or on hold. The figures are the current ones and
  have no period.
* *Amount* = value in the company's currency. *Potential* = value × probability.
* A row has the seller's own opportunities, without those of the team below; a team is chosen with the
  filter.
"""

from frappe import _

from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	summary_figure,
)
from cronus_crm.base.text_folding import sort_key
from cronus_crm.cronus_analytics.figures import (
	opportunity_figures,
	report_filters,
	row_groups,
	single_opportunities,
)
from cronus_crm.cronus_analytics.figures.opportunity_figures import Expected
from cronus_crm.cronus_analytics.figures.row_groups import PRODUCT, RowGroups
from cronus_crm.cronus_analytics.ledger.record_totals import IN_PROGRESS
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE

ROWS = (*row_groups.ROWS, PRODUCT)

# A chart with more bars than these is not readable.
MOST_BARS = 20


def execute(filters: dict | None = None):
	"""Columns, a row for each seller with such opportunities and one in all, a note, the chart and the
	summary.

	filters: seller (with the team below), work_center, by (what a row is, one of ROWS).

	Raises what `report_filters.read_report_filters` and `row_groups.read_row_groups` raise.
	"""
	groups, chosen = row_groups.read_row_groups(filters, ROWS), report_filters.read_report_filters(filters)
	if groups.by == PRODUCT:
		found = single_opportunities.read_in_progress_by_product(chosen)
		# An opportunity with several products is in several rows, and in the total once.
		in_all = opportunity_figures.read_in_progress(chosen, by=("dimension",))
	else:
		in_all = found = opportunity_figures.read_in_progress(chosen, by=(groups.fieldname, "dimension"))
	stages = _list_stages({row.dimension for row in found})
	fields = {stage.name: f"stage_{number}" for number, stage in enumerate(stages, start=1)}
	rows = [
		{**groups.make_cells(group), **_make_figures(of_group, fields)}
		for group, of_group in groups.group_rows(found).items()
	]
	rows.sort(key=lambda row: (-row["amount"], sort_key(row[groups.fieldname] or "")))
	total = {**groups.make_total_cells(), **_make_figures(in_all, fields)}
	return (
		[*groups.make_columns(), *_make_columns(stages, fields)],
		[*rows, total] if rows else [],
		_make_note(groups),
		_make_chart(rows, groups, stages, fields),
		_make_summary(opportunity_figures.sum_expected(in_all)),
		True,
	)


def _list_stages(with_opportunities: set[str]) -> list[dict]:
	stages = opportunity_figures.read_stages(STATES_IN_COURSE[OPPORTUNITY])
	return [stage for stage in stages if not stage.disabled or stage.name in with_opportunities]


def _make_figures(found: list[dict], fields: dict[str, str]) -> dict:
	stage_amounts = dict.fromkeys(fields.values(), 0.0)
	for row in found:
		if row.measure == IN_PROGRESS and row.dimension in fields:
			field = fields[row.dimension]
			stage_amounts[field] = round_company_amount(stage_amounts[field] + row.amount)
	return {
		**opportunity_figures.sum_expected(found)._asdict(),
		**stage_amounts,
		"currency": company_currency(),
	}


def _make_columns(stages: list[dict], fields: dict[str, str]) -> list[dict]:
	return [
		column("number", _("Opportunities"), "Int", 130),
		amount_column("amount", _("Amount")),
		amount_column("potential", _("Potential")),
		*({**amount_column(fields[stage.name], _(stage.name)), "stage": stage.name} for stage in stages),
		currency_column(),
	]


def _make_note(groups: RowGroups) -> str:
	return definitions_note(
		_("Opportunities in progress are those whose stage is open or on hold, as they are now."),
		_("Potential: the amount times the probability of each opportunity."),
		groups.describe(),
		_("Amounts in {0}.").format(company_currency()),
	)


def _make_chart(
	rows: list[dict], groups: RowGroups, stages: list[dict], fields: dict[str, str]
) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	return amounts_chart(
		map(groups.label, shown),
		[(_(stage.name), [row[fields[stage.name]] for row in shown]) for stage in stages],
		[stage.color or "#a8a29e" for stage in stages],
		barOptions={"stacked": 1},
	)


def _make_summary(all_opportunities: Expected) -> list[dict]:
	return [
		summary_figure(_("Opportunities in progress"), all_opportunities.number, "Int"),
		summary_figure(_("Amount"), all_opportunities.amount),
		summary_figure(_("Potential"), all_opportunities.potential),
	]
