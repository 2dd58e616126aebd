"""How satisfied people are: by agent, type, team and month from the totals of cases, by account from the
cases of the period.

Everything counts on the day on which the question was asked: so what was answered is a part of what was asked
then, and the figures of a period rise while answers come in.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import cint

from cronus_crm.cronus_analytics.cases.case_totals import AGENT, TYPE, rating_measure, read_totals
from cronus_crm.cronus_analytics.cases.service_figures import check_period_by_account, query_cases

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


def read_ratings(
	by: str, from_date: date, to_date: date, team: str | None = None, customer: str | None = None
) -> dict[str | date, Ratings]:
	"""Ratings by the keys of one of BY, "" for none, of what the session's user may see. customer: by account
	only.

	Raises frappe.ValidationError as `service_figures.read_times_by_account` for a long period by account.
	"""
	rows = (
		_read_by_account(from_date, to_date, team, customer)
		if by == "Account"
		else _read_totals(by, from_date, to_date, team)
	)
	found: dict[str | date, Ratings] = defaultdict(Ratings)
	for key, rating, number in rows:
		found[key].by_rating[cint(rating)] += number
	return dict(found)


def _read_totals(by: str, from_date: date, to_date: date, team: str | None):
	measure, key = _FROM_TOTALS[by]
	rows = read_totals((measure,), from_date, to_date, by=(key, "detail"), team=team)
	return [(row[key], row.detail, row.number) for row in rows]


def _read_by_account(from_date: date, to_date: date, team: str | None, customer: str | None):
	check_period_by_account(from_date, to_date, customer)
	case, query = query_cases("rating_asked_on", from_date, to_date, None, customer)
	if team:
		query = query.where(case.rating_team == team)
	terms = (Coalesce(case.customer, ""), case.rating)
	return query.select(*terms, Count("*")).groupby(*terms).run()
