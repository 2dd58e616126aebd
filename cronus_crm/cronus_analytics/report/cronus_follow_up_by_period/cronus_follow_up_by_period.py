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
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import sum_invoiced
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

PROSPECT = "Cronus Prospect"
NUMBERS = ("prospects", "proformas", "orders", "invoices")
AMOUNTS = ("proforma_amount", "order_amount", "invoice_amount")

# A chart with more groups of bars than these is not readable.
MOST_BARS = 15


def execute(filters: dict | None = None):
	"""Columns, a row for each seller who has something and one in all, a note, the chart and the summary.

	filters: those of `report_filters.read_report_filters`, which says what is raised.
	"""
	rows = _read_rows(report_filters.read_report_filters(filters))
	total = {name: sum(row[name] for row in rows) for name in NUMBERS}
	total |= {name: round_company_amount(sum(row[name] for row in rows)) for name in AMOUNTS}
	total |= {"seller": _("Total"), "currency": company_currency(), "bold": 1}
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(),
		_make_chart(rows),
		_make_summary(total),
		True,
	)


def _read_rows(filters: ReportFilters) -> list[dict]:
	"""A row for each seller with any figure, sorted by the amount invoiced."""
	rows: dict[str, dict] = {}

	def get_row(seller: str | None) -> dict:
		zeros = dict.fromkeys((*NUMBERS, *AMOUNTS), 0)
		return rows.setdefault(
			seller or "", {"seller": seller or None, **zeros, "currency": company_currency()}
		)

	for seller, number in _count_prospects(filters):
		get_row(seller)["prospects"] += number
	for found in filters.read_totals(("Proforma", "Order"), by=("seller",)):
		kind = found.measure.lower()
		get_row(found.seller).update(
			{f"{kind}s": found.number, f"{kind}_amount": round_company_amount(found.amount)}
		)
	for found in sum_invoiced(filters.from_date, filters.to_date, by=("seller",), scope=filters.scope):
		get_row(found.seller).update(invoices=found.number, invoice_amount=found.amount)
	return sorted(
		rows.values(),
		key=lambda row: (-row["invoice_amount"], -row["proforma_amount"], sort_key(row["seller"] or "")),
	)


def _count_prospects(filters: ReportFilters) -> list[tuple[str | None, int]]:
	"""Sellers, and how many of their prospects were first contacted in the period."""
	prospect = DocType(PROSPECT)
	return (
		frappe.qb.from_(prospect)
		.select(prospect.seller, Count("*"))
		.where(prospect.contacted_on[filters.from_date : filters.to_date])
		.where(filters.condition(PROSPECT, prospect))
		.groupby(prospect.seller)
		.orderby(prospect.seller)
		.run()
	)


def _make_columns() -> list[dict]:
	return [
		column("seller", _("Seller"), "Link", 190, options="Cronus Seller"),
		column("prospects", _("Prospects"), "Int", 110),
		column("proformas", _("Proformas"), "Int", 110),
		amount_column("proforma_amount", _("Amount of proformas"), 170),
		column("orders", _("Orders"), "Int", 100),
		amount_column("order_amount", _("Amount of orders"), 170),
		column("invoices", _("Invoices"), "Int", 100),
		amount_column("invoice_amount", _("Amount invoiced"), 170),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("Prospects by the day of their first contact; proformas, orders and invoices by their dates."),
		_("The amount invoiced is less credit notes."),
		_("Each stands with its seller, whoever typed it."),
		amounts_sentence(),
	)


def _make_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	labels = (_("Prospects"), _("Proformas"), _("Orders"), _("Invoices"))
	return numbers_chart(
		(opportunity_figures.seller_label(row["seller"]) for row in shown),
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
