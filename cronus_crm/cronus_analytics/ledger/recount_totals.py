"""Everything that the totals say, added up again from the records: the proof of the totals, and their repair.

It is said a second time, in SQL, on purpose: `record_totals.py` moves the totals by what one record changes,
and here all records are counted at once, in another way.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Coalesce, Count, Date, Min, Round
from frappe.query_builder.functions import Sum as SumOf
from frappe.utils import getdate
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Function, Term, ValueWrapper

from cronus_crm.base.batches import Progress
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import DAYS, IN_PROGRESS, POTENTIAL, UNDATED, Sum
from cronus_crm.cronus_analytics.ledger.totals import DAY, MONTH, TOTAL, Row
from cronus_crm.cronus_crm.record_states import IN_COURSE, OPPORTUNITY

_KEY = ("measure", "period", "seller", "work_center", "owner", "dimension")
_SUMS = ("counted", "counted_amount", "kept", "kept_amount")

# How many rows are put right at once.
_AT_ONCE = 10_000

# The day of a record as the period of a grain.
Period = Callable[[Term], Term]


class Difference(NamedTuple):
	"""A row of the totals that is not what it should be.

	counted: what the records come to. kept: what the totals say.
	"""

	row: Row
	counted: Sum
	kept: Sum


def differences(progress: Progress | None = None, measures: Collection[str] = ()) -> Iterator[Difference]:
	"""Compares the totals with the records, in the snapshot of the caller's transaction.

	progress: called with (counts compared, counts in all, label). measures: what is counted; by default all.
	"""
	compared = list(_counts(measures))
	for number, (recount, grain) in enumerate(compared, start=1):
		yield from _compared(recount, grain)
		if progress:
			progress(number, len(compared), _("Totals"))


def counts() -> Iterator[tuple[str, QueryBuilder]]:
	"""Grains, and queries that count all records for the rows of that grain: the key of each row, `counted`
	and `counted_amount`."""
	for recount, grain in _counts():
		yield grain, recount(_GRAINS[grain])


def _counts(measures: Collection[str] = ()) -> Iterator[tuple[Callable[[Period], QueryBuilder], str]]:
	for recount, of in _RECOUNTS.items():
		if not measures or {*of} & {*measures}:
			yield from ((recount, grain) for grain in _GRAINS if grain == MONTH or recount not in _OF_NOW)


def repair(measures: Collection[str] = (), progress: Progress | None = None) -> int:
	"""Puts right what :func:`differences` finds and gives back how many rows that were.

	People may work meanwhile: a row is moved by what was wrong with it in the snapshot of the caller's
	transaction, and whatever is counted after that is added to the same row.
	"""
	number = 0
	found = differences(progress, measures)
	while batch := list(islice(found, _AT_ONCE)):
		totals.write_rows(
			{
				row: Sum(counted.number - kept.number, counted.amount - kept.amount)
				for row, counted, kept in batch
			}
		)
		number += len(batch)
	return number


def describe_difference(difference: Difference) -> str:
	"""What is wrong with a row, for whoever administers the site."""
	row, counted, kept = difference
	period = str(row.period)[: 7 if row.grain == MONTH else 10]
	where = (_(row.measure), period, row.seller, row.work_center, row.owner, row.dimension)
	return _("{0}: the records come to {1} ({2}), the totals say {3} ({4})").format(
		", ".join(filter(None, where)),
		f"{counted.amount:,.2f}",
		counted.number,
		f"{kept.amount:,.2f}",
		kept.number,
	)


def _compared(recount: Callable[[Period], QueryBuilder], grain: str) -> Iterator[Difference]:
	both = (recount(_GRAINS[grain]) * _kept(_RECOUNTS[recount], grain)).as_("both_sides")
	sums = {name: SumOf(both[name]) for name in _SUMS}
	found = (
		frappe.qb.from_(both)
		.select(*(both[name] for name in _KEY), *(term.as_(name) for name, term in sums.items()))
		.groupby(*(both[name] for name in _KEY))
		.having((sums["counted"] != sums["kept"]) | (sums["counted_amount"] != sums["kept_amount"]))
	).run(as_dict=True)
	for line in found:
		yield Difference(
			Row(grain=grain, **{name: line[name] for name in _KEY} | {"period": getdate(line.period)}),
			Sum(int(line.counted), line.counted_amount),
			Sum(int(line.kept), line.kept_amount),
		)


def _kept(measures: tuple[str, ...], grain: str) -> QueryBuilder:
	total, nothing = DocType(TOTAL), ValueWrapper(0)
	return (
		frappe.qb.from_(total)
		.select(*(total[name] for name in _KEY))
		.select(nothing.as_("counted"), nothing.as_("counted_amount"))
		.select(total.number.as_("kept"), total.amount.as_("kept_amount"))
		.where(total.measure.isin(measures) & (total.grain == grain))
	)


def _entries(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	return _counted(entry, entry.kind, period(entry.posting_date), Round(entry.amount, 2)).where(
		entry.cancelled == 0
	)


def _invoiced(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	amount = Round(entry.amount, 2) - Round(entry.balance, 2)
	return _counted(entry, ValueWrapper("Proforma invoiced"), period(entry.posting_date), amount).where(
		(entry.kind == "Proforma") & (entry.cancelled == 0) & entry.first_invoiced_on.notnull()
	)


def _days(period: Period) -> QueryBuilder:
	entry = DocType("Cronus Sales Entry")
	days = _Text(Function("DATEDIFF", entry.first_invoiced_on, entry.posting_date))
	query = _counted(entry, ValueWrapper(DAYS), period(entry.posting_date), ValueWrapper(0), days)
	return query.where(
		(entry.kind == "Proforma") & (entry.cancelled == 0) & entry.first_invoiced_on.notnull()
	)


class _Text(Function):
	"""A number as text, in the collation of the tables; that of the connection does not go with it."""

	def __init__(self, number: Term):
		super().__init__("CONVERT", number)

	def get_function_sql(self, **kwargs) -> str:
		number = self.get_arg_sql(self.args[0], **kwargs)
		return f"CONVERT({number} USING utf8mb4) COLLATE utf8mb4_unicode_ci"


def _opened(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	opened_on = Coalesce(opportunity.opened_on, Date(opportunity.creation))
	return _counted(
		opportunity, ValueWrapper("Deal opened"), period(opened_on), Round(opportunity.base_value, 2)
	)


def _ended(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	won = opportunity.state == "Won"
	return _counted(
		opportunity,
		Case().when(won, "Deal won").else_("Deal lost"),
		period(opportunity.closed_on),
		Round(opportunity.base_value, 2),
		Case().when(won, "").else_(Coalesce(opportunity.loss_reason, "")),
	).where(opportunity.state.isin(["Won", "Not won"]))


def _reached(period: Period) -> QueryBuilder:
	opportunity, stay = DocType("Cronus Opportunity"), DocType("Cronus Stage Change")
	first = (
		frappe.qb.from_(stay)
		.select(stay.parent, stay.stage, Date(Min(stay.entered_on)).as_("day"))
		.groupby(stay.parent, stay.stage)
	)
	measure = ValueWrapper("Stage reached")
	query = _counted(opportunity, measure, period(first.day), Round(opportunity.base_value, 2), first.stage)
	return query.join(first).on(first.parent == opportunity.name)


def _in_progress(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	return _now(opportunity, IN_PROGRESS, Round(opportunity.base_value, 2))


def _potential(period: Period) -> QueryBuilder:
	opportunity = DocType("Cronus Opportunity")
	value = Round(Round(opportunity.base_value, 2) * Coalesce(opportunity.probability, 0) / 100, 2)
	return _now(opportunity, POTENTIAL, value)


def _now(opportunity: Table, measure: str, value: Term) -> QueryBuilder:
	expected = Coalesce(_GRAINS[MONTH](opportunity.expected_close), UNDATED)
	query = _counted(opportunity, ValueWrapper(measure), expected, value, opportunity.stage)
	return query.where(opportunity.state.isin(IN_COURSE[OPPORTUNITY]))


def _done(period: Period) -> QueryBuilder:
	activity = DocType("Cronus Activity")
	return _counted(
		activity,
		ValueWrapper("Activity done"),
		period(Date(activity.done_on)),
		ValueWrapper(0),
		activity.activity_type,
		work_center=ValueWrapper(""),
	).where((activity.state == "Done") & activity.done_on.notnull())


def _counted(
	table: Table,
	measure: Term,
	period: Term,
	amount: Term,
	dimension: Term | None = None,
	work_center: Term | None = None,
) -> QueryBuilder:
	"""The records of a table, counted for each row of the totals; where they are what is to be counted."""
	nothing, seller = ValueWrapper(0), Coalesce(table.seller, "")
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
		.select(nothing.as_("kept"), nothing.as_("kept_amount"))
		.groupby(*terms)
	)


def _first_of_month(day: Term) -> Term:
	return Date(Function("DATE_FORMAT", day, "%Y-%m-01"))


_GRAINS: dict[str, Period] = {DAY: lambda day: day, MONTH: _first_of_month}

# Each way to count, and what it counts.
_RECOUNTS: dict[Callable[[Period], QueryBuilder], tuple[str, ...]] = {
	_entries: ("Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"),
	_invoiced: ("Proforma invoiced",),
	_days: (DAYS,),
	_opened: ("Deal opened",),
	_ended: ("Deal won", "Deal lost"),
	_reached: ("Stage reached",),
	_in_progress: (IN_PROGRESS,),
	_potential: (POTENTIAL,),
	_done: ("Activity done",),
}
_OF_NOW = (_in_progress, _potential)
