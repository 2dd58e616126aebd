"""Cronus Seller Efficiency: which of the proformas that a seller issued ended up invoiced, and how soon.

Definitions (they stand on the page too):

* The *cohort* is the proformas issued in the period, by their date, that are not cancelled.
* A proforma is *invoiced* when an invoice was made of it, in whole or in part, whenever that was. The
  *invoiced amount* is the part of the proforma that was invoiced, at the proforma's prices.
* Conversion rate by number = invoiced proformas / proformas of the cohort; by amount = their invoiced amount
  / the amount of the cohort. Neither is above 100 %.
* *Days to invoice*: median, over the invoiced proformas of the cohort, of the days from the proforma's date
  to that of its first invoice.
* *Invoices* are those issued in the period, by their date, not cancelled, with or without a proforma.

Amounts are without tax, in the company's currency.
"""

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Count, Max, Sum
from frappe.utils import cint, flt
from pypika.analytics import AnalyticFunction

from cronus_crm.cronus_analytics import asked
from cronus_crm.cronus_analytics.asked import Asked
from cronus_crm.cronus_analytics.ledger import ENTRY
from cronus_crm.cronus_analytics.report_parts import (
	amounts_note,
	column,
	currency_column,
	money,
	note,
	percent,
	rate,
	summed,
)
from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency

NUMBERS = ("proformas", "invoiced", "invoices")
AMOUNTS = ("proforma_amount", "invoiced_amount", "invoice_amount")


class Median(AnalyticFunction):
	"""MariaDB's window function MEDIAN; it leaves out what is NULL."""

	def __init__(self, term):
		super().__init__("MEDIAN", term)


def execute(filters: dict | None = None):
	"""Columns, a row for each visible seller and one in all, a note, the chart and the summary.

	filters: from_date, to_date (default: the last 365 days), seller (with the team below), work_center.

	Raises frappe.ValidationError for a period that ends before it begins, frappe.PermissionError for a seller
	outside of what the user may see.
	"""
	asked_for = asked.of(filters)
	rows, total = _figures(asked_for)
	return _columns(), [*rows, total] if rows else [], _definitions(), _chart(rows), _summary(total), True


def _figures(asked_for: Asked) -> tuple[list[dict], dict]:
	"""One query over the ledger, a row for each seller; the total's median comes with every row."""
	entry = DocType(ENTRY)
	is_proforma, is_invoice = entry.kind == "Proforma", entry.kind == "Invoice"
	days = frappe.qb.terms.Function("DATEDIFF", entry.first_invoiced_on, entry.posting_date)
	in_scope = (
		frappe.qb.from_(entry)
		.select(
			entry.seller,
			Case().when(is_proforma, 1).as_("proforma"),
			Case().when(is_proforma, entry.amount).as_("proforma_amount"),
			Case().when(is_proforma & entry.first_invoiced_on.notnull(), 1).as_("invoiced"),
			Case().when(is_proforma, entry.amount - entry.balance).as_("invoiced_amount"),
			Case().when(is_invoice, 1).as_("invoice"),
			Case().when(is_invoice, entry.amount).as_("invoice_amount"),
			Median(days).over(entry.seller).as_("days_to_invoice"),
			Median(days).over().as_("days_of_all"),
		)
		.where((entry.cancelled == 0) & entry.posting_date[asked_for.from_date : asked_for.to_date])
		.where(asked_for.condition(ENTRY, entry))
	)
	found = (
		frappe.qb.from_(in_scope)
		.select(
			in_scope.seller,
			Count(in_scope.proforma).as_("proformas"),
			Sum(in_scope.proforma_amount).as_("proforma_amount"),
			Count(in_scope.invoiced).as_("invoiced"),
			Sum(in_scope.invoiced_amount).as_("invoiced_amount"),
			Count(in_scope.invoice).as_("invoices"),
			Sum(in_scope.invoice_amount).as_("invoice_amount"),
			Max(in_scope.days_to_invoice).as_("days_to_invoice"),
			Max(in_scope.days_of_all).as_("days_of_all"),
		)
		.groupby(in_scope.seller)
	).run(as_dict=True)
	sellers = asked_for.sellers()
	by_seller = {row.seller or None: row for row in found}
	shown = [seller for seller in sellers if seller in by_seller or not asked_for.work_center]
	# Documents that lost their seller still count, for those who see them.
	orphans = [seller for seller in by_seller if seller not in set(sellers)]
	rows = [_row(seller, by_seller.get(seller, frappe._dict())) for seller in [*shown, *orphans]]
	total = {name: sum(row[name] for row in rows) for name in NUMBERS}
	total |= {name: flt(sum(row[name] for row in rows), 2) for name in AMOUNTS}
	total["days_to_invoice"] = found[0].days_of_all if found else None
	return rows, {**_with_rates(total), "seller": _("Total"), "bold": 1}


