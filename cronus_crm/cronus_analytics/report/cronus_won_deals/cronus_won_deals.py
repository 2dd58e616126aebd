"""Cronus Won Opportunities: what each seller won and lost in the period, how much a won opportunity is worth
and how long it took. Rows can be teams, managers, work centres, customers or products too.

Definitions (the page shows them too):

* An opportunity counts on the day on which it closed, won or not won.
* *Conversion by number* = number won / (number won + number lost).
* *Conversion by amount* = amount won / (amount won + amount lost).
* *Average won value* = amount won / number won; *median won value* = that of the opportunities one by one.
* *Days to win* and *days to lose* = days from opening to closing, median and mean.
* By product, an opportunity counts once for each of its products, with the amount of the lines of that
  product. Rows by customer or product are limited to `at_most`; the total is of all opportunities, each once.

Amounts are the values of the opportunities in the company's currency. What has a total is read from it;
medians, customers and products are read from the opportunities that closed in the period.
"""

from collections.abc import Iterable

from frappe import _
from frappe.utils import cint

from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	left_out_sentence,
	percent_column,
	read_option,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import (
	customer_filters,
	opportunity_figures,
	report_filters,
	row_groups,
	single_opportunities,
)
from cronus_crm.cronus_analytics.figures.opportunity_figures import Closed
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.figures.row_groups import PRODUCT, RowGroups
from cronus_crm.cronus_analytics.figures.single_opportunities import ClosedOnes

CUSTOMER = "Customer"
ROWS = (*row_groups.ROWS, CUSTOMER, PRODUCT)

# A chart with more bars than these is not readable.
MOST_BARS = 20


def execute(filters: dict | None = None):
	"""Columns, a row for each seller whose opportunities closed and one in all, a note, the chart and the
	summary.

	filters: those of `report_filters.read_report_filters`; by (what a row is, one of ROWS); medians, 0 to
	leave out medians and days of sellers, teams, managers and work centres, which take longer than all the
	rest; at_most (rows by customer or product).

	Raises what `report_filters.read_report_filters` and `report_parts.read_option` raise.
	"""
	chosen, by = report_filters.read_report_filters(filters), read_option(filters, "by", ROWS)
	if by in row_groups.ROWS:
		with_medians = bool(cint((filters or {}).get("medians", 1)))
		groups = row_groups.read_row_groups(filters)
		rows, total, columns, note = _read_groups(chosen, groups, with_medians)
	else:
		rows, total, columns, note = _read_records(chosen, by, row_limit(filters or {}))
	labels = [row.pop("label") for row in rows]
	return (
		[*columns, *_make_columns()],
		[*rows, total] if rows else [],
		_make_note(*note),
		_make_chart(labels, rows),
		_make_summary(total),
		True,
	)


# Rows, the total, the columns that say what a row is, and sentences for the note.
Table = tuple[list[dict], dict, list[dict], tuple[str, ...]]


def _read_groups(chosen: ReportFilters, groups: RowGroups, with_medians: bool) -> Table:
	"""Rows of sellers, teams, managers or work centres. Each has its `label` in the chart."""
	sums = opportunity_figures.sum_closed_by(groups, chosen)
	closed: dict[str, ClosedOnes] = {}
	single = single_opportunities.read_closed(chosen, groups.fieldname) if with_medians else {}
	for value, ones in single.items():
		closed.setdefault(groups.find_group(value), ClosedOnes()).add(ones)
	rows = []
	for group, found in sums.items():
		cells = groups.make_cells(group)
		rows.append({**cells, **_make_figures(found, closed.get(group)), "label": groups.label(cells)})
	rows.sort(key=lambda row: (-row["won_amount"], row[groups.fieldname] or ""))
	in_all = Closed()
	for found in sums.values():
		in_all = in_all.add(found)
	total = {**groups.make_total_cells(), **_make_figures(in_all, _add_up(closed.values()))}
	return rows, total, groups.make_columns(), (groups.describe(),)


