"""The totals that every figure is read from: Cronus Total, by day and by month.

They are moved in the transaction of whatever changes them, by the difference that it makes (see
`record_totals.py`), so that no committed change is without its total. Rows are touched in the order of
their names: two transactions that touch the same ones wait for each other and cannot deadlock.

A period is answered from its whole months and the days of its ragged ends, so that its cost depends on its
length and on the number of sellers, and not on how many documents there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from decimal import Decimal
from hashlib import md5
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Cast
from frappe.query_builder.functions import Sum as SumOf
from frappe.utils import get_first_day, get_last_day, getdate, now
from pypika import Field, Table
from pypika.terms import Term, Values, ValueWrapper

from cronus_crm.base import months
from cronus_crm.base.batches import split_batches
from cronus_crm.cronus_analytics.ledger import record_totals
from cronus_crm.cronus_analytics.ledger.record_totals import OF_NOW, Cell, Contribution, Sum
from cronus_crm.visibility import rule

TOTAL = "Cronus Total"

DAY, MONTH = "Day", "Month"

_KEY = ("measure", "grain", "period", "seller", "work_center", "owner", "dimension")

# Inside `read_once`, what was read.
_already_read: ContextVar[dict | None] = ContextVar("cronus_totals_read", default=None)

# How many rows one statement writes.
_AT_ONCE = 2_000


class Row(NamedTuple):
	"""A row of the table, without its sums."""

	measure: str
	grain: str
	period: date
	seller: str
	work_center: str
	owner: str
	dimension: str

	@property
	def name(self) -> str:
		"""The same for everybody who counts there, so that the primary key alone makes the row one. (Of two
		unique keys the database locks gaps, where others would deadlock.)"""
		return md5("\0".join(map(str, self)).encode(), usedforsecurity=False).hexdigest()


def on_opportunity_update(opportunity: Document, method: str | None = None) -> None:
	"""Event of Cronus Opportunity: the totals follow what has changed."""
	before = opportunity.get_doc_before_save()
	apply_change(
		record_totals.totals_of_opportunity(opportunity),
		record_totals.totals_of_opportunity(before) if before else (),
	)


def on_opportunity_trash(opportunity: Document, method: str | None = None) -> None:
	"""Event of Cronus Opportunity: a deleted opportunity was never there."""
	apply_change((), record_totals.totals_of_opportunity(opportunity))


def on_activity_update(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: the totals follow what has changed."""
	before = activity.get_doc_before_save()
	apply_change(
		record_totals.totals_of_activity(activity), record_totals.totals_of_activity(before) if before else ()
	)


