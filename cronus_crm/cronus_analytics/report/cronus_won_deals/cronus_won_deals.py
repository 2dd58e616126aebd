"""Cronus Won Opportunities: what each seller won and lost in the period, and how much a won opportunity is
worth.

Definitions (the page shows them too):

* An opportunity counts on the day on which it closed, won or not won.
* *Conversion by number* = number won / (number won + number lost).
* *Conversion by amount* = amount won / (amount won + amount lost).
* *Average won value* = amount won / number won.

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
from cronus_crm.base.text_folding import sort_key
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.opportunity_figures import Closed

# A chart with more bars than these is not readable.
MOST_BARS = 20


def execute(filters: dict | None = None):
	"""Columns, a row for each seller whose opportunities closed and one in all, a note, the chart and the
	summary.

	filters: those of `report_filters.read_report_filters`, which says what is raised.
	"""
	found = opportunity_figures.sum_closed_by_seller(report_filters.read_report_filters(filters))
	rows = [_make_row(seller or None, closed) for seller, closed in found.items()]
	rows.sort(key=lambda row: (-row["won_amount"], sort_key(row["seller"] or "")))
	in_all = Closed()
	for closed in found.values():
		in_all = in_all.add(closed)
	total = {**_make_row(_("Total"), in_all), "bold": 1}
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(),
		_make_chart(rows),
		_make_summary(in_all),
		True,
	)


def _make_row(seller: str | None, closed: Closed) -> dict:
	return {
		"seller": seller,
		**closed._asdict(),
		"average": closed.average,
		"conversion": closed.conversion,
		"conversion_by_amount": closed.conversion_by_amount,
		"currency": company_currency(),
	}


def _make_columns() -> list[dict]:
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


def _make_note() -> str:
	return definitions_note(
		_("Opportunities by the day on which they closed."),
		_("Conversion: won, of those that were won or not won."),
		_("Average: the amount of the won opportunities by their number."),
		_("Amounts in {0}.").format(company_currency()),
	)


def _make_chart(rows: list[dict]) -> dict | None:
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


def _make_summary(in_all: Closed) -> list[dict]:
	return [
		summary_figure(_("Opportunities won"), in_all.won, "Int"),
		summary_figure(_("Amount won"), in_all.won_amount),
		summary_figure(_("Average won value"), in_all.average),
		summary_figure(_("Conversion by number"), in_all.conversion, "Percent"),
	]