def _row(seller: str | None, sums: frappe._dict) -> dict:
	row = {name: cint(sums.get(name)) for name in NUMBERS} | {
		name: flt(sums.get(name), 2) for name in AMOUNTS
	}
	row["days_to_invoice"] = sums.get("days_to_invoice")
	return {**_with_rates(row), "seller": seller}


def _with_rates(row: dict) -> dict:
	return {
		**row,
		"currency": company_currency(),
		"rate_by_number": rate(row["invoiced"], row["proformas"]),
		"rate_by_amount": rate(row["invoiced_amount"], row["proforma_amount"]),
		"average_invoice": flt(row["invoice_amount"] / row["invoices"], 2) if row["invoices"] else None,
	}


def _columns() -> list[dict]:
	return [
		column("seller", _("Seller"), "Link", 190, options="Cronus Seller"),
		column("proformas", _("Proformas"), "Int", 100),
		money("proforma_amount", _("Amount of proformas")),
		column("invoiced", _("Of those, invoiced"), "Int", 150),
		money("invoiced_amount", _("Invoiced amount of them")),
		percent("rate_by_number", _("Conversion by number"), 170),
		percent("rate_by_amount", _("Conversion by amount"), 170),
		column("days_to_invoice", _("Median days to invoice"), "Float", 180, precision=1),
		column("invoices", _("Invoices of the period"), "Int", 170),
		money("invoice_amount", _("Amount of invoices")),
		money("average_invoice", _("Average invoice")),
		currency_column(),
	]


def _definitions() -> str:
	return note(
		_("Conversion: of the proformas of the period, those invoiced since, in whole or in part."),
		_("By amount: the part of them that was invoiced, at the proforma's prices."),
		_("Days: median from the proforma to its first invoice."),
		_("Invoices: those issued in the period, with or without a proforma."),
		amounts_note(),
	)


def _chart(rows: list[dict]) -> dict | None:
	best = sorted(
		(row for row in rows if row["proformas"] or row["invoices"]), key=lambda row: -row["invoice_amount"]
	)[:15]
	if not best:
		return None
	return {
		"data": {
			"labels": [row["seller"] or _("(no seller)") for row in best],
			"datasets": [
				{"name": _("Proformas"), "values": [row["proforma_amount"] for row in best]},
				{"name": _("Invoices"), "values": [row["invoice_amount"] for row in best]},
			],
		},
		"type": "bar",
		"fieldtype": "Currency",
		"options": company_currency(),
		"colors": ["#9bb8d3", "#2f6f9f"],
	}


def _summary(total: dict) -> list[dict]:
	return [
		summed(_("Proformas"), total["proformas"], "Int"),
		summed(_("Conversion by number"), total["rate_by_number"], "Percent"),
		summed(_("Conversion by amount"), total["rate_by_amount"], "Percent"),
		summed(_("Amount of invoices"), total["invoice_amount"]),
	]
