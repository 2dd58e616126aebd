"""The totals of cases: how many were opened and closed, and how they were rated (Cronus Case Total), how long
the first answer and the solution took, and whether what was promised was met (`case_times.py`); by day and by
month, by team.

What a case adds is a pure function of it (:func:`contributions_of`). Whatever changes a case adds the
difference, in the same transaction and under the lock of the case; rows are written in the order of their
names, then those of times, so that two transactions wait for each other and do not deadlock.
`case_recount.py` counts all again.

A case keeps facts: when it was answered and solved, how much working time that took, and whether a promise
was met. So a figure of the past changes only when a case does: when it gets another type or team, is reopened
or cancelled.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import md5
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Sum
from frappe.utils import cint, getdate, now
from pypika.terms import Values

from cronus_crm.base import months
from cronus_crm.base.batches import split_batches
from cronus_crm.cronus_analytics.cases import case_times
from cronus_crm.cronus_analytics.cases.case_times import TimesKey, find_class
from cronus_crm.cronus_analytics.cases.total_scope import build_period, build_scope
from cronus_crm.cronus_analytics.ledger.totals import DAY, MONTH, split_period
from cronus_crm.cronus_service.promises.case_promises import (
	CASE,
	FIRST_ANSWER,
	SOLUTION,
	Promised,
	is_dropped,
)
from cronus_crm.cronus_service.promises.promise_clock import FACTS, MET

TOTAL = "Cronus Case Total"

OPENED, SOLVED = "Opened", "Solved"
OPENED_BY_TYPE, OPENED_BY_PRODUCT = "Opened by type", "Opened by product"

# Of each promised time: its histogram of minutes, with its promises met and missed; by agent and by type.
AGENT, TYPE = "agent", "type"
TIMES = {FIRST_ANSWER: "First answer", SOLUTION: "Solution"}

# Rows that one INSERT statement writes.
_ROWS_PER_STATEMENT = 2_000


class Row(NamedTuple):
	"""The key under which a number of cases stands: all fields of Cronus Case Total but the number or, of one
	of TIME_MEASURES, the key of a row of `case_times.py` and its column.

	team: empty for cases of none. dimension: an agent, type or product, as the measure says. detail: of one
	of TIME_MEASURES the minutes at which the class of a time begins or, of a promise, “Met” or “Missed”; of
	satisfaction the rating, and 0 where nobody has answered.
	"""

	measure: str
	grain: str
	period: date
	team: str
	dimension: str = ""
	detail: str = ""

	@property
	def name(self) -> str:
		"""The primary key, which every transaction derives alike: see `ledger.totals.Row`."""
		return md5("\0".join(map(str, self)).encode(), usedforsecurity=False).hexdigest()


def time_measure(promised: Promised, by: str) -> str:
	return f"{TIMES[promised]} time by {by}"


def rating_measure(by: str) -> str:
	return f"Satisfaction by {by}"


TIME_MEASURES = tuple(time_measure(promised, by) for promised in TIMES for by in (AGENT, TYPE))


def contributions_of(case: Any) -> Iterator[Row]:
	"""The rows by day in which a case is counted once; none of one that was cancelled or merged."""
	if is_dropped(case):
		return
	team, kind = case.get("team") or "", case.get("case_type") or ""
	opened = getdate(case.opened_on)
	yield Row(OPENED, DAY, opened, team)
	yield Row(OPENED_BY_TYPE, DAY, opened, team, kind)
	yield Row(OPENED_BY_PRODUCT, DAY, opened, team, case.get("product") or "")
	if case.get("ended_on"):
		yield Row(SOLVED, DAY, getdate(case.get("ended_on")), team)
	for promised in TIMES:
		yield from _contributions_of_time(case, promised, team, kind)
	yield from _contributions_of_rating(case)


def _contributions_of_rating(case: Any) -> Iterator[Row]:
	"""Asked and answered count on the day of the question, so that a share is of the same cases; with agent,
	team and type of that day."""
	if not case.get("rating_asked_on"):
		return
	day, team = getdate(case.get("rating_asked_on")), case.get("rating_team") or ""
	detail = str(cint(case.get("rating")))
	for by, field in ((AGENT, "rating_agent"), (TYPE, "rating_type")):
		yield Row(rating_measure(by), DAY, day, team, case.get(field) or "", detail)


def _contributions_of_time(case: Any, promised: Promised, team: str, kind: str) -> Iterator[Row]:
	done_on, state = case.get(promised.done_on), case.get(promised.state)
	dimensions = {AGENT: case.get(promised.done_by) or case.get("agent") or "", TYPE: kind}
	for by, dimension in dimensions.items():
		if done_on:
			detail = str(find_class(cint(case.get(promised.taken))))
			yield Row(time_measure(promised, by), DAY, getdate(done_on), team, dimension, detail)
		if state in FACTS:
			# What is missed is missed on the day on which it was due, done or not.
			day = done_on if state == MET else case.get(promised.due)
			yield Row(time_measure(promised, by), DAY, getdate(day), team, dimension, state)


def on_case_update(case: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Case: adds what has changed."""
	# What a `db_set` of `after_insert` leaves as the document before the save is the new document itself.
	before = None if case.flags.in_insert else case.get_doc_before_save()
	apply_changes([(case, before)])


