"""The open cases of an account: what a seller should know before a visit."""

import frappe
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint

from cronus_crm.cronus_service.cases.case_states import CASE, IN_COURSE, NEW, WAITING_FOR_US
from cronus_crm.cronus_service.promises.case_promises import FIRST_ANSWER, SOLUTION
from cronus_crm.cronus_service.promises.promise_clock import MISSED
from cronus_crm.visibility import rule


def count_open(customer: str | None = None, prospect: str | None = None) -> dict | None:
	"""The open cases of an account that the session's user sees: `number`; `unanswered`, which are new or
	wait for us; and `missed`, of which a promised time has passed. None for a user without the right to
	read cases.

	customer, prospect: the account, of which one is given.

	Raises frappe.PermissionError for an account that the user may not see.
	"""
	doctype, name = ("Cronus Customer", customer) if customer else ("Cronus Prospect", prospect)
	frappe.has_permission(doctype, "read", name, throw=True)
	if not frappe.has_permission(CASE, "read"):
		return None
	case = DocType(CASE)
	account = case.customer == customer if customer else case.prospect == prospect
	is_unanswered = case.category.isin((NEW, WAITING_FOR_US))
	is_missed = (case[FIRST_ANSWER.state] == MISSED) | (case[SOLUTION.state] == MISSED)
	query = (
		frappe.qb.from_(case)
		.select(Count("*").as_("number"))
		.select(Sum(Case().when(is_unanswered, 1).else_(0)).as_("unanswered"))
		.select(Sum(Case().when(is_missed, 1).else_(0)).as_("missed"))
		.where(account & case.category.isin(IN_COURSE))
	)
	(row,) = rule.filter_visible(query, CASE, case).run(as_dict=True)
	return {name: cint(number) for name, number in row.items()}
