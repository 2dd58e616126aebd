"""The figures of customers, each worked out here and nowhere else: for one, for a portfolio and for the
alerts.

Definitions (they stand on the pages too):

* *Purchases*: invoices less credit notes, without tax, by the date of each. What is dated after today is
  not counted yet.
* *The last twelve months* are the twelve whole calendar months before the one that runs. The *monthly
  average* is a twelfth of them, also for a customer that is newer.
* *Last purchase*: the date of the latest invoice.
* *Owed*: what is left to pay of invoices, with tax. It is *overdue* by the due date of each instalment,
  the day after it being the first. What an instalment comes to in the company's currency is rounded on
  its own. An invoice of another ERP has no instalments, and is due as a whole.
* *Days to pay*: from the date of an invoice to that of the payments of the last twelve months and of this
  one that settle it, weighted by amount. Money that was given back is left out. Another ERP's payments do
  not say what they settle, and are left out too.
* *Open proformas*: those with something left to invoice that are still valid.

Cancelled documents are left out. Amounts are in the company's currency.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import frappe
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Count, Max, Min, Sum
from frappe.utils import cint, flt, getdate, nowdate
from pypika import Order, Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base import months
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY
from cronus_crm.visibility import rule

PURCHASES = ("Invoice", "Credit Note")

# The last day overdue of each age; the oldest has none.
AGES = (30, 60, 90)

_days_between = CustomFunction("datediff", ["to", "from"])
_round = CustomFunction("round", ["number", "decimals"])


@dataclass(frozen=True)
class Documents:
	"""Which documents are counted.

	customers: those of these customers, or of those that a query finds; None for all. sellers, work_center:
	of entries of the ledger, theirs alone. of_company: all there are, for what the company keeps of its
	customers; otherwise those that the session's user may see.
	"""

	customers: Sequence[str] | QueryBuilder | None = None
	sellers: Sequence[str] | None = None
	work_center: str | None = None
	of_company: bool = False

	@cached_property
	def entries(self) -> tuple[Table, QueryBuilder]:
		"""The ledger, and a query over its entries that count."""
		entry = DocType(ENTRY)
		query = frappe.qb.from_(entry).where((entry.cancelled == 0) & entry.customer.isnotnull())
		query = self._of_customers(query, entry)
		if self.sellers is not None:
			query = query.where(entry.seller.isin(list(self.sellers) or [""]))
		if self.work_center:
			query = query.where(entry.work_center == self.work_center)
		return entry, query if self.of_company else visible_entries.only_visible(query, entry)

	def payments(self) -> tuple[Table, QueryBuilder]:
		"""Cronus' own payments, and a query over those that count."""
		payment = DocType("Cronus Payment")
		query = frappe.qb.from_(payment).where(payment.docstatus == 1)
		query = self._of_customers(query, payment)
		return payment, self.only_seen(query, "Cronus Payment", payment)

	def only_seen(self, query: QueryBuilder, doctype: str, table: Table) -> QueryBuilder:
		"""The query with the rule of a DocType that it joins."""
		if self.of_company:
			return query
		if not frappe.has_permission(doctype, "read"):
			return query.where(table.name.isnull())
		return rule.filter_visible(query, doctype, table)

	def _of_customers(self, query: QueryBuilder, table: Table) -> QueryBuilder:
		if self.customers is None:
			return query
		if isinstance(self.customers, QueryBuilder):
			return query.where(table.customer.isin(self.customers))
		return query.where(table.customer.isin(list(self.customers) or [""]))


@dataclass(frozen=True)
class Purchases:
	"""Of the last twelve whole months, of the last of them, and of the month that runs so far.

	last: the date of the latest invoice, of those asked for; None without one.
	"""

	twelve_months: float = 0
	last_month: float = 0
	this_month: float = 0
	last: date | None = None

	@classmethod
	def from_months(cls, bought: dict[date, float], last: date | None) -> "Purchases":
		"""The same from what was bought in each month."""
		month = months.current_month()
		twelve = sum(bought.get(months.subtract_months(month, number), 0) for number in range(1, 13))
		return cls(
			flt(twelve, 2), bought.get(months.subtract_months(month, 1), 0), bought.get(month, 0), last
		)

	@property
	def average(self) -> float:
		"""By month."""
		return flt(self.twelve_months / 12, 2)


@dataclass(frozen=True)
class Owed:
	"""not_due: what is left to pay and not due before today. ages: what is overdue, since as many days as
	AGES says, and the rest."""

	not_due: float = 0
	ages: tuple[float, ...] = field(default=(0.0,) * (len(AGES) + 1))

	@property
	def overdue(self) -> float:
		return flt(sum(self.ages), 2)

	@property
	def total(self) -> float:
		return flt(self.not_due + self.overdue, 2)


