"""The lines of documents of ERPs in reports: of invoices and credit notes by product, of orders as such."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import frappe
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import flt
from pypika.functions import NullIf

from cronus_crm.base.amounts import round_amount
from cronus_crm.base.sales_documents import INVOICE, ORDER
from cronus_crm.base.sales_lines import InvoicedLines, OrderPeriod
from cronus_crm.cronus_exchange.external_documents.papers import CREDIT_NOTE, DOCUMENT, ITEM, ORIGIN
from cronus_crm.visibility import rule


def list_invoiced_lines() -> InvoicedLines:
	"""Hook `cronus_invoiced_lines`. A line without amount is worth its quantity at its price."""
	document, item = DocType(DOCUMENT), DocType(ITEM)
	of_document = ("number", "posting_date", "customer", "customer_name", "seller", "exchange_rate")
	of_item = ("product", "description", "unit", "quantity", "idx")
	return InvoicedLines(
		doctype=DOCUMENT,
		document=document,
		item=item,
		is_line=(item.parent == document.name) & (item.parenttype == DOCUMENT),
		is_invoiced=(document.docstatus == 1) & document.kind.isin([INVOICE, CREDIT_NOTE]),
		terms={
			"source_name": document.name,
			"is_return": Case().when(document.kind == CREDIT_NOTE, 1).else_(0),
			"net_amount": Coalesce(NullIf(item.amount, 0), item.quantity * item.price),
			**{name: document[name] for name in of_document},
			**{name: item[name] for name in of_item},
		},
	)


def read_order_lines(orders: OrderPeriod) -> list[dict[str, Any]]:
	"""Hook `cronus_order_lines`: the lines of the orders that the session's user sees; an order without lines
	is one line.

	An ERP tells what is invoiced and paid of an order, and not of its lines: each has its share of both.
	"""
	found = _read_orders(orders)
	lines, paid = _read_lines([order.name for order in found]), _sum_paid([order.name for order in found])
	rows = []
	for order in found:
		of_order = lines[order.name] or [frappe._dict(amount=order.net_total)]
		whole = sum(line.amount for line in of_order)
		invoiced = flt(order.net_total) - flt(order.balance)
		for line in of_order:
			share = line.amount / whole if whole else 1 / len(of_order)
			rows.append(_describe(order, line, share * invoiced, share * paid[order.name]))
	return rows


def _read_orders(orders: OrderPeriod) -> list[frappe._dict]:
	document = DocType(DOCUMENT)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name,
			document.number,
			document.posting_date,
			document.customer,
			document.customer_name,
			document.seller,
			document.due_date,
			document.currency,
			document.net_total,
			document.balance,
		)
		.where((document.docstatus == 1) & (document.kind == ORDER))
		.where(document.posting_date[orders.from_date : orders.to_date])
		.orderby(document.posting_date, document.name)
	)
	for fieldname in ("seller", "customer"):
		if value := getattr(orders, fieldname):
			query = query.where(document[fieldname] == value)
	return rule.filter_visible(query, DOCUMENT, document).run(as_dict=True)


def _read_lines(names: Sequence[str]) -> dict[str, list[frappe._dict]]:
	lines = defaultdict(list)
	fields = ["parent", "product", "description", "quantity", "price", "amount"]
	if names:
		of = {"parenttype": DOCUMENT, "parent": ("in", names)}
		for row in frappe.get_all(ITEM, of, fields, order_by="parent asc, idx asc"):
			row.amount = flt(row.amount) or flt(row.quantity) * flt(row.price)
			lines[row.parent].append(row)
	return lines


def _sum_paid(names: Sequence[str]) -> dict[str, float]:
	"""Of each order, what was paid of the invoices made from it: of what an invoice takes of the order, the
	part of the invoice that is paid."""
	paid: dict[str, float] = defaultdict(float)
	if not names:
		return paid
	invoice, origin = DocType(DOCUMENT), DocType(ORIGIN)
	rows = (
		frappe.qb.from_(origin)
		.join(invoice)
		.on(invoice.name == origin.parent)
		.select(origin.document, origin.taken, invoice.balance, invoice.grand_total)
		.where((origin.parenttype == DOCUMENT) & origin.document.isin(list(names)))
		.where((invoice.docstatus == 1) & (invoice.kind == INVOICE))
		.run(as_dict=True)
	)
	for row in rows:
		if row.grand_total:
			paid[row.document] += flt(row.taken) * (1 - flt(row.balance) / flt(row.grand_total))
	return paid


def _describe(order: frappe._dict, line: frappe._dict, invoiced: float, paid: float) -> dict[str, Any]:
	return {
		"order_doctype": DOCUMENT,
		"order": order.name,
		"number": order.number,
		"posting_date": order.posting_date,
		"customer": order.customer,
		"customer_name": order.customer_name,
		"seller": order.seller,
		"delivery_date": order.due_date,
		"currency": order.currency,
		"product": line.product,
		"description": line.description,
		"ordered": flt(line.quantity) or None,
		"delivered": None,
		"invoiced": None,
		"to_deliver": None,
		"amount": flt(line.amount),
		"invoiced_amount": round_amount(invoiced, order.currency),
		"paid_amount": round_amount(paid, order.currency),
	}