def _read_records(chosen: ReportFilters, by: str, most: int) -> Table:
	"""Rows of customers or products: those with the largest amount won. Each has its `label` in the chart."""
	fieldname = by.lower()
	if by == PRODUCT:
		closed, in_all = single_opportunities.read_closed_by_product(chosen)
	else:
		closed = single_opportunities.read_closed(chosen, fieldname)
		in_all = _add_up(closed.values())
	largest = sorted(closed, key=lambda name: (-closed[name].won_amount, name))[:most]
	shown = [
		{fieldname: name or None, **_make_figures(closed[name].sum_up(), closed[name])} for name in largest
	]
	if by == CUSTOMER:
		names = customer_filters.read_customer_names([row["customer"] for row in shown if row["customer"]])
		for row in shown:
			row["customer_name"] = names.get(row["customer"])
			row["label"] = row["customer_name"] or row["customer"] or _("(no customer)")
		columns = [
			column("customer", _("Customer"), "Link", 130, options="Cronus Customer"),
			column("customer_name", _("Name"), "Data", 190),
		]
		note = ""
	else:
		groups = RowGroups(PRODUCT)
		for row in shown:
			row["label"] = groups.label(row)
		columns, note = groups.make_columns(), groups.describe()
	total = {fieldname: _("Total"), "bold": 1, **_make_figures(in_all.sum_up(), in_all)}
	return shown, total, columns, (note, left_out_sentence(len(shown), len(closed)))


def _add_up(closed: Iterable[ClosedOnes]) -> ClosedOnes:
	in_all = ClosedOnes()
	for ones in closed:
		in_all.add(ones)
	return in_all


def _make_figures(closed: Closed, ones: ClosedOnes | None) -> dict:
	return {
		**closed._asdict(),
		"average": closed.average,
		"conversion": closed.conversion,
		"conversion_by_amount": closed.conversion_by_amount,
		**(ones or ClosedOnes()).make_cells(),
		"currency": company_currency(),
	}


def _make_columns() -> list[dict]:
	return [
		column("won", _("Opportunities won"), "Int", 190),
		amount_column("won_amount", _("Amount won")),
		amount_column("average", _("Average won value"), 190),
		amount_column("median_value", _("Median won value"), 180),
		column("lost", _("Opportunities not won"), "Int", 210),
		amount_column("lost_amount", _("Amount not won")),
		percent_column("conversion", _("Conversion by number"), 200),
		percent_column("conversion_by_amount", _("Conversion by amount"), 200),
		column("median_days_to_win", _("Median days to win"), "Float", 180, precision=1),
		column("mean_days_to_win", _("Mean days to win"), "Float", 170, precision=1),
		column("median_days_to_lose", _("Median days to lose"), "Float", 180, precision=1),
		column("mean_days_to_lose", _("Mean days to lose"), "Float", 170, precision=1),
		currency_column(),
	]


def _make_note(*others: str) -> str:
	return definitions_note(
		_("Opportunities by the day on which they closed."),
		_("Conversion: won, of those that were won or not won."),
		_("Average: the amount of the won opportunities by their number."),
		_("Days to win and to lose: from opening to closing."),
		*others,
		_("Amounts in {0}.").format(company_currency()),
	)


def _make_chart(labels: list[str], rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	return amounts_chart(
		labels[:MOST_BARS],
		[
			(_("Won"), [row["won_amount"] for row in shown]),
			(_("Not won"), [row["lost_amount"] for row in shown]),
		],
		["#16a34a", "#dc2626"],
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Opportunities won"), total["won"], "Int"),
		summary_figure(_("Amount won"), total["won_amount"]),
		summary_figure(_("Average won value"), total["average"]),
		summary_figure(_("Conversion by number"), total["conversion"], "Percent"),
		summary_figure(_("Median days to win"), total["median_days_to_win"], "Float"),
	]
