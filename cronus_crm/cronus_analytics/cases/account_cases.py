"""The cases of a period by customer, counted from the cases themselves. Who has the most is found over
indexes that hold all that is asked of them: of all teams, and of each. What that costs grows with the cases
of the period: so its days are limited. Only the cases of those with the most are read, over indexes that
begin with the customer.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from heapq import nsmallest

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Function, PseudoColumn, Term

from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters
from cronus_crm.cronus_service.promises.case_promises import CANCELLED, CASE
from cronus_crm.visibility import rule

# Of all customers; of one that is chosen, any period.
MOST_DAYS, MOST_ACCOUNTS = 31, 100

# By the moment: the indexes to be weighed for the busiest customers. For each that begins with the customer,
# the database looks up every one of a hundred names before it decides, which takes longer than the answer.
_WEIGHED = {
	"first_answered_on": ("answers_of_customer", "times_to_answer", "answers_of_team"),
	"solved_on": ("solutions_of_customer", "times_to_solution", "solutions_of_team"),
	"rating_asked_on": ("ratings_of_customer", "ratings_asked", "ratings_of_team"),
	"first_answer_due": ("answers_missed",),
	"solution_due": ("solutions_missed",),
}

# What ends a name in a text of many; no name has it.
_END = "\n"


def check_period(chosen: CaseFilters) -> None:
	"""Raises frappe.ValidationError for more than MOST_DAYS days of all customers."""
	if not chosen.customer and (chosen.to_date - chosen.from_date).days >= MOST_DAYS:
		frappe.throw(_("By account, choose one customer or a period of at most {0} days.").format(MOST_DAYS))


def left_out_sentence() -> str:
	"""The translated sentence for a page that shows the busiest customers only."""
	return _(
		"The {0} customers with the most cases are shown; the totals are of all. Choose a customer to see "
		"another one."
	).format(MOST_ACCOUNTS)


def find_busiest(fieldname: str, chosen: CaseFilters, team_field: str = "team") -> list[str] | None:
	"""The MOST_ACCOUNTS customers with the most cases of the period, "" for cases of none; None when there
	are no more customers than that.

	fieldname, team_field: see :func:`query_cases`.
	"""
	if chosen.customer:
		return None
	numbers = _count_by_account(fieldname, chosen, team_field)
	if len(numbers) <= MOST_ACCOUNTS:
		return None
	ranked = nsmallest(MOST_ACCOUNTS, ((-number, account) for account, number in numbers.items()))
	return [account for _number, account in ranked]


def _count_by_account(fieldname: str, chosen: CaseFilters, team_field: str) -> Mapping[str, int]:
	"""How many cases of the period each customer has, "" for none."""
	case, query = query_cases(fieldname, chosen, team_field=team_field)
	account = build_account(case)
	# All names as one text, to be counted here, take a quarter of what the database needs to group by them.
	text, number = query.select(Function("GROUP_CONCAT", account, _END), Count("*")).run()[0]
	names = (text or "").removesuffix(_END).split(f"{_END},") if number else []
	if len(names) == number and (text or _END).endswith(_END):
		return Counter(names)
	# The database cuts a text that is longer than its group_concat_max_len: 1 MB by default.
	return dict(query.select(account, Count("*")).groupby(account).run())


def query_cases(
	fieldname: str, chosen: CaseFilters, busiest: list[str] | None = None, team_field: str = "team"
) -> tuple[Table, QueryBuilder]:
	"""The table of cases, and a query of those of the period that the session's user sees. As in the totals,
	who works on the cases of their teams only is shown those.

	fieldname: the moment by which a case is of the period. busiest: of these customers only; see
	:func:`find_busiest`. team_field: which team is the chosen one.
	"""
	case = DocType(CASE)
	begins = datetime.combine(chosen.from_date, time())
	ends = datetime.combine(chosen.to_date + timedelta(days=1), time())
	query = (
		frappe.qb.from_(case)
		.where((case[fieldname] >= begins) & (case[fieldname] < ends))
		.where((case.category != CANCELLED) & (Coalesce(case.merged_into, "") == ""))
	)
	if chosen.team:
		query = query.where(case[team_field] == chosen.team)
	if chosen.customer:
		query = query.where(case.customer == chosen.customer)
	if busiest is not None:
		query = query.where(_build_is_of(case, busiest)).use_index(*_WEIGHED[fieldname])
	scope = rule.get_scope(CASE)
	if _is_of_teams(scope):
		return case, query.where(case.team.isin(scope.teams))
	return case, rule.filter_visible(query, CASE, case)


def are_totals_the_same() -> bool:
	"""True when the totals show the session's user the same cases as :func:`query_cases`."""
	scope = rule.get_scope(CASE)
	return scope.everything or _is_of_teams(scope)


def _is_of_teams(scope: rule.Scope) -> bool:
	return bool(scope.teams) and not scope.sellers


def build_account(case: Table) -> Term:
	"""The customer of a case, "" for none."""
	return Coalesce(case.customer, "")


def _build_is_of(case: Table, accounts: list[str]) -> Criterion:
	"""That a case is of one of these customers, "" for none; in terms of the column, for the index."""
	# As one text: the query builder takes longer for so many values than the database.
	names = PseudoColumn(f"({', '.join(map(frappe.db.escape, accounts))})")
	is_of = case.customer.isin(names)
	return is_of | case.customer.isnull() if "" in accounts else is_of
