"""How satisfied people are: by agent, type, team and month from the totals of cases, by account from the
cases of the period.

Everything counts on the day on which the question was asked: so what was answered is a part of what was asked
then, and the figures of a period rise while answers come in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from frappe.query_builder.functions import Count
from frappe.utils import cint

from cronus_crm.cronus_analytics.cases import account_cases
from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters
from cronus_crm.cronus_analytics.cases.case_totals import AGENT, TYPE, rating_measure, read_totals
from cronus_crm.cronus_service.promises.case_promises import CASE
from cronus_crm.visibility import rule

GOOD = (4, 5)

# By what the rows are: the measure, and the fields of the totals.
_FROM_TOTALS = {
	"Agent": (rating_measure(AGENT), "dimension"),
	"Type": (rating_measure(TYPE), "dimension"),
	"Team": (rating_measure(AGENT), "team"),
	"Month": (rating_measure(AGENT), "month"),
}
BY = (*_FROM_TOTALS, "Account")


@dataclass
class Ratings:
	"""by_rating: how many cases have each rating; under 0, those that were asked about and not answered."""

	by_rating: Counter[int] = field(default_factory=Counter)

	@property
	def asked(self) -> int:
		return sum(self.by_rating.values())

	@property
	def answered(self) -> int:
		return self.asked - self.by_rating[0]

	@property
	def good(self) -> int:
		return sum(self.by_rating[rating] for rating in GOOD)

	@property
	def mean(self) -> float | None:
		"""The mean of the answers, with two decimals; None without any."""
		if not self.answered:
			return None
		return round(sum(rating * number for rating, number in self.by_rating.items()) / self.answered, 2)


class RatingsByRow(NamedTuple):
	"""rows: ratings by the keys of one of BY, "" for none. in_all: all ratings. left_out: True when there are
	more customers than rows."""

	rows: dict[str | date, Ratings]
	in_all: Ratings
	left_out: bool = False


def read_ratings(
	by: str, from_date: date, to_date: date, team: str | None = None, customer: str | None = None
) -> RatingsByRow:
	"""Ratings of what the session's user may see; by account, of the customers that were asked most, at most
	`account_cases.MOST_ACCOUNTS`. customer: by account only.

	Raises frappe.ValidationError as `service_figures.read_times_by_account` for a long period by account.
	"""
	if by == "Account":
		return _read_by_account(CaseFilters(from_date, to_date, team, customer))
	measure, key = _FROM_TOTALS[by]
	rows = read_totals((measure,), from_date, to_date, by=(key, "detail"), team=team)
	found = _collect((row[key], row.detail, row.number) for row in rows)
	return RatingsByRow(found, _add_up(found))


def _read_by_account(chosen: CaseFilters) -> RatingsByRow:
	account_cases.check_period(chosen)
	busiest = account_cases.find_busiest("rating_asked_on", chosen, "rating_team")
	case, query = account_cases.query_cases("rating_asked_on", chosen, busiest, "rating_team")
	key = (account_cases.build_account(case), case.rating)
	found = _collect(query.select(*key, Count("*")).groupby(*key).run())
	if busiest is None:
		return RatingsByRow(found, _add_up(found))
	return RatingsByRow(found, _read_in_all(chosen), left_out=True)


def _read_in_all(chosen: CaseFilters) -> Ratings:
	if rule.sees_all(CASE):
		return read_ratings("Type", chosen.from_date, chosen.to_date, chosen.team).in_all
	# The totals have the team of the day of the question; what is seen is a matter of the team of today.
	case, query = account_cases.query_cases("rating_asked_on", chosen, team_field="rating_team")
	numbers = query.select(case.rating, Count("*")).groupby(case.rating).run()
	return _add_up(_collect(("", rating, number) for rating, number in numbers))


def _collect(rows: Iterable[tuple[str | date, str | int | None, int]]) -> dict[str | date, Ratings]:
	found: dict[str | date, Ratings] = defaultdict(Ratings)
	for key, rating, number in rows:
		found[key].by_rating[cint(rating)] += number
	return dict(found)


def _add_up(found: dict[str | date, Ratings]) -> Ratings:
	in_all = Ratings()
	for ratings in found.values():
		in_all.by_rating.update(ratings.by_rating)
	return in_all
