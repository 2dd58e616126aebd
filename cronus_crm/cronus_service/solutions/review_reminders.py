"""Whoever is responsible for a solution is reminded at its review date, once for each date."""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import escape_html, format_date
from frappe.utils.user import get_users_with_role

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_today
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.cronus_service.solutions.solution_search import SOLUTION

LEAD_ROLE = "Cronus Service Lead"


def send_due_reminders() -> None:
	"""Scheduled each day: tells of the solutions whose review date has come, also while the scheduler was
	down. Notice and mark are of one transaction for each solution."""
	for name in _list_due():
		run_in_own_transaction(_remind, name)


def _list_due() -> list[str]:
	solution = DocType(SOLUTION)
	return (
		frappe.qb.from_(solution)
		.select(solution.name)
		.where(solution.review_on <= company_today())
		.where(solution.review_told_for.isnull() | (solution.review_told_for != solution.review_on))
		.orderby(solution.review_on)
		.orderby(solution.name)
	).run(pluck=True)


def _remind(name: str) -> None:
	fields = ["question", "responsible", "review_on", "review_told_for"]
	row = frappe.db.get_value(SOLUTION, name, fields, as_dict=True, for_update=True)
	if (
		not row
		or not row.review_on
		or row.review_on > company_today()
		or row.review_told_for == row.review_on
	):
		return
	for user in _list_readers(row.responsible):
		language = user_language(user)
		text = _("Review solution {0}, “{1}”: its review date is {2}.", language)
		subject = text.format(
			frappe.bold(name), frappe.bold(escape_html(row.question)), format_date(row.review_on)
		)
		send_notice(user, subject, document=(SOLUTION, name))
	frappe.db.set_value(SOLUTION, name, "review_told_for", row.review_on, update_modified=False)


def _list_readers(responsible: str | None) -> list[str]:
	"""Who is responsible; the leads of service where that is nobody who works here."""
	if responsible and frappe.db.get_value("User", responsible, "enabled"):
		return [responsible]
	return sorted(get_users_with_role(LEAD_ROLE))
