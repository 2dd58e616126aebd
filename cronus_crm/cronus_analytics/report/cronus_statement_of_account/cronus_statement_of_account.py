"""Cronus Statement of Account: what a customer was charged, what it paid, and what it owes.

Movements are read from the ledger, in the company's currency. Invoices and returned payments increase what
the customer owes; credit notes and received payments reduce it. A payment in another currency is converted at
its own exchange rate: after an invoice was paid in full at a different rate, the exchange difference stays in
the balance.

The ages show what is left to pay today of each instalment, by the days since its due date.
"""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Sum
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import period
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import amount_column, column, currency_column, summary_figure
from cronus_crm.cronus_analytics.figures.customer_figures import AGES, Documents, make_owed, query_left_to_pay

DEFAULT_DAYS = 90

# Kinds of the ledger that change what a customer owes, with the sign with which their total is added. The
# total of a credit note is negative in the ledger already.
_SIGNS = {"Invoice": 1, "Credit Note": 1, "Payment": -1}


@dataclass(frozen=True)
class Statement:
	"""The movements between a customer and the company that the user may see.

	opening, closing: balances in the company's currency. movements: rows of the ledger, the oldest first,
	with `charge`, `credit` and the running `balance`. ages: label and amount of each age class of what is
	left to pay today.
	"""

	from_date: date
	to_date: date
	opening: float
	movements: tuple[frappe._dict, ...]
	closing: float
	ages: tuple[tuple[str, float], ...]


def execute(filters: dict | None = None):
	"""Columns, the opening balance, a row for each movement with the running balance, and the ages.

	filters: those of `read_statement`, which says what is raised.
	"""
	filters = frappe._dict(filters or {})
	statement = read_statement(filters.customer, filters.from_date, filters.to_date)
	rows = [
		_make_bold_row(statement.from_date, _("Opening balance"), statement.opening),
		*({**row, "title": _(row.kind)} for row in statement.movements),
		_make_bold_row(statement.to_date, _("Closing balance"), statement.closing),
	]
	for row in rows:
		row["currency"] = company_currency()
	return _make_columns(), rows, None, None, _make_summary(statement), True


def _make_bold_row(day: date, title: str, balance: float) -> dict:
	return {"posting_date": day, "title": title, "balance": balance, "bold": 1}


def read_statement(
	customer: str | None, from_date: str | date | None = None, to_date: str | date | None = None
) -> Statement:
	"""The statement of a customer. from_date, to_date: both included; by default, the last 90 days.

	Raises frappe.PermissionError where the user may not read the customer, and frappe.ValidationError without
	one or for a period that ends before it begins.
	"""
	if not customer:
		frappe.throw(_("Choose the customer."), frappe.MandatoryError)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	from_date, to_date = period.read_period(from_date, to_date, DEFAULT_DAYS)
	opening = balance = _sum_opening_balance(customer, from_date)
	movements = _read_movements(customer, from_date, to_date)
	for row in movements:
		moved = round_company_amount(_SIGNS[row.kind] * row.total)
		balance = round_company_amount(balance + moved)
		row.update({"charge": max(moved, 0), "credit": max(-moved, 0), "balance": balance})
	return Statement(from_date, to_date, opening, tuple(movements), balance, _list_ages(customer))


def _sum_opening_balance(customer: str, from_date: date) -> float:
	entry, query = _query_entries(customer)
	signed = Case().when(entry.kind == "Payment", -entry.total).else_(entry.total)
	return round_company_amount(query.select(Sum(signed)).where(entry.posting_date < from_date).run()[0][0])


def _read_movements(customer: str, from_date: date, to_date: date) -> list[frappe._dict]:
	entry, query = _query_entries(customer)
	return (
		query.select(
			entry.posting_date,
			entry.kind,
			entry.source_doctype,
			entry.source_name,
			entry.number,
			entry.due_date,
			entry.total,
		)
		.where((entry.posting_date >= from_date) & (entry.posting_date <= to_date))
		.orderby(entry.posting_date)
		.orderby(entry.creation)
		.orderby(entry.source_name)
		.run(as_dict=True)
	)


def _query_entries(customer: str) -> tuple[Table, QueryBuilder]:
	"""The table of the ledger, and a query over the visible entries that change what a customer owes."""
	entry, query = Documents([customer]).entries
	return entry, query.where(entry.kind.isin(list(_SIGNS)))


def sum_by_age(customer: str) -> list[float]:
	"""What is left to pay today, in the company's currency, in four classes: not due or due up to 30 days
	ago, 31 to 60, 61 to 90, and more than 90 days ago. Of the invoices that the session's user may see."""
	part = query_left_to_pay(Documents([customer]))
	owed = make_owed(
		part.query.select(*(part.sum_of_age(age) for age in (None, *range(len(AGES) + 1)))).run()[0]
	)
	recent, *older = owed.ages
	return [round_company_amount(owed.not_due + recent), *older]


def _make_columns() -> list[dict]:
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


def _list_ages(customer: str) -> tuple[tuple[str, float], ...]:
	labels = (
		_("Not due, or up to 30 days"),
		_("31 to 60 days"),
		_("61 to 90 days"),
		_("More than 90 days"),
	)
	return tuple(zip(labels, sum_by_age(customer), strict=True))


def _make_summary(statement: Statement) -> list[dict]:
	figures = (
		(_("Opening balance"), statement.opening),
		(_("Closing balance"), statement.closing),
		*statement.ages,
	)
	return [summary_figure(label, value) for label, value in figures]
