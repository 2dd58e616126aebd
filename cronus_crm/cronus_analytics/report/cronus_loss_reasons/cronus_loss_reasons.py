"""Cronus Loss Reasons: why opportunities were not won, and what was lost with them.

Definitions (the page shows them too):

* Opportunities that closed in the period without being won, by the reason that their seller gave.
* *Share* of a reason = its number / the number of all of them; by amount, its amount / the amount of all.

Amounts are the values of the opportunities in the company's currency.
"""

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
from cronus_crm.cronus_analytics.figures import report_filters
from cronus_crm.cronus_analytics.figures.opportunity_figures import LOST


def execute(filters: dict | None = None):
	"""Columns, a row for each reason and one in all, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`, which says what is raised.
	"""
	found = report_filters.read_report_filters(filters).read_totals((LOST,), by=("dimension",))
	number, amount = sum(row.number for row in found), round_company_amount(sum(row.amount for row in found))
	rows = [
		{
			"loss_reason": row.dimension or None,
			"number": row.number,
			"amount": round_company_amount(row.amount),
			"share": percentage(row.number, number),
			"share_by_amount": percentage(row.amount, amount),
			"currency": company_currency(),
		}
		for row in sorted(found, key=lambda row: (-row.number, -row.amount, row.dimension))
	]
	total = {
		"loss_reason": _("Total"),
		"number": number,
		"amount": amount,
		"currency": company_currency(),
		"bold": 1,
	}
	summary = [
		summary_figure(_("Opportunities not won"), number, "Int"),
		summary_figure(_("Amount not won"), amount),
	]
	return _make_columns(), [*rows, total] if rows else [], _make_note(), _make_chart(rows), summary, True


def _make_columns() -> list[dict]:
	return [
		column("loss_reason", _("Loss reason"), "Link", 220, options="Cronus Loss Reason"),
		column("number", _("Opportunities"), "Int", 130),
		percent_column("share", _("Share"), 130),
		amount_column("amount", _("Amount not won")),
		percent_column("share_by_amount", _("Share of the amount"), 210),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("Opportunities that closed in the period without being won, by the reason that was given."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _make_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	reasons = [row["loss_reason"] for row in rows]
	return numbers_chart(
		(_(reason) if reason else _("(no reason)") for reason in reasons),
		[(_("Opportunities"), [row["number"] for row in rows])],
		["#dc2626"],
		# Data for the list of the dashboard, whose charts are too narrow for the names of reasons.
		lines=[{"number": row["number"], "amount": row["amount"], "conversion": None} for row in rows],
		currency=company_currency(),
	)
