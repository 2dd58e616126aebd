"""Cronus Seller Efficiency: how many of the proformas that a seller issued were invoiced, and how soon.

Definitions (the page shows them too):

* The *cohort* is the proformas issued in the period, by their date, that are not cancelled.
* A proforma is *invoiced* when an invoice was made from it, in whole or in part, at any time. The *invoiced
  amount* is the part of the proforma that was invoiced, at the proforma's prices.
* *Conversion by number* = invoiced proformas / proformas of the cohort. *Conversion by amount* = invoiced
  amount of the cohort / amount of the cohort. Neither can be above 100 %.
* *Days to invoice* = median, over the invoiced proformas of the cohort, of the days from the proforma's date
  to the date of its first invoice.
* *Invoices* are those issued in the period, by their date, not cancelled, with or without a proforma. Credit
  notes are not subtracted. *Average invoice* = their amount / their number.

Amounts are without tax, in the company's currency.
"""

from collections import Counter, defaultdict

from frappe import _
from frappe.utils import cint

from cronus_crm.base.averages import median
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	percent_column,
	percentage,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import report_filters, row_groups
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.figures.row_groups import RowGroups
from cronus_crm.cronus_analytics.ledger.record_totals import DAYS_TO_INVOICE

# The fields of a row that hold the number and the amount of each measure of the totals.
FIGURES = {
	"Proforma": ("proformas", "proforma_amount"),
	"Proforma invoiced": ("invoiced", "invoiced_amount"),
	"Invoice": ("invoices", "invoice_amount"),
}
NUMBERS, AMOUNTS = zip(*FIGURES.values(), strict=True)


def execute(filters: dict | None = None):
	"""Columns, a row for each visible seller and one in all, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`; by (what a row is, one of `row_groups.ROWS`); and
	days, 0 to leave out the median of the days, which takes longer than all the rest.

	Raises what `report_filters.read_report_filters` and `row_groups.read_row_groups` raise.
	"""
	chosen, groups = report_filters.read_report_filters(filters), row_groups.read_row_groups(filters)
	rows, total = _read_rows(chosen, groups, with_days=bool(cint((filters or {}).get("days", 1))))
	return (
		[*groups.make_columns(), *_make_columns()],
		[*rows, total] if rows else [],
		_make_note(groups),
		_make_chart(rows, groups),
		_make_summary(total),
		True,
	)


def _read_rows(chosen: ReportFilters, groups: RowGroups, with_days: bool) -> tuple[list[dict], dict]:
	found = groups.group_rows(chosen.read_totals(tuple(FIGURES), by=(groups.fieldname,)))
	days: dict[str, Counter[int]] = defaultdict(Counter)
	if with_days:
		for row in chosen.read_totals((DAYS_TO_INVOICE,), by=(groups.fieldname, "dimension")):
			days[groups.find_group(row[groups.fieldname])][int(row.dimension)] += row.number
	listed = [] if groups.fieldname != "seller" else map(groups.find_group, chosen.list_sellers())
	listed = list(dict.fromkeys(listed))
	shown = [group for group in listed if group in found or not chosen.work_center]
	# Totals of groups that are not in the list, such as "" for documents without a seller.
	others = sorted(found.keys() - {*listed})
	rows = [
		{**groups.make_cells(group), **_make_figures(found.get(group, []), days[group])}
		for group in [*shown, *others]
	]
	total = {name: sum(row[name] for row in rows) for name in NUMBERS}
	total |= {name: round_company_amount(sum(row[name] for row in rows)) for name in AMOUNTS}
	total["days_to_invoice"] = median(sum(days.values(), Counter()))
	return rows, {**groups.make_total_cells(), **_add_rates(total)}


def _make_figures(found: list[dict], days: Counter[int]) -> dict:
	figures = {**dict.fromkeys(NUMBERS, 0), **dict.fromkeys(AMOUNTS, 0.0)}
	for row in found:
		number, amount = FIGURES[row.measure]
		figures[number] += row.number
		figures[amount] = round_company_amount(figures[amount] + row.amount)
	return _add_rates({**figures, "days_to_invoice": median(days)})


def _add_rates(row: dict) -> dict:
	return {
		**row,
		"currency": company_currency(),
		"rate_by_number": percentage(row["invoiced"], row["proformas"]),
		"rate_by_amount": percentage(row["invoiced_amount"], row["proforma_amount"]),
		"average_invoice": round_company_amount(row["invoice_amount"] / row["invoices"])
		if row["invoices"]
		else None,
	}


def _make_columns() -> list[dict]:
	return [
		column("proformas", _("Proformas"), "Int", 100),
		amount_column("proforma_amount", _("Amount of proformas"), 180),
		column("invoiced", _("Of those, invoiced"), "Int", 170),
		amount_column("invoiced_amount", _("Invoiced amount of them"), 200),
		percent_column("rate_by_number", _("Conversion by number"), 200),
		percent_column("rate_by_amount", _("Conversion by amount"), 200),
		column("days_to_invoice", _("Median days to invoice"), "Float", 180, precision=1),
		column("invoices", _("Invoices of the period"), "Int", 170),
		amount_column("invoice_amount", _("Amount of invoices")),
		amount_column("average_invoice", _("Average invoice")),
		currency_column(),
	]


def _make_note(groups: RowGroups) -> str:
	return definitions_note(
		_("Conversion: of the proformas of the period, those invoiced since, in whole or in part."),
		_("By amount: the part of them that was invoiced, at the proforma's prices."),
		_("Days: median from the proforma to its first invoice."),
		_("Invoices: those issued in the period, with or without a proforma, before credit notes."),
		groups.describe(),
		amounts_sentence(),
	)


def _make_chart(rows: list[dict], groups: RowGroups) -> dict | None:
	best = sorted((row for row in rows if row["proformas"]), key=lambda row: -row["proforma_amount"])[:15]
	if not best:
		return None
	return amounts_chart(
		map(groups.label, best),
		[
			(_("Proformas"), [row["proforma_amount"] for row in best]),
			(_("Of those, invoiced"), [row["invoiced_amount"] for row in best]),
		],
		["#9bb8d3", "#2f6f9f"],
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Proformas"), total["proformas"], "Int"),
		summary_figure(_("Conversion by number"), total["rate_by_number"], "Percent"),
		summary_figure(_("Conversion by amount"), total["rate_by_amount"], "Percent"),
		summary_figure(_("Amount of invoices"), total["invoice_amount"]),
	]
