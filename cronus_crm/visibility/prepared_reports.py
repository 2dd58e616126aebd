"""Results of reports that the framework keeps: each was made with what its user sees, and is that user's.

The framework shows a Prepared Report to everybody who may run the report.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.visibility import ownership, rule


def sql_condition(user: str, doctype: str = "Prepared Report") -> str:
	"""As SQL: of reports about our DocTypes, the results that the user had prepared; "" when nothing is
	hidden."""
	if _sees_everything(user):
		return ""
	report, prepared = DocType("Report"), DocType("Prepared Report")
	ours = frappe.qb.from_(report).select(report.name).where(report.ref_doctype.isin(_list_report_doctypes()))
	return f"({rule.criterion_to_sql((prepared.owner == user) | prepared.report_name.notin(ours))})"


def permits(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""False for a result of a report about our DocTypes that is somebody else's."""
	return may_see_result(doc, user)


def may_see_result(doc, user: str | None = None) -> bool:
	"""True for a result that the user may see, whatever the user's roles say of results."""
	user = user or frappe.session.user
	if doc.owner == user or _sees_everything(user):
		return True
	return frappe.get_cached_value("Report", doc.report_name, "ref_doctype") not in _list_report_doctypes()


def _list_report_doctypes() -> list[str]:
	return ownership.governed_doctypes()


def _sees_everything(user: str) -> bool:
	return rule.get_scope(user=user).everything
