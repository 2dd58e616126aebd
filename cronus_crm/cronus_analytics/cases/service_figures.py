"""How long cases take, and whether what was promised is met: by agent and by type from the totals, by account
from the facts on the cases of the period.

Times are working minutes, from the opening to the first answer or to the solution, without those in which a
case waited for the customer. They count on the day on which they ended. A promise that was missed counts on
the day on which it was due.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from frappe.query_builder.functions import Count
from frappe.utils import cint
from pypika.terms import ValueWrapper

from cronus_crm.cronus_analytics.cases import account_cases, case_times
from cronus_crm.cronus_analytics.cases.account_cases import build_account, query_cases
from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters
from cronus_crm.cronus_analytics.cases.case_times import CLASSES, find_class
from cronus_crm.cronus_analytics.cases.case_totals import (
	TIMES,
	TYPE,
	time_measure,
)
from cronus_crm.cronus_service.promises.case_promises import FIRST_ANSWER, Promised
from cronus_crm.cronus_service.promises.promise_clock import MET, MISSED


@dataclass
class Times:
	"""Of one promised time. minutes: how often each class of minutes occurs. met, missed: promises."""

	minutes: Counter[int] = field(default_factory=Counter)
	met: int = 0
	missed: int = 0

	def add(self, other: "Times") -> None:
		self.minutes.update(other.minutes)
		self.met += other.met
		self.missed += other.missed

	@property
	def number(self) -> int:
		return sum(self.minutes.values())


# By what the rows are of (an agent, a type, an account) and by promised time.
TimesByRow = dict[str, dict[Promised, Times]]


def _make_times() -> TimesByRow:
	return defaultdict(lambda: {promised: Times() for promised in TIMES})


def read_times(by: str, from_date: date, to_date: date, team: str | None = None) -> TimesByRow:
	"""Times by agent or by type (`case_totals.AGENT`, `TYPE`), from the totals."""
	found = _make_times()
	promised_by_measure = {time_measure(promised, by): promised for promised in TIMES}
	histograms = case_times.read_times(tuple(promised_by_measure), from_date, to_date, team)
	for (measure, dimension), histogram in histograms.items():
		found[dimension][promised_by_measure[measure]] = Times(*histogram)
	return found


class TimesByAccount(NamedTuple):
	"""rows: times by customer, "" for cases of none. in_all: those of all customers. left_out: True when
	there are more customers than rows."""

	rows: TimesByRow
	in_all: dict[Promised, Times]
	left_out: bool


def read_times_by_account(
	from_date: date, to_date: date, team: str | None = None, customer: str | None = None
) -> TimesByAccount:
	"""Times of the customers with the most first answers, at most `account_cases.MOST_ACCOUNTS`, read from
	the cases themselves.

	Raises frappe.ValidationError for more than `account_cases.MOST_DAYS` days of all customers.
	"""
	chosen = CaseFilters(from_date, to_date, team, customer)
	account_cases.check_period(chosen)
	busiest = account_cases.find_busiest(FIRST_ANSWER.done_on, chosen)
	found = _read_cases(chosen, busiest)
	in_all = add_up(found) if busiest is None else _read_in_all(chosen)
	keys = sort_by_number(found)[: account_cases.MOST_ACCOUNTS]
	left_out = busiest is not None or len(keys) < len(found)
	return TimesByAccount({key: found[key] for key in keys}, in_all, left_out)


def add_up(found: TimesByRow) -> dict[Promised, Times]:
	"""What all rows come to."""
	in_all = {promised: Times() for promised in TIMES}
	for times in found.values():
		for promised in TIMES:
			in_all[promised].add(times[promised])
	return in_all


def sort_by_number(found: TimesByRow) -> list[str]:
	"""The keys of rows: those with the most first answers and solutions come first."""
	return sorted(found, key=lambda key: (-sum(times.number for times in found[key].values()), key))


def _read_in_all(chosen: CaseFilters) -> dict[Promised, Times]:
	if account_cases.are_totals_the_same():
		return add_up(read_times(TYPE, chosen.from_date, chosen.to_date, chosen.team))
	return add_up(_read_cases(chosen, by_account=False))


def _read_cases(chosen: CaseFilters, busiest: list[str] | None = None, by_account: bool = True) -> TimesByRow:
	found = _make_times()
	for promised in TIMES:
		for account, minutes, state, number in _count_done(promised, chosen, busiest, by_account):
			times = found[account][promised]
			times.minutes[find_class(cint(minutes))] += number
			times.met += number if state == MET else 0
		for account, number in _count_missed(promised, chosen, busiest, by_account):
			found[account][promised].missed += number
	return found


def _count_done(promised: Promised, chosen: CaseFilters, busiest: list[str] | None, by_account: bool):
	case, query = query_cases(promised.done_on, chosen, busiest)
	account = build_account(case) if by_account else ValueWrapper("")
	key = (case[promised.taken], case[promised.state])
	groups = (account, *key) if by_account else key
	return query.select(account, *key, Count("*")).groupby(*groups).run()


def _count_missed(promised: Promised, chosen: CaseFilters, busiest: list[str] | None, by_account: bool):
	case, query = query_cases(promised.due, chosen, busiest)
	query = query.where(case[promised.state] == MISSED)
	if not by_account:
		return query.select(ValueWrapper(""), Count("*")).run()
	return query.select(build_account(case), Count("*")).groupby(build_account(case)).run()


def find_percentile(minutes: Counter[int], percent: int) -> int | None:
	"""The minutes within which so many per cent of the times end; None without times.

	minutes: how often each class of `case_totals.CLASSES` occurs, whose times are taken as spread evenly.
	"""
	rank, before = -(-sum(minutes.values()) * percent // 100), 0
	for begins, number in sorted(minutes.items()):
		if before + number >= rank:
			width = _find_end(begins) - begins
			return begins + width * (2 * (rank - before) - 1) // (2 * number)
		before += number
	return None


def _find_end(begins: int) -> int:
	"""The last minute of a class; of the last class, its first."""
	place = CLASSES.index(begins) + 1
	return CLASSES[place] - 1 if place < len(CLASSES) else begins
