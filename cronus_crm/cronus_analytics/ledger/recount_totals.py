"""Counts the totals again from all records, in SQL: to verify them, and to repair them.

The definitions of `record_totals.py` are repeated here on purpose. That module computes, in Python, what one
record contributes; this one aggregates all records, in SQL. An error in one of the two shows as a difference.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Coalesce, Count, Date, Max, Min, Round
from frappe.query_builder.functions import Sum as SumOf
from frappe.utils import getdate
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Function, Term, ValueWrapper

from cronus_crm.base.batches import Progress
from cronus_crm.base.company import company_currency, company_decimals
from cronus_crm.base.money_format import format_amount
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import (
	DAYS_TO_INVOICE,
	FURTHEST_STAGE,
	IN_PROGRESS,
	POTENTIAL,
	SALE,
	STAGE_REACHED,
	UNDATED,
	Sum,
)
from cronus_crm.cronus_analytics.ledger.totals import DAY, MONTH, TOTAL, Row
from cronus_crm.cronus_crm.opportunities.funnel_path import read_funnel_path
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE

_KEY = ("measure", "period", "seller", "work_center", "owner", "dimension")
_SUMS = ("counted", "counted_amount", "stored", "stored_amount")

# Rows of the totals that one statement corrects.
_ROWS_PER_STATEMENT = 10_000

# Turns the SQL term of a day into the term of the period that contains it.
Period = Callable[[Term], Term]


class Difference(NamedTuple):
	"""A wrong row of the totals. counted: the sum of the records. stored: what the row says. name: that of a
	row whose name is not the hash of its key."""

	row: Row
	counted: Sum
	stored: Sum
	name: str | None = None


def find_differences(
	progress: Progress | None = None, measures: Collection[str] = ()
) -> Iterator[Difference]:
	"""Compares the totals with the records, and the names of the rows with their keys, in the snapshot of the
	caller's transaction.

	progress: called with (recounts done, recounts in all, label). measures: which are compared; by default
	all.
	"""
	yield from _find_wrong_sums(progress, measures)
	for name, row, stored in totals.find_misnamed_rows():
		yield Difference(row, stored, stored, name)


def _find_wrong_sums(progress: Progress | None, measures: Collection[str]) -> Iterator[Difference]:
	compared = list(_select_recounts(measures))
	for number, (recount, grain) in enumerate(compared, start=1):
		yield from _compare_totals(recount, grain)
		if progress:
			progress(number, len(compared), _("Totals"))


def list_recounts() -> Iterator[tuple[str, QueryBuilder]]:
	"""Pairs of a grain ("Day" or "Month") and a query that counts all records for the rows of that grain.

	A query selects the key of each row (_KEY), `counted` and `counted_amount`.
	"""
	for recount, grain in _select_recounts():
		yield grain, recount(_PERIOD_TERMS[grain])


def _select_recounts(
	measures: Collection[str] = (),
) -> Iterator[tuple[Callable[[Period], QueryBuilder], str]]:
	for recount, of in _RECOUNTS.items():
		if not measures or {*of} & {*measures}:
			yield from (
				(recount, grain)
				for grain in _PERIOD_TERMS
				if grain == MONTH or recount not in _CURRENT_RECOUNTS
			)


def repair(measures: Collection[str] = (), progress: Progress | None = None) -> int:
	"""Corrects what :func:`find_differences` finds and returns how many rows were wrong.

	It runs while people work: the *difference* found in the caller's snapshot is added to a row, not the
	counted sum written to it. So concurrent changes, which also add to the row, are not lost.
	"""
	number = totals.rewrite_misnamed_rows()
	found = _find_wrong_sums(progress, measures)
	while batch := list(islice(found, _ROWS_PER_STATEMENT)):
		totals.write_rows(
			{
				row: Sum(counted.number - stored.number, counted.amount - stored.amount)
				for row, counted, stored, _name in batch
			}
		)
		number += len(batch)
	return number


def describe_difference(difference: Difference) -> str:
	"""A translated sentence that says what is wrong with a row, for administrators."""
	row, counted, stored, name = difference
	period = str(row.period)[: 7 if row.grain == MONTH else 10]
	where = (_(row.measure), period, row.seller, row.work_center, row.owner, row.dimension)
	if name:
		return _("{0}: the row of the totals bears the name of another key").format(
			", ".join(filter(None, where))
		)
	return _("{0}: the records come to {1} ({2}), the totals say {3} ({4})").format(
		", ".join(filter(None, where)),
		format_amount(counted.amount, company_currency()),
		counted.number,
		format_amount(stored.amount, company_currency()),
		stored.number,
	)


def _compare_totals(recount: Callable[[Period], QueryBuilder], grain: str) -> Iterator[Difference]:
	both = (recount(_PERIOD_TERMS[grain]) * _query_stored_rows(_RECOUNTS[recount], grain)).as_("both_sides")
	sums = {name: SumOf(both[name]) for name in _SUMS}
	found = (
		frappe.qb.from_(both)
		.select(*(both[name] for name in _KEY), *(term.as_(name) for name, term in sums.items()))
		.groupby(*(both[name] for name in _KEY))
		.having((sums["counted"] != sums["stored"]) | (sums["counted_amount"] != sums["stored_amount"]))
	).run(as_dict=True)
	for line in found:
		yield Difference(
			Row(grain=grain, **{name: line[name] for name in _KEY} | {"period": getdate(line.period)}),
			Sum(int(line.counted), line.counted_amount),
			Sum(int(line.stored), line.stored_amount),
		)


def _query_stored_rows(measures: tuple[str, ...], grain: str) -> QueryBuilder:
	total, zero = DocType(TOTAL), ValueWrapper(0)
	return (
		frappe.qb.from_(total)
		.select(*(total[name] for name in _KEY))
		.select(zero.as_("counted"), zero.as_("counted_amount"))
		.select(total.number.as_("stored"), total.amount.as_("stored_amount"))
		.where(total.measure.isin(measures) & (total.grain == grain))
	)


def _count_entries(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	return _count_by_key(entry, entry.kind, period(entry.posting_date), _round(entry.amount)).where(
		entry.cancelled == 0
	)


def _count_sales(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	return _count_by_key(entry, ValueWrapper(SALE), period(entry.posting_date), _round(entry.amount)).where(
		(entry.is_sale == 1) & (entry.cancelled == 0)
	)


def _count_invoiced_proformas(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	amount = _round(entry.amount) - _round(entry.balance)
	return _count_by_key(entry, ValueWrapper("Proforma invoiced"), period(entry.posting_date), amount).where(
		(entry.kind == "Proforma") & (entry.cancelled == 0) & entry.first_invoiced_on.notnull()
	)


def _count_days_to_invoice(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	days = NumberAsText(Function("DATEDIFF", entry.first_invoiced_on, entry.posting_date))
	query = _count_by_key(
		entry, ValueWrapper(DAYS_TO_INVOICE), period(entry.posting_date), ValueWrapper(0), days
	)
	return query.where(
		(entry.kind == "Proforma") & (entry.cancelled == 0) & entry.first_invoiced_on.notnull()
	)


class NumberAsText(Function):
	"""A number as text in the collation of the tables. A plain CAST has the collation of the connection, and
	the UNION with the text columns of the totals would fail with an illegal mix of collations."""

	def __init__(self, number: Term):
		super().__init__("CONVERT", number)

	def get_function_sql(self, **kwargs) -> str:
		number = self.get_arg_sql(self.args[0], **kwargs)
		return f"CONVERT({number} USING utf8mb4) COLLATE utf8mb4_unicode_ci"


def _count_opened_opportunities(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	opened_on = Coalesce(opportunity.opened_on, Date(opportunity.creation))
	return _count_by_key(
		opportunity, ValueWrapper("Deal opened"), period(opened_on), _round(opportunity.base_value)
	)


def _count_closed_opportunities(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	won = opportunity.state == "Won"
	return _count_by_key(
		opportunity,
		Case().when(won, "Deal won").else_("Deal lost"),
		period(opportunity.closed_on),
		_round(opportunity.base_value),
		Case().when(won, "").else_(Coalesce(opportunity.loss_reason, "")),
	).where(opportunity.state.isin(["Won", "Not won"]))


def _count_stages_reached(period: Period) -> QueryBuilder:
	opportunity, stay = DocType("Cronus Opportunity"), DocType("Cronus Stage Change")
	first = _select_first_days()
	reached = frappe.qb.from_(stay).select(stay.parent, stay.stage).distinct().as_("reached")
	measure = ValueWrapper(STAGE_REACHED)
	query = _count_by_key(
		opportunity, measure, period(first.day), _round(opportunity.base_value), reached.stage
	)
	query = query.join(first).on(first.parent == opportunity.name)
	return query.join(reached).on(reached.parent == opportunity.name)


def _count_furthest_stages(period: Period) -> QueryBuilder:
	opportunity, stay = DocType("Cronus Opportunity"), DocType("Cronus Stage Change")
	first, path = _select_first_days(), read_funnel_path()
	rank, furthest_stage = Case(), Case()
	for number, stage in enumerate(path or [""], start=1):
		rank = rank.when(stay.stage == stage, number)
	furthest = (
		frappe.qb.from_(stay)
		.select(stay.parent, Max(rank).as_("rank"))
		.where(stay.stage.isin(path or [""]))
		.groupby(stay.parent)
	).as_("furthest")
	for number, stage in enumerate(path or [""], start=1):
		furthest_stage = furthest_stage.when(furthest.rank == number, stage)
	query = _count_by_key(
		opportunity,
		ValueWrapper(FURTHEST_STAGE),
		period(first.day),
		Round(opportunity.base_value, 2),
		furthest_stage,
	)
	query = query.join(first).on(first.parent == opportunity.name)
	return query.join(furthest).on(furthest.parent == opportunity.name)


def _select_first_days() -> QueryBuilder:
	"""The day on which each opportunity (`parent`) entered its first stage."""
	stay = DocType("Cronus Stage Change")
	day = Date(Min(stay.entered_on)).as_("day")
	return frappe.qb.from_(stay).select(stay.parent, day).groupby(stay.parent).as_("first_stage")


def _round(amount: Term) -> Round:
	"""The amount rounded to the decimals of the company's currency, half away from zero."""
	return Round(amount, company_decimals())