def on_case_trash(case: Document, method: str | None = None) -> None:
	"""Event `on_trash` of Cronus Case: takes it out of the totals, as it is stored now."""
	apply_changes([(None, frappe.get_doc(CASE, case.name, for_update=True))])


def on_promise_missed(changes: Iterable[tuple[Any, Any]]) -> None:
	"""Hook `cronus_promise_missed`: the scheduler has found that times have passed.

	changes: the fields of each case, and what they were.
	"""
	apply_changes(changes)


def apply_changes(changes: Iterable[tuple[Any | None, Any | None]]) -> None:
	"""Adds what cases add now less what they added before. The caller holds the cases locked.

	changes: each case as it is now and as it was; None where it is not there.
	"""
	change: Counter[Row] = Counter()
	for case, before in changes:
		change.update(contributions_of(case) if case else ())
		change.subtract(list(contributions_of(before)) if before else ())
	added: Counter[Row] = Counter()
	for row, number in change.items():
		added[row] += number
		added[row._replace(grain=MONTH, period=row.period.replace(day=1))] += number
	write_rows({row: number for row, number in added.items() if number})


def write_rows(added: dict[Row, int]) -> None:
	"""Adds numbers to rows, and inserts the rows that do not exist yet."""
	times: dict[TimesKey, dict[str, int]] = defaultdict(dict)
	others: dict[Row, int] = {}
	for row, number in added.items():
		if row.measure in TIME_MEASURES:
			*key, detail = row
			times[TimesKey(*key)][detail] = number
		else:
			others[row] = number
	_write_totals(others)
	case_times.add_times(times)


def _write_totals(added: dict[Row, int]) -> None:
	total, stamp = DocType(TOTAL), now()
	values = sorted((row.name, stamp, stamp, *row, number) for row, number in added.items())
	for batch in split_batches(values, _ROWS_PER_STATEMENT):
		(
			frappe.qb.into(total)
			.columns("name", "creation", "modified", *Row._fields, "number")
			.insert(*batch)
			.on_duplicate_key_update(total.number, total.number + Values(total.number))
			.on_duplicate_key_update(total.modified, Values(total.modified))
		).run()


def delete_empty_rows() -> None:
	"""Deletes rows whose number has gone back to zero."""
	frappe.db.delete(TOTAL, {"number": 0})
	case_times.delete_empty_times()


def read_totals(
	measures: Sequence[str], from_date: date, to_date: date, by: Sequence[str] = (), team: str | None = None
) -> list[frappe._dict]:
	"""The totals of a period, of what the session's user may see: all teams, or those that the user is in.
	Times (TIME_MEASURES) are read by `case_times.read_times`.

	from_date, to_date: both included. by: what the rows are grouped by besides the measure; any of "month"
	(its first day), "team", "dimension" and "detail". team: only this one.

	Returns a row for each group with `measure`, the fields of `by` and `number`, without those of 0.
	"""
	parts = split_period(from_date, to_date)
	if not parts:
		return []
	total = DocType(TOTAL)
	groups = [months.first_day_term(total.period) if name == "month" else total[name] for name in by]
	subtracted = [part for part in parts if part.sign < 0]
	number = total.number
	if subtracted:
		number = Case().when(build_period(total, subtracted), -total.number).else_(total.number)
	query = (
		frappe.qb.from_(total)
		.select(total.measure, *(term.as_(name) for term, name in zip(groups, by, strict=True)))
		.select(Sum(number).as_("number"))
		.where(total.measure.isin(list(measures)))
		.where(build_period(total, parts))
		.where(build_scope(total))
		.groupby(total.measure, *groups)
		.orderby(total.measure, *groups)
	)
	if team:
		query = query.where(total.team == team)
	found = query.run(as_dict=True)
	for row in found:
		row.number = cint(row.number)
	return [row for row in found if row.number]
