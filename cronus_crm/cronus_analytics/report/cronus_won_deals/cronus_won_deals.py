"""Cronus Won Opportunities: what each seller won and lost in the period, and how much a won opportunity is
worth.

Definitions (they stand on the page too):

* An opportunity counts on the day on which it closed, won or not won.
* *Conversion* by number = won / (won + lost); by amount, the same of their values.
* *Average won value* = the amount of the won opportunities / their number.

Amounts are the values of the opportunities in the company's currency.
"""

from frappe import _

from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	percent_column,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.opportunity_figures import Closed

# More bars than these are not told apart.
MOST_BARS = 20


def execute(filters: dict | None = None):
	"""Columns, a row for each seller whose opportunities closed and one in all, a note, the chart and the
	summary.

	filters: those of `report_filters.read_filters_of_report`, which says what is raised.
	"""
	found = opportunity_figures.closed_by_seller(report_filters.read_filters_of_report(filters))
	rows = [_row(seller or None, closed) for seller, closed in found.items()]
	rows.sort(key=lambda row: (-row["won_amount"], row["seller"] or ""))
	in_all = Closed()
	for closed in found.values():
		in_all = in_all.plus(closed)
	total = {**_row(_("Total"), in_all), "bold": 1}
	return _columns(), [*rows, total] if rows else [], _definitions(), _chart(rows), _summary(in_all), True


def _row(seller: str | None, closed: Closed) -> dict:
	return {
		"seller": seller,
		**closed._asdict(),
		"average": closed.average,
		"conversion": closed.conversion,
		"conversion_by_amount": closed.conversion_by_amount,
		"currency": company_currency(),
	}


def _columns() -> list[dict]:
	return [
		column("seller", _("Seller"), "Link", 190, options="Cronus Seller"),
		column("won", _("Opportunities won"), "Int", 190),
		amount_column("won_amount", _("Amount won")),
		amount_column("average", _("Average won value"), 190),
		column("lost", _("Opportunities not won"), "Int", 210),
		amount_column("lost_amount", _("Amount not won")),
		percent_column("conversion", _("Conversion by number"), 200),
		percent_column("conversion_by_amount", _("Conversion by amount"), 200),
		currency_column(),
	]


def _definitions() -> str:
	return definitions_note(
		_("Opportunities by the day on which they closed."),
		_("Conversion: won, of those that were won or not won."),
		_("Average: the amount of the won opportunities by their number."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	return amounts_chart(
		(opportunity_figures.seller_label(row["seller"]) for row in shown),
		[
			(_("Won"), [row["won_amount"] for row in shown]),
			(_("Not won"), [row["lost_amount"] for row in shown]),
		],
		["#16a34a", "#dc2626"],
	)


def _summary(in_all: Closed) -> list[dict]:
	return [
		summary_figure(_("Opportunities won"), in_all.won, "Int"),
		summary_figure(_("Amount won"), in_all.won_amount),
		summary_figure(_("Average won value"), in_all.average),
		summary_figure(_("Conversion by number"), in_all.conversion, "Percent"),
	]
