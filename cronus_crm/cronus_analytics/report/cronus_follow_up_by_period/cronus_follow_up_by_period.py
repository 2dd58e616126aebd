"""Cronus Follow-up by Period: prospects, proformas, orders and invoices of the period, and whose they are.

Definitions (they stand on the page too):

* *Prospects* count on the day of their first contact. What has become a customer since still counts.
* *Proformas*, *orders* and *invoices* are those issued in the period, by their dates. The amount of invoices
  is less credit notes; their number is that of the invoices.
* Each stands with its seller, who answers for it, whoever typed it.

Amounts are without tax, in the company's currency; cancelled documents are left out.
"""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import flt

from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	numbers_chart,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import invoiced_by
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

PROSPECT = "Cronus Prospect"
NUMBERS = ("prospects", "proformas", "orders", "invoices")
AMOUNTS = ("proforma_amount", "order_amount", "invoice_amount")

# More groups of bars than these are not told apart.
MOST_BARS = 15


def execute(filters: dict | None = None):
	"""Columns, a row for each seller who has something and one in all, a note, the chart and the summary.

	filters: those of `report_filters.read_filters_of_report`, which says what is raised.
	"""
	rows = _rows(report_filters.read_filters_of_report(filters))
	total = {name: sum(row[name] for row in rows) for name in NUMBERS}
	total |= {name: flt(sum(row[name] for row in rows), 2) for name in AMOUNTS}
	total |= {"seller": _("Total"), "currency": company_currency(), "bold": 1}
	return _columns(), [*rows, total] if rows else [], _definitions(), _chart(rows), _summary(total), True


def _rows(asked: ReportFilters) -> list[dict]:
	rows: dict[str, dict] = {}

	def row_of(seller: str | None) -> dict:
		nothing = dict.fromkeys((*NUMBERS, *AMOUNTS), 0)
		return rows.setdefault(
			seller or "", {"seller": seller or None, **nothing, "currency": company_currency()}
		)

	for seller, number in _prospects(asked):
		row_of(seller)["prospects"] += number
	for found in asked.totals_of(("Proforma", "Order"), by=("seller",)):
		kind = found.measure.lower()
		row_of(found.seller).update({f"{kind}s": found.number, f"{kind}_amount": flt(found.amount, 2)})
	for found in invoiced_by(asked.from_date, asked.to_date, by=("seller",), scope=asked.scope):
		row_of(found.seller).update(invoices=found.number, invoice_amount=found.amount)
	return sorted(
		rows.values(), key=lambda row: (-row["invoice_amount"], -row["proforma_amount"], row["seller"] or "")
	)


def _prospects(asked: ReportFilters) -> list[tuple[str | None, int]]:
	prospect = DocType(PROSPECT)
	return (
		frappe.qb.from_(prospect)
		.select(prospect.seller, Count("*"))
		.where(prospect.contacted_on[asked.from_date : asked.to_date])
		.where(asked.condition(PROSPECT, prospect))
		.groupby(prospect.seller)
		.orderby(prospect.seller)
		.run()
	)


def _columns() -> list[dict]:
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


def _definitions() -> str:
	return definitions_note(
		_("Prospects by the day of their first contact; proformas, orders and invoices by their dates."),
		_("The amount invoiced is less credit notes."),
		_("Each stands with its seller, whoever typed it."),
		amounts_sentence(),
	)


def _chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	labels = (_("Prospects"), _("Proformas"), _("Orders"), _("Invoices"))
	return numbers_chart(
		(opportunity_figures.seller_label(row["seller"]) for row in shown),
		[(label, [row[name] for row in shown]) for name, label in zip(NUMBERS, labels, strict=True)],
		["#c4a35a", "#9bb8d3", "#60a5fa", "#2f6f9f"],
	)


def _summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Prospects"), total["prospects"], "Int"),
		summary_figure(_("Amount of proformas"), total["proforma_amount"]),
		summary_figure(_("Amount of orders"), total["order_amount"]),
		summary_figure(_("Amount invoiced"), total["invoice_amount"]),
	]