def purchases(documents: Documents) -> dict[str, Purchases]:
	"""What each customer has bought; nothing for those who did not in these thirteen months. `last` is of
	these months too: for those without, see `last_purchases`."""
	entry, query = _purchases_since(documents, months.subtract_months(months.current_month(), 12))
	rows = query.select(entry.customer, *_bought(entry)).groupby(entry.customer).run()
	return {customer: _purchases_from(bought) for customer, *bought in rows}


def purchases_of_all(documents: Documents) -> Purchases:
	"""The same of all customers together."""
	entry, query = _purchases_since(documents, months.subtract_months(months.current_month(), 12))
	return _purchases_from(query.select(*_bought(entry)).run()[0])


def _purchases_from(bought: Sequence) -> Purchases:
	*amounts, last = bought
	return Purchases(*(flt(amount, 2) for amount in amounts), last=last)


def _bought(entry: Table) -> Iterator[Term]:
	"""What `Purchases` is made of."""
	month = months.current_month()

	def between(begins: date, ends: date | None = None) -> Term:
		in_it = entry.posting_date >= begins
		if ends:
			in_it &= entry.posting_date < ends
		return Sum(Case().when(in_it, entry.amount).else_(0))

	yield between(months.subtract_months(month, 12), month)
	yield between(months.subtract_months(month, 1), month)
	yield between(month)
	yield Max(Case().when(entry.kind == "Invoice", entry.posting_date))


def last_purchases(documents: Documents) -> dict[str, date]:
	"""When each customer bought last, however long ago."""
	entry, query = documents.entries
	return dict(
		query.select(entry.customer, Max(entry.posting_date))
		.where((entry.kind == "Invoice") & (entry.posting_date <= nowdate()))
		.groupby(entry.customer)
		.run()
	)


def purchases_by_month(documents: Documents, begins: date) -> dict[str, dict[date, float]]:
	"""Of each customer, purchases by month (its first day), from a month on; none for what has nothing."""
	entry, query = _purchases_since(documents, begins)
	month = months.first_day_term(entry.posting_date)
	rows = query.select(entry.customer, month, Sum(entry.amount)).groupby(entry.customer, month).run()
	found: dict[str, dict[date, float]] = {}
	for customer, first_day, amount in rows:
		found.setdefault(customer, {})[getdate(first_day)] = flt(amount, 2)
	return found


def purchases_of_all_by_month(documents: Documents, begins: date) -> dict[date, float]:
	"""The same of all customers together."""
	entry, query = _purchases_since(documents, begins)
	month = months.first_day_term(entry.posting_date)
	rows = query.select(month, Sum(entry.amount)).groupby(month).run()
	return {getdate(first_day): flt(amount, 2) for first_day, amount in rows}


def largest_buyers(documents: Documents, begins: date, number: int) -> list[str]:
	"""So many customers that bought most from a month on, the largest first."""
	entry, query = _purchases_since(documents, begins)
	bought = Sum(entry.amount)
	return (
		query.select(entry.customer)
		.groupby(entry.customer)
		.orderby(bought, order=Order.desc)
		.orderby(entry.customer)
		.limit(number)
		.run(pluck=True)
	)


def _purchases_since(documents: Documents, begins: date) -> tuple[Table, QueryBuilder]:
	entry, query = documents.entries
	in_time = entry.posting_date[begins : getdate(nowdate())]
	return entry, query.where(entry.kind.isin(PURCHASES) & in_time)


@dataclass(frozen=True)
class Part:
	"""The terms of a query over what is left to pay: a row for each instalment, or for an invoice without."""

	entry: Table
	query: QueryBuilder
	due_date: Term
	left: Term

	def of_age(self, age: int | None) -> Term:
		"""The sum of what is overdue of an age, by its place in AGES and after them; None: what is not."""
		today = getdate(nowdate())
		since = [today, *(today - timedelta(days=days) for days in AGES)]
		if age is None:
			belongs = self.due_date.isnull() | (self.due_date >= today)
		else:
			belongs = self.due_date < since[age]
			if age < len(AGES):
				belongs &= self.due_date >= since[age + 1]
		return Sum(Case().when(belongs, self.left).else_(0))


