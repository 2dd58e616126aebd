"""The cases that are open now, by agent: how many in each state, how old they are, how many have missed a
promised time.

They are read from the cases themselves, under the rule of visibility. What that costs depends on how many are
open, and not on how many there have ever been.
"""

from datetime import datetime, time, timedelta

import frappe
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Coalesce, Count, Min, Sum

from cronus_crm.base.company import company_today
from cronus_crm.cronus_service.promises.case_promises import CASE, PROMISED_TIMES
from cronus_crm.cronus_service.promises.promise_clock import MISSED
from cronus_crm.visibility import rule

OPEN_CATEGORIES = ("New", "Open", "Waiting for us", "Waiting for them")

# Ages in days, of which each class begins with one: today, since yesterday, …
AGES = (0, 1, 3, 7)


def count_open(team: str | None = None) -> list[frappe._dict]:
	"""The open cases that the session's user sees: `agent` ("" for nobody), `category`, `age` (one of AGES),
	`number`, `missed` (cases with a missed time) and `oldest` (when the oldest was opened)."""
	case = DocType(CASE)
	agent, age = Coalesce(case.agent, ""), _build_age(case)
	is_missed = case[PROMISED_TIMES[0].state] == MISSED
	for promised in PROMISED_TIMES[1:]:
		is_missed = is_missed | (case[promised.state] == MISSED)
	query = (
		frappe.qb.from_(case)
		.select(agent.as_("agent"), case.category, age.as_("age"), Count("*").as_("number"))
		.select(Sum(Case().when(is_missed, 1).else_(0)).as_("missed"), Min(case.opened_on).as_("oldest"))
		.where(case.category.isin(OPEN_CATEGORIES))
		.groupby(agent, case.category, age)
		.orderby(agent, case.category, age)
	)
	if team:
		query = query.where(case.team == team)
	found = rule.filter_visible(query, CASE, case).run(as_dict=True)
	for row in found:
		row.missed = int(row.missed or 0)
	return found


def _build_age(case):
	midnight = datetime.combine(company_today(), time())
	age = Case()
	for days in AGES[1:]:
		age = age.when(case.opened_on >= midnight - timedelta(days=days - 1), AGES[AGES.index(days) - 1])
	return age.else_(AGES[-1])
