"""How long cases took, counted by classes of minutes, and whether what was promised was met, by day and by
month: a histogram is one row, with a column for each class and two for the promises. So a year of 50 agents
is some thousand rows, which are summed column by column in one query.

The table is no DocType: nobody opens it, and 88 columns would be 88 fields. What a case adds is said in
`case_totals.py`, which writes it in the transaction of the case.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import add, neg, sub
from typing import NamedTuple

import frappe
from frappe.query_builder import Case, Criterion
from frappe.query_builder.functions import Min
from frappe.utils import getdate
from pypika import Table
from pypika.terms import Function, PseudoColumn, Values, ValueWrapper

from cronus_crm.base.batches import split_batches
from cronus_crm.cronus_analytics.cases.total_scope import build_period, build_scope
from cronus_crm.cronus_analytics.ledger.totals import PeriodPart, split_period
from cronus_crm.cronus_service.promises.promise_clock import MET, MISSED

TIMES_TABLE = Table("__cronus_case_times")

# Where each class of minutes begins; the last one has no end. About a tenth apart: a median read from them is
# right to a few parts in a hundred.
CLASSES = (
	*(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 25, 28, 31, 35, 40, 45, 50, 55, 60),
	*(67, 75, 82, 90, 100, 110, 120, 135, 150, 165, 180, 200, 220, 240, 270, 300, 330, 360, 400, 440, 480),
	*(540, 600, 660, 720, 800, 880, 960, 1080, 1200, 1320, 1440, 1600, 1800, 2000, 2200, 2400, 2700, 3000),
	*(3300, 3600, 4000, 4400, 4800, 5400, 6000, 6600, 7200, 8000, 9000, 10000, 12000, 14000, 17000, 20000),
	*(25000, 30000, 40000, 50000, 70000, 100000),
)

# By what is counted (`case_totals.Row.detail`): the column in which it is.
CLASS_COLUMNS = {str(begins): f"from_{begins}" for begins in CLASSES}
PROMISE_COLUMNS = {MET: "met", MISSED: "missed"}
COLUMNS = {**CLASS_COLUMNS, **PROMISE_COLUMNS}

# Rows that one INSERT statement writes: each may have all the columns.
_ROWS_PER_STATEMENT = 200


class TimesKey(NamedTuple):
	"""The key of a histogram; see `case_totals.Row`."""

	measure: str
	grain: str
	period: date
	team: str
	dimension: str


class Histogram(NamedTuple):
	"""minutes: how often each class of minutes occurs. met, missed: promises."""

	minutes: Counter[int]
	met: int = 0
	missed: int = 0


def create_table() -> None:
	"""Makes the table if it is not there, and the columns that it has not yet."""
	columns = ", ".join(f"`{column}` int not null default 0" for column in COLUMNS.values())
	frappe.db.sql_ddl(
		f"""create table if not exists `__cronus_case_times` (
			measure varchar(40) not null,
			grain varchar(8) not null,
			period date not null,
			team varchar(140) not null,
			dimension varchar(140) not null,
			{columns},
			primary key (measure, grain, period, team, dimension)
		) engine=InnoDB row_format=dynamic character set=utf8mb4 collate=utf8mb4_bin"""
	)
	added = ", ".join(
		f"add column if not exists `{column}` int not null default 0" for column in PROMISE_COLUMNS.values()
	)
	frappe.db.sql_ddl(f"alter table `__cronus_case_times` {added}")


def drop_table() -> None:
	"""Drops the table, when the app is removed."""
	frappe.db.sql_ddl("drop table if exists `__cronus_case_times`")


def find_class(minutes: int) -> int:
	"""The minutes at which the class of a number of minutes begins."""
	return CLASSES[bisect_right(CLASSES, max(minutes, 0)) - 1]


def add_times(added: Mapping[TimesKey, Mapping[str, int]]) -> None:
	"""Adds numbers to histograms, by what is counted (COLUMNS), and inserts those that do not exist yet; in
	the order of their keys, so that two transactions wait for each other and do not deadlock."""
	for keys in split_batches(sorted(added), _ROWS_PER_STATEMENT):
		details = sorted({detail for key in keys for detail in added[key]})
		names = [COLUMNS[detail] for detail in details]
		rows = [(*key, *(added[key].get(detail, 0) for detail in details)) for key in keys]
		query = frappe.qb.into(TIMES_TABLE).columns(*TimesKey._fields, *names).insert(*rows)
		for name in names:
			column = TIMES_TABLE[name]
			query = query.on_duplicate_key_update(column, column + Values(column))
		query.run()


def read_times(
	measures: Sequence[str], from_date: date, to_date: date, team: str | None = None
) -> dict[tuple[str, str], Histogram]:
	"""By measure and dimension, the histogram of a period, both days included: of what the session's user may
	see. team: only this one."""
	parts = split_period(from_date, to_date)
	found: dict[tuple[str, str], list[int]] = {}
	for measure, dimension, is_subtracted, numbers in _sum_columns(measures, parts, team) if parts else ():
		summed = map(int, numbers.split())
		if before := found.get((measure, dimension)):
			summed = map(sub if is_subtracted else add, before, summed)
		elif is_subtracted:
			summed = map(neg, summed)
		found[measure, dimension] = list(summed)
	return {key: _make_histogram(numbers) for key, numbers in found.items() if any(numbers)}


def _make_histogram(numbers: list[int]) -> Histogram:
	*of_classes, met, missed = numbers
	counted = zip(CLASSES, of_classes, strict=True)
	return Histogram(Counter({begins: number for begins, number in counted if number}), met, missed)


# In one text: thousands of single values take longer to read than to sum. As floating point numbers, which
# are exact to 2^53: the database sums whole numbers as decimals, in twice the time. Put together once, and
# not in each request.
_NUMBERS = PseudoColumn(
	f"CONCAT_WS(' ', {', '.join(f'SUM(CAST(`{column}` AS DOUBLE))' for column in COLUMNS.values())})"
)


def _sum_columns(measures: Sequence[str], parts: Sequence[PeriodPart], team: str | None):
	subtracted = [part for part in parts if part.sign < 0]
	is_subtracted = ValueWrapper(0)
	if subtracted:
		is_subtracted = Case().when(build_period(TIMES_TABLE, subtracted), 1).else_(0)
	# Grouped by a hash, as the names of totals are: grouping by long texts takes longer than all sums.
	key = (TIMES_TABLE.measure, TIMES_TABLE.dimension, is_subtracted)
	short_key = Function("UNHEX", Function("MD5", Function("CONCAT_WS", Function("UNHEX", "00"), *key)))
	query = (
		frappe.qb.from_(TIMES_TABLE)
		.select(*map(Min, key), _NUMBERS)
		.where(TIMES_TABLE.measure.isin(list(measures)))
		.where(build_period(TIMES_TABLE, parts))
		.where(build_scope(TIMES_TABLE))
		.groupby(short_key)
	)
	if team:
		query = query.where(TIMES_TABLE.team == team)
	return query.run()


def rename(fieldname: str, old: str, new: str, measures: Sequence[str]) -> None:
	"""Moves the histograms of a team or of a dimension to another name, and adds them to what is there.

	fieldname: "team" or "dimension". measures: those in which it is of the DocType that was renamed.
	"""
	is_old = (TIMES_TABLE[fieldname] == old) & TIMES_TABLE.measure.isin(list(measures))
	moved: dict[TimesKey, dict[str, int]] = {}
	for key, numbers in _read_histograms(is_old):
		moved[key._replace(**{fieldname: new})] = numbers
	frappe.qb.from_(TIMES_TABLE).where(is_old).delete().run()
	add_times(moved)


def _read_histograms(condition: Criterion) -> Iterator[tuple[TimesKey, dict[str, int]]]:
	query = frappe.qb.from_(TIMES_TABLE).select("*").where(condition)
	for row in query.for_update().run(as_dict=True):
		key = TimesKey(**{name: row[name] for name in TimesKey._fields})
		numbers = {detail: row[column] for detail, column in COLUMNS.items() if row[column]}
		yield key._replace(period=getdate(key.period)), numbers


def delete_empty_times() -> None:
	"""Deletes histograms whose numbers have all gone back to zero."""
	is_empty = Criterion.all(TIMES_TABLE[column] == 0 for column in COLUMNS.values())
	frappe.qb.from_(TIMES_TABLE).where(is_empty).delete().run()
