"""Cronus Statement of Account: what a customer was charged, what it paid, and what it owes.

Movements are read from the ledger, in the company's currency: invoices charge; credit notes and payments are
in the customer's favour; money that is given back charges again. A payment in another currency counts at its
own rate, so what is left after an invoice that was paid at another rate is the difference of exchange.

The ages are those of today: what is left to pay of each instalment, by the days since it was due.
"""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Sum
from frappe.utils import add_days, flt, nowdate
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import period
from cronus_crm.base.company import company_currency
from cronus_crm.base.report_parts import amount_column, column, currency_column, summary_figure
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.visibility import rule

DAYS = 90

# Kinds of the ledger that move what a customer owes, with the sign of their total.
_SIGNS = {"Invoice": 1, "Credit Note": 1, "Payment": -1}

# The last day of each age; the oldest has none.
_AGES = (30, 60, 90)


@dataclass(frozen=True)
class Statement:
	"""What happened between a customer and the company, of what the user may see.

	opening, closing: balances in the company's currency. movements: rows of the ledger, oldest first, with
	`charge`, `credit` and the running `balance`. ages: labels and amounts of what is left to pay today.
	"""

	from_date: date
	to_date: date
	opening: float
	movements: tuple[frappe._dict, ...]
	closing: float
	ages: tuple[tuple[str, float], ...]


def execute(filters: dict | None = None):
	"""Columns, the opening balance, a row for each movement with the running balance, and the ages.

	filters: those of `read`, which says what is raised.
	"""
	filters = frappe._dict(filters or {})
	statement = read(filters.customer, filters.from_date, filters.to_date)
	rows = [
		_in_bold(statement.from_date, _("Opening balance"), statement.opening),
		*({**row, "title": _(row.kind)} for row in statement.movements),
		_in_bold(statement.to_date, _("Closing balance"), statement.closing),
	]
	for row in rows:
		row["currency"] = company_currency()
	return _columns(), rows, None, None, _summary(statement), True


def _in_bold(day: date, title: str, balance: float) -> dict:
	return {"posting_date": day, "title": title, "balance": balance, "bold": 1}


def read(
	customer: str | None, from_date: str | date | None = None, to_date: str | date | None = None
) -> Statement:
	"""The statement of a customer. from_date, to_date: both included; by default, the last 90 days.

	Raises frappe.PermissionError where the user may not read the customer, and frappe.ValidationError without
	one or for a period that ends before it begins.
	"""
	if not customer:
		frappe.throw(_("Choose the customer."), frappe.MandatoryError)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	from_date, to_date = period.read_period(from_date, to_date, DAYS)
	opening = balance = _opening(customer, from_date)
	movements = _movements(customer, from_date, to_date)
	for row in movements:
		moved = flt(_SIGNS[row.kind] * row.total, 2)
		balance = flt(balance + moved, 2)
		row.update({"charge": max(moved, 0), "credit": max(-moved, 0), "balance": balance})
	return Statement(from_date, to_date, opening, tuple(movements), balance, _labelled_ages(customer))


def _opening(customer: str, from_date: date) -> float:
	entry, query = _entries(customer)
	signed = Case().when(entry.kind == "Payment", -entry.total).else_(entry.total)
	return flt(query.select(Sum(signed)).where(entry.posting_date < from_date).run()[0][0], 2)


def _movements(customer: str, from_date: date, to_date: date) -> list[frappe._dict]:
	entry, query = _entries(customer)
	return (
		query.select(
			entry.posting_date,
			entry.kind,
			entry.source_doctype,
			entry.source_name,
			entry.due_date,
			entry.total,
		)
		.where((entry.posting_date >= from_date) & (entry.posting_date <= to_date))
		.orderby(entry.posting_date)
		.orderby(entry.creation)
		.orderby(entry.source_name)
		.run(as_dict=True)
	)


def _entries(customer: str) -> tuple[Table, QueryBuilder]:
	"""The ledger, and a query over the entries that the user sees and that move what a customer owes."""
	entry, query = Documents([customer]).entries
	return entry, query.where(entry.kind.isin(list(_SIGNS)))


def ages(customer: str) -> list[float]:
	"""What is left to pay today, in the company's currency: not due or since 30 days at most, 31 to 60, 61 to
	90, and more than 90 days. Of what the session's user may see."""
	invoice, instalment = DocType("Invoice"), DocType("Cronus Instalment")
	left = instalment.balance * invoice.exchange_rate
	sums, newest = [], None
	for days in _AGES:
		oldest = add_days(nowdate(), -days)
		of_age = instalment.due_date >= oldest
		if newest:
			of_age &= instalment.due_date < newest
		sums.append(Sum(Case().when(of_age, left).else_(0)))
		newest = oldest
	sums.append(Sum(Case().when(instalment.due_date < newest, left).else_(0)))
	query = (
		frappe.qb.from_(invoice)
		.join(instalment)
		.on((instalment.parent == invoice.name) & (instalment.parenttype == "Invoice"))
		.select(*sums)
		.where((invoice.customer == customer) & (invoice.docstatus == 1) & (instalment.balance > 0))
	)
	(found,) = rule.filter_visible(query, "Invoice", invoice).run()
	return [flt(amount, 2) for amount in found]


def _columns() -> list[dict]:
	return [
		column("posting_date", _("Date"), "Date", 110),
		column("title", _("Movement"), "Data", 150),
		column("source_name", _("Document"), "Dynamic Link", 170, options="source_doctype"),
		column("due_date", _("Due date"), "Date", 175),
		amount_column("charge", _("Charge"), 130),
		amount_column("credit", _("In favour"), 130),
		amount_column("balance", _("Balance"), 140),
		currency_column(),
	]


def _labelled_ages(customer: str) -> tuple[tuple[str, float], ...]:
	labels = (
		_("Not due, or up to 30 days"),
		_("31 to 60 days"),
		_("61 to 90 days"),
		_("More than 90 days"),
	)
	return tuple(zip(labels, ages(customer), strict=True))


def _summary(statement: Statement) -> list[dict]:
	figures = (
		(_("Opening balance"), statement.opening),
		(_("Closing balance"), statement.closing),
		*statement.ages,
	)
	return [summary_figure(label, value) for label, value in figures]