def left_to_pay(documents: Documents) -> Part:
	"""What is left to pay of the invoices that count, for a query of whoever needs it."""
	entry, query = documents.entries
	invoice, instalment = DocType("Invoice"), DocType("Cronus Instalment")
	query = (
		query.left_join(instalment)
		.on(
			(instalment.parent == entry.source_name)
			& (instalment.parenttype == entry.source_doctype)
			& (instalment.balance > 0)
		)
		.left_join(invoice)
		.on((invoice.name == entry.source_name) & (entry.source_doctype == "Invoice"))
		.where((entry.kind == "Invoice") & (entry.balance > 0))
	)
	in_company_currency = _round(instalment.balance * invoice.exchange_rate, 2)
	return Part(
		entry,
		query,
		Coalesce(instalment.due_date, entry.due_date),
		Coalesce(in_company_currency, entry.balance),
	)


def owed(documents: Documents) -> dict[str, Owed]:
	"""What each customer owes today; nothing for those who owe nothing."""
	part = left_to_pay(documents)
	rows = part.query.select(part.entry.customer, *_by_age(part)).groupby(part.entry.customer).run()
	return {customer: owed_from(amounts) for customer, *amounts in rows}


def owed_of_all(documents: Documents) -> tuple[Owed, float]:
	"""The same of all customers together; and how much of it those owe who have a credit limit."""
	part, customer = left_to_pay(documents), DocType("Cronus Customer")
	with_limit = Sum(Case().when(customer.credit_limit > 0, part.left).else_(0))
	query = part.query.left_join(customer).on(customer.name == part.entry.customer)
	*amounts, of_limited = query.select(*_by_age(part), with_limit).run()[0]
	return owed_from(amounts), flt(of_limited, 2)


def _by_age(part: Part) -> Iterator[Term]:
	return (part.of_age(age) for age in (None, *range(len(AGES) + 1)))


def owed_by_invoice(documents: Documents) -> list[frappe._dict]:
	"""The invoices with something left to pay, with `owed`, and `due_date` the earliest of what is left."""
	part = left_to_pay(documents)
	entry = part.entry
	rows = (
		part.query.select(
			entry.customer,
			entry.source_doctype,
			entry.source_name,
			entry.seller,
			entry.work_center,
			entry.posting_date,
			entry.total,
			Min(part.due_date).as_("due_date"),
		)
		.select(*(amount.as_(f"age_{place}") for place, amount in enumerate(_by_age(part))))
		.groupby(entry.name)
	).run(as_dict=True)
	for row in rows:
		row.owed = owed_from([row.pop(f"age_{place}") for place in range(len(AGES) + 2)])
	return rows


def owed_from(amounts: Sequence[float]) -> Owed:
	"""What is not due, and the ages."""
	not_due, *ages = (flt(amount, 2) for amount in amounts)
	return Owed(not_due, tuple(ages))


def days_to_pay(documents: Documents) -> dict[str, float]:
	"""How many days each customer took to pay on average; nothing for those who have paid nothing."""
	payment, query = documents.payments()
	allocation, invoice = DocType("Cronus Payment Allocation"), DocType("Invoice")
	amount = allocation.amount * payment.exchange_rate
	days = _days_between(payment.posting_date, invoice.posting_date)
	query = (
		query.join(allocation)
		.on((allocation.parent == payment.name) & (allocation.parenttype == "Cronus Payment"))
		.join(invoice)
		.on(invoice.name == allocation.invoice)
		.select(payment.customer, Sum(amount * days) / Sum(amount))
		.where((payment.kind == "Received") & (invoice.is_return == 0) & (allocation.amount > 0))
		.where(payment.posting_date[months.subtract_months(months.current_month(), 12) : getdate(nowdate())])
		.groupby(payment.customer)
	)
	rows = documents.only_seen(query, "Invoice", invoice).run()
	return {customer: flt(average, 1) for customer, average in rows}


def open_proformas(documents: Documents) -> dict[str, tuple[int, float]]:
	"""How many proformas of each customer are open, and what is left to invoice of them, without tax."""
	entry, query = documents.entries
	rows = (
		query.select(entry.customer, Count(entry.name), Sum(entry.balance))
		.where((entry.kind == "Proforma") & (entry.balance > 0))
		.where(entry.due_date.isnull() | (entry.due_date >= nowdate()))
		.groupby(entry.customer)
	).run()
	return {customer: (cint(number), flt(amount, 2)) for customer, number, amount in rows}


def agreed_days(payment_terms: str | None, payment_days: int | None) -> float:
	"""In how many days a customer is to pay: those of its payment terms, each with its percentage; else its
	own; else the company's."""
	if payment_terms:
		terms = frappe.get_cached_doc("Cronus Payment Terms", payment_terms).terms
		return flt(sum(row.percentage * row.days for row in terms) / 100, 1)
	return payment_days or cint(frappe.get_cached_doc("Cronus CRM Settings").payment_days)