def _count_in_progress(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	return _count_current(opportunity, IN_PROGRESS, _round(opportunity.base_value))


def _count_potential(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	value = _round(_round(opportunity.base_value) * Coalesce(opportunity.probability, 0) / 100)
	return _count_current(opportunity, POTENTIAL, value)


def _count_current(opportunity: Table, measure: str, value: Term) -> QueryBuilder:
	expected = Coalesce(_PERIOD_TERMS[MONTH](opportunity.expected_close), UNDATED)
	query = _count_by_key(opportunity, ValueWrapper(measure), expected, value, opportunity.stage)
	return query.where(opportunity.state.isin(STATES_IN_COURSE[OPPORTUNITY]))


def _count_activities_done(period: Period) -> QueryBuilder:
	activity = DocType("Cronus Activity")
	return _count_by_key(
		activity,
		ValueWrapper("Activity done"),
		period(Date(activity.done_on)),
		ValueWrapper(0),
		activity.activity_type,
		work_center=ValueWrapper(""),
	).where((activity.state == "Done") & activity.done_on.notnull())


def _count_by_key(
	table: Table,
	measure: Term,
	period: Term,
	amount: Term,
	dimension: Term | None = None,
	work_center: Term | None = None,
) -> QueryBuilder:
	"""A query that counts the records of a table by the key of the totals; the caller adds the criteria.

	measure, period, dimension, work_center: terms of the key. amount: the term that is summed, in the
	company's currency. The columns `stored` and `stored_amount` are 0, for the UNION with the stored rows.
	"""
	zero, seller = ValueWrapper(0), Coalesce(table.seller, "")
	terms = (
		measure,
		period,
		seller,
		work_center or Coalesce(table.work_center, ""),
		Case().when(seller == "", table.owner).else_(""),
		dimension or ValueWrapper(""),
	)
	return (
		frappe.qb.from_(table)
		.select(*(term.as_(name) for name, term in zip(_KEY, terms, strict=True)))
		.select(Count("*").as_("counted"), Coalesce(SumOf(amount), 0).as_("counted_amount"))
		.select(zero.as_("stored"), zero.as_("stored_amount"))
		.groupby(*terms)
	)


def _first_of_month_term(day: Term) -> Term:
	return Date(Function("DATE_FORMAT", day, "%Y-%m-01"))


_PERIOD_TERMS: dict[str, Period] = {DAY: lambda day: day, MONTH: _first_of_month_term}

# Each recount, and the measures that it counts.
_RECOUNTS: dict[Callable[[Period], QueryBuilder], tuple[str, ...]] = {
	_count_entries: ("Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"),
	_count_sales: (SALE,),
	_count_invoiced_proformas: ("Proforma invoiced",),
	_count_days_to_invoice: (DAYS_TO_INVOICE,),
	_count_opened_opportunities: ("Deal opened",),
	_count_closed_opportunities: ("Deal won", "Deal lost"),
	_count_stages_reached: (STAGE_REACHED,),
	_count_furthest_stages: (FURTHEST_STAGE,),
	_count_in_progress: (IN_PROGRESS,),
	_count_potential: (POTENTIAL,),
	_count_activities_done: ("Activity done",),
}
_CURRENT_RECOUNTS = (_count_in_progress, _count_potential)