def on_activity_trash(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: a deleted activity was never done."""
	apply_change((), record_totals.totals_of_activity(activity))


def apply_change(now: Iterable[Contribution], before: Iterable[Contribution] = ()) -> None:
	"""Brings the totals from what a record has added before to what it adds now, in the caller's transaction.

	The caller holds the record locked, as the framework does with whatever it saves.
	"""
	add_difference(record_totals.difference(now, before))


def add_difference(change: dict[Cell, Sum]) -> None:
	"""Adds to the totals what a change says of each cell, by day and by month."""
	added: dict[Row, Sum] = {}
	for cell, summed in change.items():
		for row in _rows_of(cell):
			former = added.get(row, Sum(0, Decimal(0)))
			added[row] = Sum(former.number + summed.number, former.amount + summed.amount)
	write_rows({row: summed for row, summed in added.items() if summed.number or summed.amount})


def _rows_of(cell: Cell) -> Iterator[Row]:
	measure, day, *others = cell
	if measure not in OF_NOW:
		yield Row(measure, DAY, day, *others)
	yield Row(measure, MONTH, day.replace(day=1), *others)


def write_rows(added: dict[Row, Sum]) -> None:
	"""Adds sums to rows, which are made where they are not there yet."""
	total, stamp = DocType(TOTAL), now()
	values = sorted(
		(row.name, stamp, stamp, *row, summed.number, summed.amount) for row, summed in added.items()
	)
	for batch in split_batches(values, _AT_ONCE):
		(
			frappe.qb.into(total)
			.columns("name", "creation", "modified", *_KEY, "number", "amount")
			.insert(*batch)
			.on_duplicate_key_update(total.number, total.number + Values(total.number))
			.on_duplicate_key_update(total.amount, total.amount + Values(total.amount))
			.on_duplicate_key_update(total.modified, Values(total.modified))
		).run()


def drop_empty() -> None:
	"""Takes away the rows of what was counted once and is no longer."""
	frappe.db.delete(TOTAL, {"number": 0, "amount": 0})


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event of stages, loss reasons and types of activities: what was counted under the old name."""
	total = DocType(TOTAL)
	(
		frappe.qb.update(total)
		.set(total.dimension, new)
		.where(total.measure.isin(_MEASURES_BY[doc.doctype]) & (total.dimension == old))
	).run()


_MEASURES_BY = {
	"Cronus Stage": ("Stage reached", *OF_NOW),
	"Cronus Loss Reason": ("Deal lost",),
	"Cronus Activity Type": ("Activity done",),
}


class Scope(NamedTuple):
	"""Whose figures are asked for, besides what the user may see.

	sellers: these alone; None for all. work_center: that one alone.
	"""

	sellers: Sequence[str] | None = None
	work_center: str | None = None


EVERYTHING = Scope()


def read(
	measures: Sequence[str], from_date: date, to_date: date, by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""Sums over the days from one to the other, both included, of what the user may see.

	by: any of "month" (its first day), "seller", "work_center" and "dimension".
	Gives back a row for each measure and each of those, with `number`, and `amount` in the company's
	currency; none for what has nothing.
	"""
	parts = parts_of(from_date, to_date)
	return _found(measures, parts, by, scope) if parts else []


def read_current(
	measures: Sequence[str], by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""The same of opportunities in progress, which are of now; by month, those expected to close in it."""
	return _found(measures, [Part(MONTH, record_totals.UNDATED, date.max, 1)], by, scope)


@contextmanager
def read_once() -> Iterator[None]:
	"""Inside, for a page that shows it in several places, what was read is not read again."""
	token = _already_read.set({})
	try:
		yield
	finally:
		_already_read.reset(token)


class Part(NamedTuple):
	"""Rows of one grain in a range of periods, to be added, or with the sign -1 taken away."""

	grain: str
	begins: date
	ends: date
	sign: int


def parts_of(from_date: date, to_date: date) -> list[Part]:
	"""The rows that a period is added up from: whole months, and the days of a month of which a part is
	asked for, or its other days to be taken away, whichever are fewer.
	"""
	from_date, to_date = getdate(from_date), getdate(to_date)
	if from_date > to_date:
		return []
	first, last = get_first_day(from_date), get_last_day(to_date)
	if first == get_first_day(to_date):
		return _parts_of_month(from_date, to_date)
	parts = []
	if from_date != first:
		parts += _parts_of_month(from_date, get_last_day(from_date))
		first = get_last_day(from_date) + timedelta(days=1)
	if to_date != last:
		parts += _parts_of_month(get_first_day(to_date), to_date)
		last = get_first_day(to_date) - timedelta(days=1)
	if first <= last:
		parts.append(Part(MONTH, first, last, 1))
	return parts


def _parts_of_month(from_date: date, to_date: date) -> list[Part]:
	first, last = get_first_day(from_date), get_last_day(from_date)
	if (from_date, to_date) == (first, last):
		return [Part(MONTH, first, first, 1)]
	if 2 * (to_date - from_date).days < (last - first).days:
		return [Part(DAY, from_date, to_date, 1)]
	parts = [Part(MONTH, first, first, 1)]
	if from_date > first:
		parts.append(Part(DAY, first, from_date - timedelta(days=1), -1))
	if to_date < last:
		parts.append(Part(DAY, to_date + timedelta(days=1), last, -1))
	return parts


def _found(
	measures: Sequence[str], parts: Sequence[Part], by: Sequence[str], scope: Scope
) -> list[frappe._dict]:
	known = _already_read.get()
	if known is None:
		return _summed(measures, parts, by, scope)
	sellers = None if scope.sellers is None else tuple(scope.sellers)
	question = (frappe.session.user, *map(tuple, (measures, parts, by)), sellers, scope.work_center)
	if question not in known:
		known[question] = _summed(measures, parts, by, scope)
	return known[question]


def _summed(
	measures: Sequence[str], parts: Sequence[Part], by: Sequence[str], scope: Scope
) -> list[frappe._dict]:
	total = DocType(TOTAL)
	measure = total.measure if len(measures) > 1 else ValueWrapper(measures[0])
	places = [months.first_day_term(total.period) if name == "month" else total[name] for name in by]
	taken_away = [_within(total, part) for part in parts if part.sign < 0]
	number, amount = (_sum(column, taken_away) for column in (total.number, total.amount))
	rows = (
		rule.filter_visible(frappe.qb.from_(total), TOTAL, total)
		.select(measure.as_("measure"), *(place.as_(name) for place, name in zip(places, by, strict=True)))
		.select(number.as_("number"), amount.as_("amount"))
		.where(total.measure.isin(list(measures)))
		.where(Criterion.any(_within(total, part) for part in parts))
		.where(_in(total, scope))
		.groupby(*_group_terms([measure, *places]))
		.orderby(measure, *places)
	).run(as_dict=True)
	# What was counted and is no longer. Asked of the database, it would add everything up twice.
	found = [row for row in rows if row.number or row.amount]
	for row in found:
		row.number, row.amount = int(row.number), float(row.amount)
	return found


def _within(total: Table, part: Part) -> Criterion:
	return (total.grain == part.grain) & total.period[part.begins : part.ends]


def _sum(column: Field, taken_away: Sequence[Criterion]) -> SumOf:
	if not taken_away:
		return SumOf(column)
	return SumOf(Case().when(Criterion.any(taken_away), -column).else_(column))


def _group_terms(places: Sequence[Term]) -> Sequence[Term]:
	"""What rows are grouped by. The database tells several names apart up to four times as fast by their
	bytes as by their letters, which it compares by the rules of a language; and one name by its letters."""
	last = next((place for place in reversed(places) if isinstance(place, Field)), None)
	return [
		Cast(place, "BINARY") if isinstance(place, Field) and place is not last else place
		for place in places
		if not isinstance(place, ValueWrapper)
	]


def _in(total: Table, scope: Scope) -> Criterion:
	asked = []
	if scope.sellers is not None:
		asked.append(total.seller.isin(list(scope.sellers)) if scope.sellers else total.name.isnull())
	if scope.work_center:
		asked.append(total.work_center == scope.work_center)
	return Criterion.all(asked)
