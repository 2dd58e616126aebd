"""Cronus Follow-up by Period: prospects, proformas, orders and invoices of the period, by seller.

Definitions (the page shows them too):

* *Prospects* count on the day of their first contact, also those that have become customers since.
* *Proformas*, *orders* and *invoices* are those issued in the period, by their dates. The amount invoiced is
  invoices less credit notes; the number is of invoices only.
* A record counts for its seller, whoever has created it.

Amounts are without tax, in the company's currency; cancelled documents are left out.
"""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count

from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	numbers_chart,
	summary_figure,
)
from cronus_crm.base.text_folding import sort_key
from cronus_crm.cronus_analytics.figures import report_filters, row_groups
from cronus_crm.cronus_analytics.figures.invoiced_figures import sum_invoiced
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.figures.row_groups import RowGroups

PROSPECT = "Cronus Prospect"
NUMBERS = ("prospects", "proformas", "orders", "invoices")
AMOUNTS = ("proforma_amount", "order_amount", "invoice_amount")

# A chart with more groups of bars than these is not readable.
MOST_BARS = 15


def execute(filters: dict | None = None):
	"""Columns, a row for each seller who has something and one in all, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`, and by (what a row is, one of `row_groups.ROWS`).

	Raises what `report_filters.read_report_filters` and `row_groups.read_row_groups` raise.
	"""
	groups = row_groups.read_row_groups(filters)
	rows = _read_rows(report_filters.read_report_filters(filters), groups)
	total = {name: sum(row[name] for row in rows) for name in NUMBERS}
	total |= {name: round_company_amount(sum(row[name] for row in rows)) for name in AMOUNTS}
	total |= {**groups.make_total_cells(), "currency": company_currency()}
	return (
		[*groups.make_columns(), *_make_columns()],
		[*rows, total] if rows else [],
		_make_note(groups),
		_make_chart(rows, groups),
		_make_summary(total),
		True,
	)


def _read_rows(filters: ReportFilters, groups: RowGroups) -> list[dict]:
	"""A row for each group with any figure, sorted by the amount invoiced."""
	rows: dict[str, dict] = {}
	by = groups.fieldname

	def add_to_row(value: str | None, **figures: float) -> None:
		group = groups.find_group(value)
		zeros = dict.fromkeys((*NUMBERS, *AMOUNTS), 0)
		row = rows.setdefault(group, {**groups.make_cells(group), **zeros, "currency": company_currency()})
		for name, figure in figures.items():
			row[name] = round_company_amount(row[name] + figure) if name in AMOUNTS else row[name] + figure

	for value, number in _count_prospects(filters, by):
		add_to_row(value, prospects=number)
	for found in filters.read_totals(("Proforma", "Order"), by=(by,)):
		kind = found.measure.lower()
		add_to_row(
			found[by], **{f"{kind}s": found.number, f"{kind}_amount": round_company_amount(found.amount)}
		)
	for found in sum_invoiced(filters.from_date, filters.to_date, by=(by,), scope=filters.scope):
		add_to_row(found[by], invoices=found.number, invoice_amount=found.amount)
	return sorted(
		rows.values(),
		key=lambda row: (-row["invoice_amount"], -row["proforma_amount"], sort_key(row[by] or "")),
	)


def _count_prospects(filters: ReportFilters, by: str) -> list[tuple[str | None, int]]:
	"""Sellers or work centres (by: the field), and how many of their prospects were first contacted in the
	period."""
	prospect = DocType(PROSPECT)
	return (
		frappe.qb.from_(prospect)
		.select(prospect[by], Count("*"))
		.where(prospect.contacted_on[filters.from_date : filters.to_date])
		.where(filters.condition(PROSPECT, prospect))
		.groupby(prospect[by])
		.orderby(prospect[by])
		.run()
	)


def _make_columns() -> list[dict]:
	return [
		column("prospects", _("Prospects"), "Int", 110),
		column("proformas", _("Proformas"), "Int", 110),
		amount_column("proforma_amount", _("Amount of proformas"), 170),
		column("orders", _("Orders"), "Int", 100),
		amount_column("order_amount", _("Amount of orders"), 170),
		column("invoices", _("Invoices"), "Int", 100),
		amount_column("invoice_amount", _("Amount invoiced"), 170),
		currency_column(),
	]


def _make_note(groups: RowGroups) -> str:
	return definitions_note(
		_("Prospects by the day of their first contact; proformas, orders and invoices by their dates."),
		_("The amount invoiced is less credit notes."),
		_("Each stands with its seller, whoever typed it."),
		groups.describe(),
		amounts_sentence(),
	)


def _make_chart(rows: list[dict], groups: RowGroups) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	labels = (_("Prospects"), _("Proformas"), _("Orders"), _("Invoices"))
	return numbers_chart(
		map(groups.label, shown),
		[(label, [row[name] for row in shown]) for name, label in zip(NUMBERS, labels, strict=True)],
		["#c4a35a", "#9bb8d3", "#60a5fa", "#2f6f9f"],
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Prospects"), total["prospects"], "Int"),
		summary_figure(_("Amount of proformas"), total["proforma_amount"]),
		summary_figure(_("Amount of orders"), total["order_amount"]),
		summary_figure(_("Amount invoiced"), total["invoice_amount"]),
	]
