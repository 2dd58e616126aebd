"""Counts the totals of cases again from all cases, in SQL: to verify them, and to repair them.

The definitions of `case_totals.py` are repeated here on purpose: an error in one of the two shows as a
difference.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import mul
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Coalesce, Count, Date, Sum
from frappe.utils import getdate
from pypika import Field, Table
from pypika.queries import QueryBuilder
from pypika.terms import Function, Term, ValueWrapper

from cronus_crm.cronus_analytics.cases.case_times import (
	CLASS_COLUMNS,
	CLASSES,
	PROMISE_COLUMNS,
	TIMES_TABLE,
)
from cronus_crm.cronus_analytics.cases.case_totals import TOTAL, Row, write_rows
from cronus_crm.cronus_analytics.ledger.recount_totals import NumberAsText
from cronus_crm.cronus_analytics.ledger.totals import DAY, MONTH
from cronus_crm.cronus_service.promises.case_promises import CASE

_case = Table(f"tab{CASE}")
_KEY = ("period", "team", "dimension", "detail")
_TYPE, _NOTHING = Coalesce(_case.case_type, ""), ValueWrapper("")
_TEAM = Coalesce(_case.team, "")

# The day itself, and the first day of its month.
_PERIODS: dict[str, Callable[[Term], Term]] = {
	DAY: lambda day: day,
	MONTH: lambda day: Date(Function("DATE_FORMAT", day, "%Y-%m-01")),
}


class Recount(NamedTuple):
	"""What is counted of a measure: SQL terms over the cases.

	columns: where the totals have it, when it is in the histograms: by detail, the column.
	"""

	measure: str
	day: Term
	condition: Criterion
	dimension: Term = _NOTHING
	detail: Term = _NOTHING
	team: Term = _TEAM
	columns: Mapping[str, str] | None = None


def _list_recounts() -> Iterator[Recount]:
	opened, is_opened = Date(_case.opened_on), _case.opened_on.notnull()
	yield Recount("Opened", opened, is_opened)
	yield Recount("Opened by type", opened, is_opened, _TYPE)
	yield Recount("Opened by product", opened, is_opened, Coalesce(_case.product, ""))
	yield Recount("Solved", Date(_case.ended_on), _case.ended_on.notnull())
	yield from _list_recounts_of_time("First answer", "first_answer", "first_answered")
	yield from _list_recounts_of_time("Solution", "solution", "solved")
	asked_on, rating = _case.rating_asked_on, NumberAsText(Coalesce(_case.rating, 0))
	for by in ("agent", "type"):
		dimension = Coalesce(_case[f"rating_{by}"], "")
		team = Coalesce(_case.rating_team, "")
		yield Recount(
			f"Satisfaction by {by}", Date(asked_on), asked_on.notnull(), dimension, rating, team=team
		)


def _list_recounts_of_time(label: str, prefix: str, done: str) -> Iterator[Recount]:
	done_on, done_by = _case[f"{done}_on"], _case[f"{done}_by"]
	state, taken = _case[f"{prefix}_state"], Coalesce(_case[f"{prefix}_taken"], 0)
	day = Date(done_on)
	settled = Case().when(state == "Met", day).else_(Date(_case[f"{prefix}_due"]))
	detail = NumberAsText(Function("ELT", Function("INTERVAL", _no_less_than_0(taken), *CLASSES), *CLASSES))
	agent = Coalesce(Function("NULLIF", done_by, ""), _case.agent, "")
	is_settled = state.isin(["Met", "Missed"])
	for by, dimension in (("agent", agent), ("type", _TYPE)):
		measure = f"{label} time by {by}"
		yield Recount(measure, day, done_on.notnull(), dimension, detail, columns=CLASS_COLUMNS)
		yield Recount(measure, settled, is_settled, dimension, state, columns=PROMISE_COLUMNS)


def _no_less_than_0(number: Term) -> Function:
	return Function("GREATEST", number, 0)


class Difference(NamedTuple):
	"""A wrong row. counted: what the cases come to. stored: what the row says."""

	row: Row
	counted: int
	stored: int


def find_differences() -> Iterator[Difference]:
	"""Compares the totals with the cases, in the snapshot of the caller's transaction."""
	for recount in _list_recounts():
		for grain in _PERIODS:
			yield from _compare(recount, grain)
	for _name, row, number in _find_misnamed_rows():
		yield Difference(row, number, number)


