"""Lines of commercial documents, of whatever app: what reports by product and by order read.

An app registers the lines of its own documents in its `hooks.py`, with functions without arguments that give
an :class:`InvoicedLines`::

    cronus_invoiced_lines = ["my_app.cronus.list_invoiced_lines"]

and the orders whose lines stand in *Order Status*, with functions that take an :class:`OrderPeriod` and give
rows as `cronus_order_lines` says, see :func:`read_order_lines`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from pypika import Criterion, Table
from pypika.terms import Term

from cronus_crm.base.hook_calls import call_hooks

# What a line is for a report: a term for each.
LINE_TERMS = (
	"source_name",
	"number",
	"posting_date",
	"is_return",
	"customer",
	"customer_name",
	"seller",
	"product",
	"description",
	"unit",
	"quantity",
	"net_amount",
	"exchange_rate",
	"idx",
)


@dataclass(frozen=True)
class InvoicedLines:
	"""The lines of the invoices and credit notes of a DocType.

	doctype: of the documents. document, item: the tables of the documents and of their lines. is_line: which
	lines are of which document. is_invoiced: which documents are issued invoices or credit notes. terms: SQL
	terms by the names of LINE_TERMS; quantities and amounts are positive, those of credit notes too, and
	amounts in the currency of the document, without tax.
	"""

	doctype: str
	document: Table
	item: Table
	is_line: Criterion
	is_invoiced: Criterion
	terms: Mapping[str, Term]


@dataclass(frozen=True)
class OrderPeriod:
	"""The orders that a report asks for: by their day, and by seller and customer where these are given."""

	from_date: date
	to_date: date
	seller: str | None = None
	customer: str | None = None


def list_invoiced_lines() -> list[InvoicedLines]:
	"""The lines of all DocTypes that the user may read and that have documents."""
	return [
		lines
		for lines in call_hooks("cronus_invoiced_lines")
		if frappe.has_permission(lines.doctype, "read") and frappe.db.get_value(lines.doctype, {}, "name")
	]


def read_order_lines(orders: OrderPeriod) -> list[dict[str, Any]]:
	"""The lines of the orders of other apps that the session's user sees.

	Each has `order_doctype`, `order`, `number`, `posting_date`, `customer`, `customer_name`, `seller`,
	`delivery_date`, `currency`, `product`, `description`, `ordered`, `amount`, `invoiced_amount` and
	`paid_amount`, in the currency of the order and without tax. Quantities that are not known are None:
	`delivered`, `invoiced`, `to_deliver`.
	"""
	return [row for rows in call_hooks("cronus_order_lines", orders) for row in rows]
