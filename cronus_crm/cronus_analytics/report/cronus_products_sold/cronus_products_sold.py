"""Cronus Products Sold: what was invoiced, by product or line by line.

Definitions (the page shows them too): lines of the invoices issued in the period, by the date of the invoice;
lines of credit notes are subtracted, by the date of the credit note. Amounts are without tax and after all
discounts; each line is converted to the company's currency and rounded.

The lines are read from the documents and not from the ledger: those of our own, and those of other apps and
ERPs that register theirs (`base/sales_lines.py`). The cost grows with the number of lines in the period. That
is why the default period is 90 days only.
"""

import frappe
from frappe import _
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika import Order
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from cronus_crm.base import sales_lines
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


_round = CustomFunction("round", ["number", "decimals"])


class Lines:
	"""The invoice lines that the filters select, of all DocTypes: what reports are built from.

	Each has the columns of `sales_lines.LINE_TERMS`, and `source_doctype` and `amount`; quantity and amount
	are negative for credit notes, amount is in the company's currency.
	"""

	def __init__(self, record_filters: ReportFilters, filters: frappe._dict):
		self.record_filters, self.filters = record_filters, filters
		self.tables = sales_lines.list_invoiced_lines()

	def make_query(self) -> tuple[QueryBuilder, QueryBuilder]:
		"""A query over the lines that the user may see, and the table of its lines; the caller selects."""
		first, *others = [self._select(lines) for lines in self.tables]
		for other in others:
			first = first.union_all(other)
		found = first.as_("lines")
		return frappe.qb.from_(found), found

	def _select(self, lines: sales_lines.InvoicedLines) -> QueryBuilder:
		terms, document = lines.terms, lines.document
		period = document.posting_date[self.record_filters.from_date : self.record_filters.to_date]
		query = (
			frappe.qb.from_(document)
			.join(lines.item)
			.on(lines.is_line)
			.where(lines.is_invoiced & period)
			.where(self.record_filters.condition(lines.doctype, document))
		)
		for fieldname in ("customer", "product"):
			if value := self.filters.get(fieldname):
				query = query.where(terms[fieldname] == value)
		sign = Case().when(terms["is_return"] == 1, -1).else_(1)
		amount = _round(terms["net_amount"] * terms["exchange_rate"], company_decimals())
		signed = {"quantity": sign * terms["quantity"]}
		return query.select(
			ValueWrapper(lines.doctype).as_("source_doctype"),
			# In one order for all: a union knows columns by their places.
			*({**terms, **signed}[name].as_(name) for name in sales_lines.LINE_TERMS),
			(sign * amount).as_("amount"),
		)


def execute(filters: dict | None = None):
	"""Columns, rows and one in all, a note, the chart and the summary.

	filters: from_date, to_date (default: the last 90 days), seller (with the team below), work_center,
	customer, product, line_by_line (a row for each line, the newest first; otherwise for each product),
	at_most.

	Raises what `report_filters.read_report_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	lines = Lines(report_filters.read_report_filters(filters, DEFAULT_DAYS, reads="Invoice"), filters)
	if not lines.tables:
		nothing = _make_summary({"quantity": 0, "amount": 0}, 0)
		return _make_product_columns(), [], _make_note(""), None, nothing, True
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
	query, line = lines.make_query()
	return query.select(Sum(line.quantity), Sum(line.amount), Count("*")).run()[0]


def _group_by_product(lines: Lines, amount_of_all: float) -> list[dict]:
	query, line = lines.make_query()
	product, amount = DocType("Cronus Product"), Sum(line.amount)
	rows = (
		query.left_join(product)
		.on(product.name == line.product)
		.select(
			line.product,
			product.product_name,
			Sum(line.quantity).as_("quantity"),
			amount.as_("amount"),
			Count(Case().when(line.is_return == 0, line.source_name)).distinct().as_("invoices"),
			Count(line.customer).distinct().as_("customers"),
		)
		.groupby(line.product, product.product_name)
		.orderby(amount, order=Order.desc)
		.orderby(line.product)
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
	query, line = lines.make_query()
	rows = (
		query.select(
			line.posting_date,
			line.source_doctype,
			line.source_name,
			line.number,
			line.is_return,
			line.customer,
			line.customer_name,
			line.seller,
			line.product,
			line.description,
			line.unit,
			line.quantity,
			line.amount,
		)
		.orderby(line.posting_date, order=Order.desc)
		.orderby(line.source_name, order=Order.desc)
		.orderby(line.idx)
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
		column("source_doctype", _("Document type"), "Data", 100, hidden=1),
		column("source_name", _("Document"), "Dynamic Link", 160, options="source_doctype"),
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
