"""The totals (Cronus Total): denormalised sums by day and by month, from which reports and cards are read.

Whatever changes a record adds the difference to the totals in the same transaction (see `record_totals.py`),
so a committed change is always included. Rows are locked in the order of their names: two transactions that
change the same rows wait for each other and cannot deadlock.

A period is summed from the rows of its whole months and from the rows of single days at both ends. The cost
depends on the length of the period and the number of sellers, not on the number of documents.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from decimal import Decimal
from hashlib import md5
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Cast
from frappe.query_builder.functions import Sum as SumOf
from frappe.utils import get_first_day, get_last_day, getdate, now
from pypika import Field, Table
from pypika.queries import QueryBuilder
from pypika.terms import Function, Term, Values, ValueWrapper

from cronus_crm.base import months
from cronus_crm.base.batches import split_batches
from cronus_crm.cronus_analytics.ledger import record_totals
from cronus_crm.cronus_analytics.ledger.record_totals import CURRENT_MEASURES, Cell, Contribution, Sum
from cronus_crm.visibility import rule

TOTAL = "Cronus Total"

DAY, MONTH = "Day", "Month"

_KEY = ("measure", "grain", "period", "seller", "work_center", "owner", "dimension")

# Results by query, inside `cache_reads`; None outside.
_read_cache: ContextVar[dict | None] = ContextVar("cronus_totals_read", default=None)

# Rows that one INSERT statement writes.
_ROWS_PER_STATEMENT = 2_000


class Row(NamedTuple):
	"""The key of a row of Cronus Total: all its fields but the sums."""

	measure: str
	grain: str
	period: date
	seller: str
	work_center: str
	owner: str
	dimension: str

	@property
	def name(self) -> str:
		"""The primary key: a hash of all other fields of the key.

		Every transaction derives the same name, so INSERT … ON DUPLICATE KEY UPDATE needs no unique key
		besides the primary key. With a second unique key InnoDB would take gap locks, and concurrent inserts
		could deadlock.
		"""
		return md5("\0".join(map(str, self)).encode(), usedforsecurity=False).hexdigest()


def on_opportunity_update(opportunity: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Opportunity: adds what has changed to the totals."""
	_apply_saved_record(opportunity, record_totals.totals_of_opportunity)


def on_opportunity_trash(opportunity: Document, method: str | None = None) -> None:
	"""Event `on_trash` of Cronus Opportunity: takes its contributions out of the totals."""
	_remove_record(opportunity, record_totals.totals_of_opportunity)


