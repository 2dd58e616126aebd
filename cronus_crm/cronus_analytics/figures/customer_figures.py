"""The figures of customers, computed here for the form of one customer, for reports and for the alerts.

Definitions (the pages show them too):

* *Purchases* = invoices - credit notes, without tax, by the date of each. Documents with a future date are
  not counted yet.
* *The last twelve months* are the twelve whole calendar months before the current one. *Monthly average* =
  purchases of the last twelve months / 12, also for a customer that is newer than that.
* *Last purchase*: the date of the latest invoice.
* *Days between purchases*: the median of the days from each day with an invoice to the next such day.
* *Owed*: the balances of invoices, with tax. The balance of an instalment is *overdue* from the day after
  its due date. Each instalment is converted to the company's currency and rounded separately. Of an invoice
  without instalments, as another ERP's may be, its own due date counts.
* *Days to pay* = Σ (amount × days from the invoice's date to the payment's date) / Σ amount, over the
  amounts that payments of the last twelve months and of the current month have allocated to invoices. Money
  that was returned is left out, and so are payments of another app's DocTypes, which do not say what they
  settle. Those that a source has told do.
* *Open proformas*: those that are still valid and have something left to invoice.

All of them can be asked for as of a past day, `Documents.as_of`, which then stands for today and its month
for the current one. What was left to pay and to invoice on that day: `past_balances.py`.

Cancelled documents are left out. Amounts are in the company's currency.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import frappe
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Count, Max, Min, Sum
from frappe.utils import cint, flt, getdate
from pypika import Order, Table
from pypika.analytics import Lag
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base import months
from cronus_crm.base.averages import median
from cronus_crm.base.company import company_decimals, round_company_amount
from cronus_crm.base.present_records import get_present_doc, get_settings
from cronus_crm.cronus_analytics.figures import past_balances
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.ledger.entries import ENTRY, ORIGIN

PURCHASES = ("Invoice", "Credit Note")

# Age classes of overdue amounts: up to so many days overdue; the last class, beyond them, has no limit.
AGES = (30, 60, 90)

_days_between = CustomFunction("datediff", ["to", "from"])
_round = CustomFunction("round", ["number", "decimals"])


@dataclass(frozen=True)
class Purchases:
	"""Purchases of the last twelve whole months, of the last whole month, and of the current month so far.

	last: the date of the latest invoice in these months; None without one.
	"""

	twelve_months: float = 0
	last_month: float = 0
	this_month: float = 0
	last: date | None = None

	@classmethod
	def from_months(cls, bought: dict[date, float], last: date | None, month: date) -> "Purchases":
		"""Sums up purchases given by the first day of their month. last: the date of the latest invoice.
		month: the current one."""
		twelve = sum(bought.get(months.subtract_months(month, number), 0) for number in range(1, 13))
		return cls(
			round_company_amount(twelve),
			bought.get(months.subtract_months(month, 1), 0),
			bought.get(month, 0),
			last,
		)

	@property
	def average(self) -> float:
		"""The monthly average: a twelfth of the last twelve months."""
		return round_company_amount(self.twelve_months / 12)


@dataclass(frozen=True)
class Owed:
	"""What is left to pay, with tax. not_due: what is due today or later. ages: what is overdue, by the
	classes of AGES and one more beyond them."""

	not_due: float = 0
	ages: tuple[float, ...] = field(default=(0.0,) * (len(AGES) + 1))

	@property
	def overdue(self) -> float:
		return round_company_amount(sum(self.ages))

	@property
	def total(self) -> float:
		return round_company_amount(self.not_due + self.overdue)


def sum_purchases_by_customer(documents: Documents) -> dict[str, Purchases]:
	"""The purchases of each customer in the last twelve months and the current one; customers without any are
	left out. For a latest invoice before that, see `find_last_purchases`."""
	entry, query = _query_purchases_since(documents, documents.subtract_months(12))
	rows = (
		query.select(entry.customer, *_purchase_terms(entry, documents.month)).groupby(entry.customer).run()
	)
	return {customer: _make_purchases(bought) for customer, *bought in rows}


def sum_purchases(documents: Documents) -> Purchases:
	"""The purchases of all customers together in the last twelve months and the current one."""
	entry, query = _query_purchases_since(documents, documents.subtract_months(12))
	return _make_purchases(query.select(*_purchase_terms(entry, documents.month)).run()[0])


def _make_purchases(bought: Sequence) -> Purchases:
	*amounts, last = bought
	return Purchases(*(round_company_amount(amount) for amount in amounts), last=last)


def _purchase_terms(entry: Table, month: date) -> Iterator[Term]:
	"""The SQL terms of the fields of `Purchases`, in their order. month: the current one."""

	def sum_between(begins: date, ends: date | None = None) -> Term:
		in_it = entry.posting_date >= begins
		if ends:
			in_it &= entry.posting_date < ends
		return Sum(Case().when(in_it, entry.amount).else_(0))

	yield sum_between(months.subtract_months(month, 12), month)
	yield sum_between(months.subtract_months(month, 1), month)
	yield sum_between(month)
	yield Max(Case().when(entry.kind == "Invoice", entry.posting_date))


def find_last_purchases(documents: Documents) -> dict[str, date]:
	"""The date of the latest invoice of each customer, however long ago; future dates are left out."""
	entry, query = documents.entries
	return dict(
		query.select(entry.customer, Max(entry.posting_date))
		.where((entry.kind == "Invoice") & (entry.posting_date <= documents.day))
		.groupby(entry.customer)
		.run()
	)


def compute_days_between_purchases(documents: Documents) -> dict[str, float]:
	"""The median of the days between purchases of each customer; customers that have bought on one day only
	are left out."""
	entry, query = documents.entries
	before = Lag(entry.posting_date).over(entry.customer).orderby(entry.posting_date)
	gaps = (
		query.select(entry.customer, _days_between(entry.posting_date, before).as_("days")).where(
			(entry.kind == "Invoice") & (entry.posting_date <= documents.day)
		)
	).as_("gaps")
	# Several invoices of a day are one purchase.
	rows = (
		frappe.qb.from_(gaps)
		.select(gaps.customer, gaps.days, Count("*"))
		.where(gaps.days > 0)
		.groupby(gaps.customer, gaps.days)
	).run()
	found: dict[str, Counter[int]] = {}
	for customer, days, number in rows:
		found.setdefault(customer, Counter())[int(days)] = number
	return {customer: median(days) for customer, days in found.items()}


def sum_purchases_by_customer_and_month(documents: Documents, begins: date) -> dict[str, dict[date, float]]:
	"""The purchases of each customer by the first day of the month, from `begins`; empty months are left
	out."""
	entry, query = _query_purchases_since(documents, begins)
	month = months.first_day_term(entry.posting_date)
	rows = query.select(entry.customer, month, Sum(entry.amount)).groupby(entry.customer, month).run()
	found: dict[str, dict[date, float]] = {}
	for customer, first_day, amount in rows:
		found.setdefault(customer, {})[getdate(first_day)] = round_company_amount(amount)
	return found


def sum_purchases_by_month(documents: Documents, begins: date) -> dict[date, float]:
	"""The purchases of all customers together by the first day of the month, from `begins`; empty months are
	left out."""
	entry, query = _query_purchases_since(documents, begins)
	month = months.first_day_term(entry.posting_date)
	rows = query.select(month, Sum(entry.amount)).groupby(month).run()
	return {getdate(first_day): round_company_amount(amount) for first_day, amount in rows}


def find_largest_buyers(documents: Documents, begins: date, number: int) -> list[str]:
	"""The names of at most `number` customers that have bought most since `begins`, the largest first."""
	entry, query = _query_purchases_since(documents, begins)
	bought = Sum(entry.amount)
	return (
		query.select(entry.customer)
		.groupby(entry.customer)
		.orderby(bought, order=Order.desc)
		.orderby(entry.customer)
		.limit(number)
		.run(pluck=True)
	)


def _query_purchases_since(documents: Documents, begins: date) -> tuple[Table, QueryBuilder]:
	entry, query = documents.entries
	in_time = entry.posting_date[begins : documents.day]
	return entry, query.where(entry.kind.isin(PURCHASES) & in_time)


@dataclass(frozen=True)
class LeftToPay:
	"""A query over amounts left to pay, and its terms: one row for each instalment with a balance, or for an
	invoice without instalments.

	left: the amount left to pay, in the company's currency. day: on which it is left.
	"""

	entry: Table
	query: QueryBuilder
	due_date: Term
	left: Term
	day: date

	def sum_of_age(self, age: int | None) -> Term:
		"""The term of the sum of one class: `age` is its index in AGES, or len(AGES) for the last class; None
		for what is not due before the day."""
		today = self.day
		since = [today, *(today - timedelta(days=days) for days in AGES)]
		if age is None:
			belongs = self.due_date.isnull() | (self.due_date >= today)
		else:
			belongs = self.due_date < since[age]
			if age < len(AGES):
				belongs &= self.due_date >= since[age + 1]
		return Sum(Case().when(belongs, self.left).else_(0))


def query_left_to_pay(documents: Documents) -> LeftToPay:
	"""The query over what is left to pay of the invoices that are counted; the caller selects and groups."""
	if documents.as_of:
		left, query = past_balances.query_left_to_pay(documents)
		return LeftToPay(left, query, left.due_date, left.amount_left, documents.as_of)
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
	in_company_currency = _round(instalment.balance * invoice.exchange_rate, company_decimals())
	return LeftToPay(
		entry,
		query,
		Coalesce(instalment.due_date, entry.due_date),
		# An ERP's instalments bring their amounts in the company's currency.
		Coalesce(in_company_currency, instalment.base_balance, entry.balance),
		documents.day,
	)


def sum_owed_by_customer(documents: Documents) -> dict[str, Owed]:
	"""What each customer owes; customers that owe nothing are left out."""
	part = query_left_to_pay(documents)
	rows = part.query.select(part.entry.customer, *_age_terms(part)).groupby(part.entry.customer).run()
	return {customer: make_owed(amounts) for customer, *amounts in rows}


def sum_owed(documents: Documents) -> tuple[Owed, float]:
	"""What all customers together owe, and how much of that customers with a credit limit owe."""
	part, customer = query_left_to_pay(documents), DocType("Cronus Customer")
	with_limit = Sum(Case().when(customer.credit_limit > 0, part.left).else_(0))
	query = part.query.left_join(customer).on(customer.name == part.entry.customer)
	*amounts, owed_with_limit = query.select(*_age_terms(part), with_limit).run()[0]
	return make_owed(amounts), round_company_amount(owed_with_limit)


def _age_terms(part: LeftToPay) -> Iterator[Term]:
	return (part.sum_of_age(age) for age in (None, *range(len(AGES) + 1)))


def list_owed_invoices(documents: Documents) -> list[frappe._dict]:
	"""The invoices with something left to pay, as rows of the ledger with `owed` (an Owed) and `due_date`,
	the earliest due date of what is left."""
	part = query_left_to_pay(documents)
	entry = part.entry
	rows = (
		part.query.select(
			entry.customer,
			entry.source_doctype,
			entry.source_name,
			entry.number,
			entry.seller,
			entry.work_center,
			entry.posting_date,
			entry.total,
			Min(part.due_date).as_("due_date"),
		)
		.select(*(amount.as_(f"age_{place}") for place, amount in enumerate(_age_terms(part))))
		.groupby(entry.name)
	).run(as_dict=True)
	for row in rows:
		row.owed = make_owed([row.pop(f"age_{place}") for place in range(len(AGES) + 2)])
	return rows


def make_owed(amounts: Sequence[float]) -> Owed:
	"""An Owed from the sum that is not due, followed by the sums of the age classes."""
	not_due, *ages = (round_company_amount(amount) for amount in amounts)
	return Owed(not_due, tuple(ages))


def compute_days_to_pay(documents: Documents) -> dict[str, float]:
	"""The days that each customer took to pay, weighted by amount and rounded to one decimal (the formula is
	at the top of this module); customers without payments are left out."""
	parts = [_query_allocations(documents), _query_told_payments(documents)]
	both = (parts[0] * parts[1]).as_("both")
	query = frappe.qb.from_(both).groupby(both.customer)
	rows = query.select(both.customer, Sum(both.weighted) / Sum(both.amount)).run()
	return {customer: flt(average, 1) for customer, average in rows}


def _query_allocations(documents: Documents) -> QueryBuilder:
	"""What payments have allocated to invoices, by customer: amount, and amount × days."""
	payment, query = documents.payments()
	allocation, invoice = DocType("Cronus Payment Allocation"), DocType("Invoice")
	amount = allocation.amount * payment.exchange_rate
	days = _days_between(payment.posting_date, invoice.posting_date)
	query = (
		query.join(allocation)
		.on((allocation.parent == payment.name) & (allocation.parenttype == "Cronus Payment"))
		.join(invoice)
		.on(invoice.name == allocation.invoice)
		.select(payment.customer, Sum(amount).as_("amount"), Sum(amount * days).as_("weighted"))
		.where((payment.kind == "Received") & (invoice.is_return == 0) & (allocation.amount > 0))
		.where(payment.posting_date[documents.subtract_months(12) : documents.day])
		.groupby(payment.customer)
	)
	if documents.as_of:
		query = query.where(allocation.allocated_on <= documents.as_of)
	return documents.restrict_to_visible(query, "Invoice", invoice)


def _query_told_payments(documents: Documents) -> QueryBuilder:
	"""The same of the payments of ERPs, which say in the ledger what they settle."""
	payment, query = documents.entries
	origin, invoice = DocType(ORIGIN), DocType(ENTRY).as_("invoice")
	days = _days_between(payment.posting_date, invoice.posting_date)
	return (
		query.join(origin)
		.on((origin.parent == payment.name) & (origin.settled > 0))
		.join(invoice)
		.on((invoice.source_doctype == origin.origin_doctype) & (invoice.source_name == origin.origin_name))
		.select(
			payment.customer, Sum(origin.settled).as_("amount"), Sum(origin.settled * days).as_("weighted")
		)
		.where((payment.kind == "Payment") & (payment.total > 0) & (invoice.kind == "Invoice"))
		.where(payment.posting_date[documents.subtract_months(12) : documents.day])
		.groupby(payment.customer)
	)


def sum_open_proformas(documents: Documents) -> dict[str, tuple[int, float]]:
	"""The number of open proformas of each customer, and the amount left to invoice of them, without tax."""
	if documents.as_of:
		amounts: dict[str, list[float]] = {}
		for customer, left in past_balances.list_open_proformas(documents):
			amounts.setdefault(customer, []).append(left)
		return {customer: (len(left), round_company_amount(sum(left))) for customer, left in amounts.items()}
	entry, query = documents.entries
	rows = (
		query.select(entry.customer, Count(entry.name), Sum(entry.balance))
		.where((entry.kind == "Proforma") & (entry.balance > 0))
		.where(entry.due_date.isnull() | (entry.due_date >= documents.day))
		.groupby(entry.customer)
	).run()
	return {customer: (cint(number), round_company_amount(amount)) for customer, number, amount in rows}


def compute_agreed_days(payment_terms: str | None, payment_days: int | None) -> float:
	"""The days in which a customer has agreed to pay: of payment terms, Σ (percentage × days) / 100; without
	terms, the customer's own days; without these, those of the settings."""
	if payment_terms:
		terms = get_present_doc("Cronus Payment Terms", payment_terms).terms
		return flt(sum(row.percentage * row.days for row in terms) / 100, 1)
	return payment_days or cint(get_settings().payment_days)
