"""The cases of a period by customer, counted from the cases themselves, over indexes that hold all that is
asked of them: of all teams, and of each. What that costs grows with the cases of the period: so its days are
limited, and of many customers only the busiest are looked at. They are found by a hash of their name, since
grouping by names takes four times as long.
"""

from datetime import datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Coalesce, Count
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Function, PseudoColumn, Term

from cronus_crm.cronus_analytics.cases.case_filters import CaseFilters
from cronus_crm.cronus_service.promises.case_promises import CANCELLED, CASE
from cronus_crm.visibility import rule

# Of all customers; of one that is chosen, any period.
MOST_DAYS, MOST_ACCOUNTS = 31, 100


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


def find_busiest(fieldname: str, chosen: CaseFilters, team_field: str = "team") -> list[int] | None:
	"""The hashes of the MOST_ACCOUNTS customers with the most cases of the period, as :func:`query_cases`
	takes them; None when there are no more customers than that.

	fieldname, team_field: see :func:`query_cases`.
	"""
	if chosen.customer:
		return None
	case, query = query_cases(fieldname, chosen, team_field=team_field)
	hashed = _hash_account(case)
	query = query.select(hashed).groupby(hashed).orderby(Count("*"), order=Order.desc).orderby(hashed)
	found = query.limit(MOST_ACCOUNTS + 1).run(pluck=True)
	return found[:MOST_ACCOUNTS] if len(found) > MOST_ACCOUNTS else None


def query_cases(
	fieldname: str, chosen: CaseFilters, busiest: list[int] | None = None, team_field: str = "team"
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
		# As one text: the query builder takes longer for so many values than the database.
		hashes = PseudoColumn(f"({', '.join(map(str, busiest))})")
		query = query.where(_hash_account(case).isin(hashes))
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


def _hash_account(case: Table) -> Function:
	return Function("CRC32", build_account(case))