def on_activity_update(activity: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Activity: adds what has changed to the totals."""
	_apply_saved_record(activity, record_totals.totals_of_activity)


def on_activity_trash(activity: Document, method: str | None = None) -> None:
	"""Event `on_trash` of Cronus Activity: takes its contribution out of the totals."""
	_remove_record(activity, record_totals.totals_of_activity)


def _apply_saved_record(record: Document, contributions: Callable[[Any], Iterable[Contribution]]) -> None:
	# What a `db_set` of `after_insert` leaves as the document before the save is the new document itself.
	before = None if record.flags.in_insert else record.get_doc_before_save()
	apply_change(contributions(record), contributions(before) if before else ())


def _remove_record(record: Document, contributions: Callable[[Any], Iterable[Contribution]]) -> None:
	# The framework locks the row and then reads the document from the snapshot of the transaction, which may
	# be older than what another one has committed since.
	stored = frappe.get_doc(record.doctype, record.name, for_update=True)
	apply_change((), contributions(stored))


def apply_change(now: Iterable[Contribution], before: Iterable[Contribution] = ()) -> None:
	"""Replaces the former contributions of a record by its new ones, in the caller's transaction.

	The caller holds the row of the record locked, as the framework does when it saves; otherwise two changes
	of one record could both be subtracted from the same former state.
	"""
	add_change(record_totals.compute_change(now, before))


def add_change(change: dict[Cell, Sum]) -> None:
	"""Adds a change (see `record_totals.compute_change`) to the rows of the days and of the months."""
	added: dict[Row, Sum] = {}
	for cell, summed in change.items():
		for row in _rows_for_cell(cell):
			added[row] = added[row].add(summed) if row in added else summed
	write_rows({row: summed for row, summed in added.items() if summed.number or summed.amount})


def _rows_for_cell(cell: Cell) -> Iterator[Row]:
	measure, day, *others = cell
	if measure not in CURRENT_MEASURES:
		yield Row(measure, DAY, day, *others)
	yield Row(measure, MONTH, day.replace(day=1), *others)


def write_rows(added: dict[Row, Sum]) -> None:
	"""Adds sums to rows of the table, and inserts the rows that do not exist yet.

	Rows are written in the order of their names, which prevents deadlocks.
	"""
	total, stamp = DocType(TOTAL), now()
	values = sorted(
		(row.name, stamp, stamp, *row, summed.number, summed.amount) for row, summed in added.items()
	)
	for batch in split_batches(values, _ROWS_PER_STATEMENT):
		(
			frappe.qb.into(total)
			.columns("name", "creation", "modified", *_KEY, "number", "amount")
			.insert(*batch)
			.on_duplicate_key_update(total.number, total.number + Values(total.number))
			.on_duplicate_key_update(total.amount, total.amount + Values(total.amount))
			.on_duplicate_key_update(total.modified, Values(total.modified))
		).run()


def delete_empty_rows() -> None:
	"""Deletes rows whose sums have gone back to zero."""
	frappe.db.delete(TOTAL, {"number": 0, "amount": 0})


class NamedRow(NamedTuple):
	"""A row of the table as it is stored. name: its primary key, which should be `row.name`."""

	name: str
	row: Row
	stored: Sum


def find_misnamed_rows(criterion: Criterion | None = None) -> list[NamedRow]:
	"""The rows whose name is not the hash of their key: those of a key that was renamed. Who gets the former
	value of the key next would add to them.

	criterion: only these rows; by default all.
	"""
	total = DocType(TOTAL)
	# The same hash as `Row.name`. An empty (NULL) column is no part of it, and so makes a row misnamed.
	separator = Function("UNHEX", "00")
	name = Function("MD5", Function("CONCAT_WS", separator, *(total[column] for column in _KEY)))
	query = frappe.qb.from_(total).where(total.name != name)
	return _read_rows(query if criterion is None else query.where(criterion))


def rewrite_misnamed_rows(criterion: Criterion | None = None) -> int:
	"""Moves the sums of misnamed rows to the rows of their keys, and returns how many they were.

	It runs while people work: each row is read again with its lock.
	"""
	total = DocType(TOTAL)
	names = sorted(found.name for found in find_misnamed_rows(criterion))
	for batch in split_batches(names, _ROWS_PER_STATEMENT):
		query = frappe.qb.from_(total).where(total.name.isin(batch)).orderby(total.name).for_update()
		locked = _read_rows(query)
		frappe.db.delete(TOTAL, {"name": ("in", batch)})
		moved: dict[Row, Sum] = {}
		for _name, row, stored in locked:
			moved[row] = moved[row].add(stored) if row in moved else stored
		write_rows({row: summed for row, summed in moved.items() if summed.number or summed.amount})
	return len(names)


def _read_rows(query: QueryBuilder) -> list[NamedRow]:
	total = DocType(TOTAL)
	rows = query.select(total.name, *(total[column] for column in _KEY), total.number, total.amount).run()
	return [
		NamedRow(name, Row(*(value or "" for value in key)), Sum(number, Decimal(str(amount))))
		for name, *key, number, amount in rows
	]


class Scope(NamedTuple):
	"""Restricts totals further than the rule of visibility does.

	sellers: only these sellers; None for all, an empty sequence for none. work_center: only this one; None
	for all.
	"""

	sellers: Sequence[str] | None = None
	work_center: str | None = None


EVERYTHING = Scope()


def read_period_totals(
	measures: Sequence[str], from_date: date, to_date: date, by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""The totals of a period, of what the session's user may see.

	from_date, to_date: both included. by: what the rows are grouped by, besides the measure; any of "month"
	(its first day), "seller", "work_center" and "dimension".

	Returns a row for each group with `measure`, the fields of `by`, `number`, and `amount` in the company's
	currency. Groups in which both are zero are left out.
	"""
	parts = split_period(from_date, to_date)
	return _read_cached(measures, parts, by, scope) if parts else []


def read_current_totals(
	measures: Sequence[str], by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""The totals of the measures of the current state, CURRENT_MEASURES: opportunities in progress.

	by, and the rows that are returned: see `read_period_totals`; "month" is the month in which an opportunity
	is expected to close, `record_totals.UNDATED` without an expected date.
	"""
	return _read_cached(measures, [PeriodPart(MONTH, record_totals.UNDATED, date.max, 1)], by, scope)


@contextmanager
def cache_reads() -> Iterator[None]:
	"""Inside this context, equal reads are answered from a cache: for a page that shows a figure several
	times."""
	token = _read_cache.set({})
	try:
		yield
	finally:
		_read_cache.reset(token)


class PeriodPart(NamedTuple):
	"""The rows of one grain whose period lies between two dates, both included. sign: 1 to add their sums, -1
	to subtract them."""

	grain: str
	begins: date
	ends: date
	sign: int


def split_period(from_date: date, to_date: date) -> list[PeriodPart]:
	"""Splits a period into rows of the totals: whole months, and single days at both ends.

	For a month of which the period contains a part, the days of that part are added; or the whole month is
	added and its other days are subtracted, whichever reads fewer rows.
	"""
	from_date, to_date = getdate(from_date), getdate(to_date)
	if from_date > to_date:
		return []
	first, last = get_first_day(from_date), get_last_day(to_date)
	if first == get_first_day(to_date):
		return _split_month(from_date, to_date)
	parts = []
	if from_date != first:
		parts += _split_month(from_date, get_last_day(from_date))
		first = get_last_day(from_date) + timedelta(days=1)
	if to_date != last:
		parts += _split_month(get_first_day(to_date), to_date)
		last = get_first_day(to_date) - timedelta(days=1)
	if first <= last:
		parts.append(PeriodPart(MONTH, first, last, 1))
	return parts


def _split_month(from_date: date, to_date: date) -> list[PeriodPart]:
	first, last = get_first_day(from_date), get_last_day(from_date)
	if (from_date, to_date) == (first, last):
		return [PeriodPart(MONTH, first, first, 1)]
	if 2 * (to_date - from_date).days < (last - first).days:
		return [PeriodPart(DAY, from_date, to_date, 1)]
	parts = [PeriodPart(MONTH, first, first, 1)]
	if from_date > first:
		parts.append(PeriodPart(DAY, first, from_date - timedelta(days=1), -1))
	if to_date < last:
		parts.append(PeriodPart(DAY, to_date + timedelta(days=1), last, -1))
	return parts


def _read_cached(
	measures: Sequence[str], parts: Sequence[PeriodPart], by: Sequence[str], scope: Scope
) -> list[frappe._dict]:
	cache = _read_cache.get()
	if cache is None:
		return _query_sums(measures, parts, by, scope)
	sellers = None if scope.sellers is None else tuple(scope.sellers)
	key = (frappe.session.user, *map(tuple, (measures, parts, by)), sellers, scope.work_center)
	if key not in cache:
		cache[key] = _query_sums(measures, parts, by, scope)
	return cache[key]


def _query_sums(
	measures: Sequence[str], parts: Sequence[PeriodPart], by: Sequence[str], scope: Scope
) -> list[frappe._dict]:
	total = DocType(TOTAL)
	measure = total.measure if len(measures) > 1 else ValueWrapper(measures[0])
	group_terms = [months.first_day_term(total.period) if name == "month" else total[name] for name in by]
	subtracted = [_part_condition(total, part) for part in parts if part.sign < 0]
	number, amount = (_signed_sum(column, subtracted) for column in (total.number, total.amount))
	rows = (
		rule.filter_visible(frappe.qb.from_(total), TOTAL, total)
		.select(measure.as_("measure"), *(term.as_(name) for term, name in zip(group_terms, by, strict=True)))
		.select(number.as_("number"), amount.as_("amount"))
		.where(total.measure.isin(list(measures)))
		.where(Criterion.any(_part_condition(total, part) for part in parts))
		.where(_scope_condition(total, scope))
		.groupby(*_group_terms([measure, *group_terms]))
		.orderby(measure, *group_terms)
	).run(as_dict=True)
	# Groups whose sums are zero are dropped here: a HAVING clause would make the database compute each sum
	# twice.
	found = [row for row in rows if row.number or row.amount]
	for row in found:
		row.number, row.amount = int(row.number), float(row.amount)
	return found


def _part_condition(total: Table, part: PeriodPart) -> Criterion:
	return (total.grain == part.grain) & total.period[part.begins : part.ends]


def _signed_sum(column: Field, subtracted: Sequence[Criterion]) -> SumOf:
	if not subtracted:
		return SumOf(column)
	return SumOf(Case().when(Criterion.any(subtracted), -column).else_(column))


def _group_terms(terms: Sequence[Term]) -> Sequence[Term]:
	"""The terms of GROUP BY, for speed: all text columns but the last are cast to BINARY.

	The values are names of records, always written in the same way, so comparing bytes gives the same groups
	as comparing by collation. With several text columns it is up to four times as fast; with a single one the
	cast is slower.
	"""
	last = next((term for term in reversed(terms) if isinstance(term, Field)), None)
	return [
		Cast(term, "BINARY") if isinstance(term, Field) and term is not last else term
		for term in terms
		if not isinstance(term, ValueWrapper)
	]


def _scope_condition(total: Table, scope: Scope) -> Criterion:
	criteria = []
	if scope.sellers is not None:
		criteria.append(total.seller.isin(list(scope.sellers)) if scope.sellers else total.name.isnull())
	if scope.work_center:
		criteria.append(total.work_center == scope.work_center)
	return Criterion.all(criteria)
