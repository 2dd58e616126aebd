"""Stored results of reports (Prepared Report). Each contains what its owner could see, so only the owner may
read it.

The framework shows a Prepared Report to every user who may run the report.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.base.present_records import get_present_value
from cronus_crm.visibility import ownership, rule


def sql_condition(user: str, doctype: str = "Prepared Report") -> str:
	"""SQL condition for Prepared Reports: the user's own, and those of reports that are not over governed
	DocTypes; "" when the user sees all documents."""
	if _sees_everything(user):
		return ""
	report, prepared = DocType("Report"), DocType("Prepared Report")
	ours = frappe.qb.from_(report).select(report.name).where(report.ref_doctype.isin(_list_report_doctypes()))
	return f"({rule.criterion_to_sql((prepared.owner == user) | prepared.report_name.notin(ours))})"


def permits(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""False for the result of another user, of a report over a governed DocType."""
	return may_see_result(doc, user)


def may_see_result(doc, user: str | None = None) -> bool:
	"""True when the rule lets the user read a Prepared Report. Roles are not checked here."""
	user = user or frappe.session.user
	if doc.owner == user or _sees_everything(user):
		return True
	return get_present_value("Report", doc.report_name, "ref_doctype") not in _list_report_doctypes()


def _list_report_doctypes() -> list[str]:
	return ownership.governed_doctypes()


def _sees_everything(user: str) -> bool:
	return rule.get_scope(user=user).everything
