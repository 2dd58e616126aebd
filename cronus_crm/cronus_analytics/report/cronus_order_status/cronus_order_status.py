"""Cronus Order Status: what was ordered, and how much of it was delivered, invoiced and paid, line by line.

Definitions (the page shows them too):

* *Ordered*, *delivered*, *invoiced*: quantities of the line, counted over issued documents.
* *Invoiced amount* = net amounts, without tax, of the invoice lines made from this line, directly or through
  a delivery note.
* *Paid* = Σ net amount of an invoice line × paid amount of its invoice / grand total of its invoice.
* A line of goods is *late* when a part of it is still to be delivered after the delivery date of the order.
  *Days late* = today - that date.

Amounts are in the currency of the order. Orders are those issued in the period, by their date. Those of other
apps and ERPs are among them, as these read them (`base/sales_lines.py`): an ERP tells what is invoiced and
paid of an order, of which each line has its share, and not which of its goods were delivered.
"""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import date_diff, flt, getdate

from cronus_crm.base import period, sales_lines
from cronus_crm.base.amounts import round_amount
from cronus_crm.base.company import company_today
from cronus_crm.base.report_parts import (
	amount_column,
	column,
	currency_column,
	definitions_note,
	numbers_chart,
	summary_figure,
)
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.visibility import rule

ORDER, DELIVERY_NOTE = "Cronus Order", "Cronus Delivery Note"
DEFAULT_DAYS = 90
SHOW_OPTIONS = ("All", "To deliver", "Late", "To invoice")


def execute(filters: dict | None = None):
	"""Columns, a row for each line of the orders that the reader sees, a note, the chart and the summary.

	filters: from_date, to_date (default: the last 90 days), seller, customer, show (one of SHOW_OPTIONS).

	Raises frappe.ValidationError for a period that ends before it begins and for an unknown `show`.
	"""
	filters = _check_filters(frappe._dict(filters or {}))
	rows = [row for row in (*_read_rows(filters), *_read_told_rows(filters)) if _is_shown(row, filters.show)]
	rows.sort(key=lambda row: row.posting_date)
	return _make_columns(), rows, _make_note(), _make_chart(rows), _make_summary(rows)


def _check_filters(filters: frappe._dict) -> frappe._dict:
	filters.from_date, filters.to_date = period.read_period(filters.from_date, filters.to_date, DEFAULT_DAYS)
	filters.show = filters.show or "All"
	if filters.show not in SHOW_OPTIONS:
		frappe.throw(_("There is nothing called {0} to show.").format(frappe.bold(filters.show)))
	return filters


def _read_told_rows(filters: frappe._dict) -> list[frappe._dict]:
	"""The lines of orders that other apps read."""
	orders = sales_lines.OrderPeriod(
		filters.from_date, filters.to_date, filters.seller or None, filters.customer or None
	)
	return [frappe._dict(row, days_late=None) for row in sales_lines.read_order_lines(orders)]


def _read_rows(filters: frappe._dict) -> list[frappe._dict]:
	order, line, product = DocType(ORDER), DocType(document_chain.ITEM), DocType("Cronus Product")
	query = (
		frappe.qb.from_(order)
		.join(line)
		.on((line.parent == order.name) & (line.parenttype == ORDER))
		.left_join(product)
		.on(product.name == line.product)
		.select(
			order.name.as_("order"),
			order.posting_date,
			order.customer,
			order.customer_name,
			order.seller,
			order.delivery_date,
			order.currency,
			line.name.as_("line"),
			line.product,
			line.description,
			line.quantity.as_("ordered"),
			line.delivered_quantity.as_("delivered"),
			line.invoiced_quantity.as_("invoiced"),
			line.net_amount.as_("amount"),
			(product.product_type == "Service").as_("is_service"),
		)
		.where((order.docstatus == 1) & order.posting_date[filters.from_date : filters.to_date])
		.orderby(order.posting_date, order.name, line.idx)
	)
	query = rule.filter_visible(query, ORDER, order)
	for fieldname in ("seller", "customer"):
		if filters.get(fieldname):
			query = query.where(order[fieldname] == filters[fieldname])
	rows = query.run(as_dict=True)
	invoiced = _sum_invoiced({row.order for row in rows})
	for row in rows:
		sums = invoiced.get(row.line, {"invoiced_amount": 0, "paid_amount": 0})
		row.update({name: round_amount(amount, row.currency) for name, amount in sums.items()})
		row.update(order_doctype=ORDER, number=row.order)
		row.to_deliver = 0 if row.is_service else flt(row.ordered - row.delivered, 6)
		row.days_late = _count_days_late(row)
	return rows


