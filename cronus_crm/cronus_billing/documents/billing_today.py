"""What billing has to do today: drafts that sellers ask to issue, orders to issue, overdue invoices, and the
payments of today."""

from typing import Any

import frappe
from frappe.query_builder import Criterion, DocType, Order
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, get_fullname
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base.company import company_currency, company_today, round_company_amount
from cronus_crm.cronus_billing.documents import issue_requests
from cronus_crm.cronus_billing.documents.issue_requests import ASKED_BY, ASKED_ON
from cronus_crm.visibility import rule

ORDER, INVOICE, PAYMENT = "Cronus Order", "Invoice", "Cronus Payment"

_COMMON = ("name", "customer", "customer_name", "seller", "posting_date", "currency")

MOST_ROWS = 100


def read_today(limit: int | str = 10) -> dict[str, Any]:
	"""The groups of the day, of what the session's user sees; see `api/documents.py`.

	limit: rows of each group, at most MOST_ROWS.
	"""
	most = min(max(cint(limit), 1), MOST_ROWS)
	return {
		"currency": company_currency(),
		"today": str(company_today()),
		"asked": _read_asked(most),
		"orders": _read_group(ORDER, _is_order_to_issue, "posting_date", most),
		"overdue": _read_group(INVOICE, _is_overdue, "due_date", most, ("due_date", "balance")),
		"payments": _read_group(PAYMENT, _is_of_today, "creation", most, ("amount", "state", "kind")),
	}


def _is_order_to_issue(order: Table) -> Criterion:
	return (order.docstatus == 0) & order[ASKED_ON].isnull()


def _is_overdue(invoice: Table) -> Criterion:
	return (invoice.state == "Overdue") & (invoice.docstatus == 1)


def _is_of_today(payment: Table) -> Criterion:
	return (payment.posting_date == company_today()) & (payment.docstatus < 2)


def _is_asked(document: Table) -> Criterion:
	return (document.docstatus == 0) & document[ASKED_ON].notnull()


def _read_asked(most: int) -> dict[str, Any]:
	"""The drafts of all DocTypes, those that wait longest first."""
	groups = [
		_read_group(doctype, _is_asked, ASKED_ON, most, ("grand_total", ASKED_BY, ASKED_ON))
		for doctype in issue_requests.list_doctypes()
	]
	rows = sorted((row for group in groups for row in group["rows"]), key=lambda row: row[ASKED_ON])
	for row in rows:
		row["asked_by_name"] = get_fullname(row[ASKED_BY])
	return {
		"number": sum(group["number"] for group in groups),
		"amount": round_company_amount(sum(group["amount"] for group in groups)),
		"rows": rows[:most],
	}


def _read_group(doctype: str, condition, order_by: str, most: int, fields=("grand_total",)) -> dict[str, Any]:
	"""Number, amount (in the company's currency) and first rows of what the user may read."""
	if not frappe.has_permission(doctype, "read"):
		return {"number": 0, "amount": 0.0, "rows": []}
	table = DocType(doctype)

	def select() -> QueryBuilder:
		return rule.filter_visible(frappe.qb.from_(table).where(condition(table)), doctype, table)

	amount = table[_amount_field(fields)] * table.exchange_rate
	number, total = select().select(Count("*"), Sum(amount)).run()[0]
	rows = (
		select()
		.select(*(table[name] for name in (*_COMMON, *fields)))
		.orderby(table[order_by], order=Order.asc)
		.orderby(table.name)
		.limit(most)
		.run(as_dict=True)
	)
	return {
		"number": number,
		"amount": round_company_amount(total),
		"rows": [{"doctype": doctype, **row, "total": row[_amount_field(fields)]} for row in rows],
	}


def _amount_field(fields: tuple[str, ...]) -> str:
	return next(name for name in ("balance", "amount", "grand_total") if name in fields)