def repair() -> int:
	"""Corrects what :func:`find_differences` finds and returns how many rows were wrong. People may work
	meanwhile: what is wrong is added to a row, not written over it."""
	number = rewrite_names()
	for recount in _list_recounts():
		for grain in _PERIODS:
			found = list(_compare(recount, grain))
			write_rows({row: counted - stored for row, counted, stored in found})
			number += len(found)
	return number


def rewrite_names() -> int:
	"""Moves the numbers of rows whose name does not follow from their key, as those of a master that was
	renamed, to the rows of their keys."""
	wrong = _find_misnamed_rows()
	for name, row, _number in wrong:
		number = frappe.db.get_value(TOTAL, name, "number", for_update=True)
		frappe.db.delete(TOTAL, {"name": name})
		write_rows({row: number})
	return len(wrong)


def describe_difference(difference: Difference) -> str:
	"""A translated sentence that says what is wrong with a row, for administrators."""
	row, counted, stored = difference
	where = ", ".join(filter(None, (row.measure, str(row.period), row.team, row.dimension, row.detail)))
	return _("{0}: the cases come to {1}, the totals say {2}").format(where, counted, stored)


def _compare(recount: Recount, grain: str) -> Iterator[Difference]:
	sides = [_count_cases(recount, grain), *_select_stored(recount, grain)]
	both = reduce(mul, sides).as_("both_sides")
	counted, stored = Sum(both.counted), Sum(both.stored)
	key = [both[name] for name in _KEY]
	query = frappe.qb.from_(both).select(*key, counted, stored).groupby(*key).having(counted != stored)
	for period, *others, number, told in query.run():
		yield Difference(Row(recount.measure, grain, getdate(period), *others), int(number), int(told))


def _count_cases(recount: Recount, grain: str) -> QueryBuilder:
	terms = (_PERIODS[grain](recount.day), recount.team, recount.dimension, recount.detail)
	query = frappe.qb.from_(_case).select(*(term.as_(name) for term, name in zip(terms, _KEY, strict=True)))
	is_counted = (_case.category != "Cancelled") & (Coalesce(_case.merged_into, "") == "")
	query = query.select(Count("*").as_("counted"), ValueWrapper(0).as_("stored"))
	return query.where(is_counted & recount.condition).groupby(*terms)


def _select_stored(recount: Recount, grain: str) -> Iterator[QueryBuilder]:
	if recount.columns is None:
		total = DocType(TOTAL)
		yield _select_numbers(total, recount.measure, grain, total.detail, total.number)
		return
	for detail, column in recount.columns.items():
		number = TIMES_TABLE[column]
		query = _select_numbers(TIMES_TABLE, recount.measure, grain, ValueWrapper(detail), number)
		yield query.where(number != 0)


def _select_numbers(total: Table, measure: str, grain: str, detail: Term, number: Term) -> QueryBuilder:
	key = (total.period, total.team, total.dimension, detail.as_("detail"))
	query = frappe.qb.from_(total).select(*key, ValueWrapper(0).as_("counted"), number.as_("stored"))
	return query.where((total.measure == measure) & (total.grain == grain))


def _find_misnamed_rows() -> list[tuple[str, Row, int]]:
	total = DocType(TOTAL)
	columns: list[Field] = [total[name] for name in Row._fields]
	# The same hash as `Row.name`. An empty (NULL) column is no part of it, and so makes a row misnamed.
	name = Function("MD5", Function("CONCAT_WS", Function("UNHEX", "00"), *columns))
	query = frappe.qb.from_(total).select(total.name, *columns, total.number)
	rows = query.where(total.name != name).orderby(total.name).run()
	return [
		(name, Row(measure, grain, getdate(period), *(text or "" for text in texts)), number)
		for name, measure, grain, period, *texts, number in rows
	]
