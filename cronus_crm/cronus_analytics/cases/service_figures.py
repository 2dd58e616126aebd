"""How long cases take, and whether what was promised is met: by agent and by type from the totals, by account
from the facts on the cases of the period.

Times are working minutes, from the opening to the first answer or to the solution, without those in which a
case waited for the customer. They count on the day on which they ended. A promise that was missed counts on
the day on which it was due.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import cint

from cronus_crm.cronus_analytics.cases import case_times
from cronus_crm.cronus_analytics.cases.case_times import CLASSES, find_class
from cronus_crm.cronus_analytics.cases.case_totals import TIMES, promise_measure, read_totals, time_measure
from cronus_crm.cronus_service.promises.case_promises import CANCELLED, CASE, Promised
from cronus_crm.cronus_service.promises.promise_clock import MET, MISSED
from cronus_crm.visibility import rule

# By account each case of the period is read: so many days at most, unless one account is chosen.
MOST_DAYS_BY_ACCOUNT = 92


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
	found, of_times, of_promises = _make_times(), {}, {}
	for promised in TIMES:
		of_times[time_measure(promised, by)] = of_promises[promise_measure(promised, by)] = promised
	minutes = case_times.read_times(tuple(of_times), from_date, to_date, team)
	for (measure, dimension), counted in minutes.items():
		found[dimension][of_times[measure]].minutes.update(counted)
	rows = read_totals(tuple(of_promises), from_date, to_date, by=("dimension", "detail"), team=team)
	for row in rows:
		times = found[row.dimension][of_promises[row.measure]]
		times.met += row.number if row.detail == MET else 0
		times.missed += row.number if row.detail == MISSED else 0
	return found


def read_times_by_account(
	from_date: date, to_date: date, team: str | None = None, customer: str | None = None
) -> TimesByRow:
	"""Times by customer, "" for cases of none, read from the cases themselves under the rule.

	Raises frappe.ValidationError for more than MOST_DAYS_BY_ACCOUNT days of all customers.
	"""
	check_period_by_account(from_date, to_date, customer)
	found = _make_times()
	for promised in TIMES:
		for account, minutes, state, number in _count_done(promised, from_date, to_date, team, customer):
			times = found[account][promised]
			times.minutes[find_class(cint(minutes))] += number
			times.met += number if state == MET else 0
		for account, number in _count_missed(promised, from_date, to_date, team, customer):
			found[account][promised].missed += number
	return found


def check_period_by_account(from_date: date, to_date: date, customer: str | None) -> None:
	"""Raises frappe.ValidationError for more than MOST_DAYS_BY_ACCOUNT days of all customers."""
	if not customer and (to_date - from_date).days >= MOST_DAYS_BY_ACCOUNT:
		frappe.throw(
			_("By account, choose one customer or a period of at most {0} days.").format(MOST_DAYS_BY_ACCOUNT)
		)


def _count_done(promised: Promised, *filters):
	case, query = query_cases(promised.done_on, *filters)
	terms = (Coalesce(case.customer, ""), case[promised.taken], case[promised.state])
	return query.select(*terms, Count("*")).groupby(*terms).run()


def _count_missed(promised: Promised, *filters):
	case, query = query_cases(promised.due, *filters)
	account = Coalesce(case.customer, "")
	query = query.where(case[promised.state] == MISSED)
	return query.select(account, Count("*")).groupby(account).run()


def query_cases(fieldname: str, from_date: date, to_date: date, team: str | None, customer: str | None):
	"""The table of cases, and a query of those of the period by a field, that the session's user may see."""
	case = DocType(CASE)
	begins = datetime.combine(from_date, time())
	ends = datetime.combine(to_date + timedelta(days=1), time())
	query = (
		frappe.qb.from_(case)
		.where((case[fieldname] >= begins) & (case[fieldname] < ends))
		.where((case.category != CANCELLED) & (Coalesce(case.merged_into, "") == ""))
	)
	if team:
		query = query.where(case.team == team)
	if customer:
		query = query.where(case.customer == customer)
	return case, rule.filter_visible(query, CASE, case)


def find_percentile(minutes: Counter[int], percent: int) -> int | None:
	"""The minutes within which so many per cent of the times end; None without times.

	minutes: how often each class of `case_totals.CLASSES` occurs, whose times are taken as spread evenly.
	"""
	number = sum(minutes.values())
	if not number:
		return None
	rank, before = -(-number * percent // 100), 0
	for begins in sorted(minutes):
		if before + minutes[begins] >= rank:
			width = _find_end(begins) - begins
			return begins + width * (2 * (rank - before) - 1) // (2 * minutes[begins])
		before += minutes[begins]
	return None


def _find_end(begins: int) -> int:
	"""The last minute of a class; of the last class, its first."""
	place = CLASSES.index(begins) + 1
	return CLASSES[place] - 1 if place < len(CLASSES) else begins