def _sum_invoiced(orders: set[str]) -> dict[str, dict]:
	"""By name of the order line: `invoiced_amount` and `paid_amount`, without tax, in the order's currency,
	and not rounded yet. Lines of which nothing was invoiced are left out."""
	found: dict[str, dict] = defaultdict(lambda: {"invoiced_amount": 0.0, "paid_amount": 0.0})
	# An invoice line was made from the order line itself, or from a delivery note's line made from it.
	delivered = {
		row.name: (row.parent, row.source_row) for row in _read_lines_made_from(ORDER, orders, DELIVERY_NOTE)
	}
	notes = {note for note, _line in delivered.values()}
	for invoiced in _read_lines_made_from(ORDER, orders, "Invoice"):
		_add_invoiced(found[invoiced.source_row], invoiced)
	for invoiced in _read_lines_made_from(DELIVERY_NOTE, notes, "Invoice"):
		if invoiced.source_row in delivered:
			_add_invoiced(found[delivered[invoiced.source_row][1]], invoiced)
	return found


def _read_lines_made_from(doctype: str, names: set[str], into: str) -> list[frappe._dict]:
	"""The lines of issued documents of the DocType `into` that were made from lines of these documents.

	doctype, names: the source documents. Lines of invoices have `paid`: their part of the invoice's paid
	amount.
	"""
	if not names:
		return []
	line, made = DocType(document_chain.ITEM), DocType(into)
	query = (
		frappe.qb.from_(line)
		.join(made)
		.on(made.name == line.parent)
		.select(line.name, line.parent, line.source_row, line.net_amount)
		.where((line.parenttype == into) & (made.docstatus == 1))
		.where((line.source_doctype == doctype) & line.source_name.isin(sorted(names)))
	)
	if into == "Invoice":
		query = query.select((line.net_amount * made.paid_amount / made.grand_total).as_("paid"))
	return query.run(as_dict=True)


def _add_invoiced(sums: dict, invoiced: frappe._dict) -> None:
	sums["invoiced_amount"] += flt(invoiced.net_amount)
	# NULL where the grand total of the invoice is zero.
	sums["paid_amount"] += flt(invoiced.paid)


def _count_days_late(row: frappe._dict) -> int | None:
	late = row.to_deliver > 0 and row.delivery_date and getdate(row.delivery_date) < company_today()
	return date_diff(company_today(), row.delivery_date) if late else None


def _is_shown(row: frappe._dict, show: str) -> bool:
	return {
		"All": True,
		"To deliver": flt(row.to_deliver) > 0,
		"Late": bool(row.days_late),
		"To invoice": _is_to_invoice(row),
	}[show]


def _is_to_invoice(row: frappe._dict) -> bool:
	if row.invoiced is None:
		return round_amount(row.amount - row.invoiced_amount, row.currency) > 0
	return flt(row.ordered - row.invoiced, 6) > 0


def _make_columns() -> list[dict]:
	return [
		column("order_doctype", _("Document type"), "Data", 100, hidden=1),
		column("order", _("Order"), "Dynamic Link", 150, options="order_doctype"),
		column("posting_date", _("Date"), "Date", 115),
		column("customer", _("Customer"), "Link", 110, options="Cronus Customer"),
		column("customer_name", _("Customer name"), "Data", 180),
		column("seller", _("Seller"), "Link", 140, options="Cronus Seller"),
		column("product", _("Product"), "Link", 120, options="Cronus Product"),
		column("description", _("Description"), "Data", 180),
		column("ordered", _("Ordered quantity"), "Float", 150),
		column("delivered", _("Delivered quantity"), "Float", 150),
		column("invoiced", _("Invoiced quantity"), "Float", 150),
		column("delivery_date", _("Delivery date"), "Date", 115),
		column("days_late", _("Days late"), "Int", 95),
		amount_column("amount", _("Amount"), 130),
		amount_column("invoiced_amount", _("Invoiced amount"), 130),
		amount_column("paid_amount", _("Paid amount"), 130),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("Invoiced amount: of the invoices made from the line, without tax."),
		_("Paid: of that amount, the part of its invoice that is paid."),
		_("Late: goods still to be delivered after the day that the order was promised for."),
		_("Of orders of an ERP, each line has its share of what is invoiced and paid of the order."),
	)


def _make_chart(rows: list[frappe._dict]) -> dict | None:
	if len({row.currency for row in rows}) != 1:
		return None
	amounts = [
		round_amount(sum(row[name] for row in rows), rows[0].currency)
		for name in ("amount", "invoiced_amount", "paid_amount")
	]
	return numbers_chart(
		[_("Amount"), _("Invoiced amount"), _("Paid amount")],
		[(_("Orders"), amounts)],
		["#2f6f9f"],
		fieldtype="Currency",
		options=rows[0].currency,
	)


def _make_summary(rows: list[frappe._dict]) -> list[dict]:
	if not rows:
		return []
	late = sum(bool(row.days_late) for row in rows)
	return [
		summary_figure(_("Orders"), len({row.order for row in rows}), "Int"),
		summary_figure(_("Lines to deliver"), sum(flt(row.to_deliver) > 0 for row in rows), "Int"),
		{**summary_figure(_("Late lines"), late, "Int"), "indicator": "Red" if late else "Green"},
	]
