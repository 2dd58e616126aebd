"""Cronus Products Sold: what was invoiced, by product or line by line.

Definitions (the page shows them too): lines of the invoices issued in the period, by the date of the invoice;
lines of credit notes are subtracted, by the date of the credit note. Amounts are without tax and after all
discounts; each line is converted to the company's currency and rounded.

The lines are read from the documents and not from the ledger: documents of another ERP are not included, and
the cost grows with the number of lines in the period. That is why the default period is 90 days only.
"""

import frappe
from frappe import _
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika import Order
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base.company import company_currency, company_decimals, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	left_out_sentence,
	percent_column,
	percentage,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import customer_filters, report_filters
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

DEFAULT_DAYS = 90


class Lines:
	"""The invoice lines that the filters select: tables, terms and the query that reports are built from.

	quantity, amount: SQL terms of a line, negative for credit notes; amount in the company's currency.
	"""

	def __init__(self, record_filters: ReportFilters, filters: frappe._dict):
		self.invoice, self.item = DocType("Invoice"), DocType("Cronus Document Item")
		self.record_filters, self.filters = record_filters, filters
		sign = Case().when(self.invoice.is_return == 1, -1).else_(1)
		in_company_currency = CustomFunction("round", ["number", "decimals"])
		self.quantity: Term = sign * self.item.quantity
		self.amount: Term = sign * in_company_currency(
			self.item.net_amount * self.invoice.exchange_rate, company_decimals()
		)

	def make_query(self) -> QueryBuilder:
		"""A query over the lines that the user may see; the caller selects."""
		invoice, item = self.invoice, self.item
		period = invoice.posting_date[self.record_filters.from_date : self.record_filters.to_date]
		query = (
			frappe.qb.from_(invoice)
			.join(item)
			.on((item.parent == invoice.name) & (item.parenttype == "Invoice"))
			.where((invoice.docstatus == 1) & period)
			.where(self.record_filters.condition("Invoice", invoice))
		)
		for fieldname, table in (("customer", invoice), ("product", item)):
			if value := self.filters.get(fieldname):
				query = query.where(table[fieldname] == value)
		return query


def execute(filters: dict | None = None):
	"""Columns, rows and one in all, a note, the chart and the summary.

	filters: from_date, to_date (default: the last 90 days), seller (with the team below), work_center,
	customer, product, line_by_line (a row for each line, the newest first; otherwise for each product),
	at_most.

	Raises what `report_filters.read_report_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	lines = Lines(report_filters.read_report_filters(filters, DEFAULT_DAYS, reads="Invoice"), filters)
	(quantity, amount, number), most = _sum_lines(lines), row_limit(filters)
	total = {
		"quantity": flt(quantity),
		"amount": round_company_amount(amount),
		"price": None,
		"currency": company_currency(),
		"bold": 1,
	}
	by_product = _group_by_product(lines, total["amount"])
	if cint(filters.line_by_line):
		rows, found = _list_lines(lines, most), number
		columns, total["posting_date"] = _make_line_columns(), None
		total["source_name"] = _("Total")
	else:
		rows, found, columns = by_product[:most], len(by_product), _make_product_columns()
		total |= {"product": _("Total"), "share": 100 if total["amount"] else None}
	return (
		columns,
		[*rows, total] if rows else [],
		_make_note(left_out_sentence(len(rows), found)),
		_make_chart(by_product),
		_make_summary(total, len(by_product)),
		True,
	)


def _sum_lines(lines: Lines) -> tuple:
	return lines.make_query().select(Sum(lines.quantity), Sum(lines.amount), Count(lines.item.name)).run()[0]


def _group_by_product(lines: Lines, amount_of_all: float) -> list[dict]:
	item, invoice, product = lines.item, lines.invoice, DocType("Cronus Product")
	amount = Sum(lines.amount)
	rows = (
		lines.make_query()
		.left_join(product)
		.on(product.name == item.product)
		.select(
			item.product,
			product.product_name,
			Sum(lines.quantity).as_("quantity"),
			amount.as_("amount"),
			Count(Case().when(invoice.is_return == 0, invoice.name)).distinct().as_("invoices"),
			Count(invoice.customer).distinct().as_("customers"),
		)
		.groupby(item.product, product.product_name)
		.orderby(amount, order=Order.desc)
		.orderby(item.product)
	).run(as_dict=True)
	return [
		{
			**row,
			"amount": round_company_amount(row.amount),
			"price": round_company_amount(row.amount / row.quantity) if row.quantity else None,
			"share": percentage(row.amount, amount_of_all),
			"currency": company_currency(),
		}
		for row in rows
	]


def _list_lines(lines: Lines, most: int) -> list[dict]:
	item, invoice = lines.item, lines.invoice
	rows = (
		lines.make_query()
		.select(
			invoice.posting_date,
			invoice.name.as_("source_name"),
			invoice.is_return,
			invoice.customer,
			invoice.customer_name,
			invoice.seller,
			item.product,
			item.description,
			item.unit,
			lines.quantity.as_("quantity"),
			lines.amount.as_("amount"),
		)
		.orderby(invoice.posting_date, order=Order.desc)
		.orderby(invoice.name, order=Order.desc)
		.orderby(item.idx)
		.limit(most)
	).run(as_dict=True)
	return [
		{
			**row,
			"kind": _("Credit Note") if row.is_return else _("Invoice"),
			"price": round_company_amount(row.amount / row.quantity) if row.quantity else None,
			"currency": company_currency(),
		}
		for row in rows
	]


def _make_product_columns() -> list[dict]:
	return [
		column("product", _("Product"), "Link", 150, options="Cronus Product"),
		column("product_name", _("Name"), "Data", 240),
		column("quantity", _("Quantity"), "Float", 110),
		amount_column("amount", _("Amount")),
		percent_column("share", _("Share of the total"), 140),
		amount_column("price", _("Average price"), 150),
		column("invoices", _("Invoices"), "Int", 100),
		column("customers", _("Customers"), "Int", 100),
		currency_column(),
	]


def _make_line_columns() -> list[dict]:
	return [
		column("posting_date", _("Date"), "Date", 115),
		column("source_name", _("Document"), "Link", 160, options="Invoice"),
		column("kind", _("Kind"), "Data", 110),
		column("customer", _("Customer"), "Link", 110, options=customer_filters.CUSTOMER),
		column("customer_name", _("Name"), "Data", 180),
		column("seller", _("Seller"), "Link", 150, options="Cronus Seller"),
		column("product", _("Product"), "Link", 130, options="Cronus Product"),
		column("description", _("Description"), "Data", 220),
		column("quantity", _("Quantity"), "Float", 100),
		column("unit", _("Unit"), "Data", 80),
		amount_column("price", _("Price"), 120),
		amount_column("amount", _("Amount"), 130),
		currency_column(),
	]


def _make_note(left_out: str) -> str:
	return definitions_note(
		_("Lines of the invoices of the period, less those of its credit notes; after all discounts."),
		amounts_sentence(),
		left_out,
	)


def _make_chart(by_product: list[dict]) -> dict | None:
	best = [row for row in by_product if row["amount"] > 0][:12]
	if not best:
		return None
	return amounts_chart(
		(row["product"] or _("(no product)") for row in best),
		[(_("Amount"), [row["amount"] for row in best])],
		["#2f6f9f"],
	)


def _make_summary(total: dict, products: int) -> list[dict]:
	return [
		summary_figure(_("Products"), products, "Int"),
		summary_figure(_("Quantity"), total["quantity"], "Float"),
		summary_figure(_("Amount"), total["amount"]),
	]
