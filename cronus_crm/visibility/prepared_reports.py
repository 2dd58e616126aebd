"""Results of reports that the framework keeps: each was made with what its user sees, and is that user's.

The framework shows a Prepared Report to everybody who may run the report.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.visibility import rule


def permission_query_conditions(user: str | None) -> str:
	"""Hook of the same name: of reports about our DocTypes, the results that the user had prepared."""
	user = user or frappe.session.user
	if _sees_everything(user):
		return ""
	report, prepared = DocType("Report"), DocType("Prepared Report")
	ours = frappe.qb.from_(report).select(report.name).where(report.ref_doctype.isin(_about()))
	return f"({rule.as_text((prepared.owner == user) | prepared.report_name.notin(ours))})"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook of the same name: False for a result of a report about our DocTypes that is somebody else's."""
	return is_theirs(doc, user) and rule.other_hooks_allow(doc, ptype, user, f"{__name__}.has_permission")


def is_theirs(doc, user: str | None = None) -> bool:
	"""True for a result that the user may see, whatever the user's roles say of results."""
	user = user or frappe.session.user
	if doc.owner == user or _sees_everything(user):
		return True
	return frappe.get_cached_value("Report", doc.report_name, "ref_doctype") not in _about()


def _about() -> list[str]:
	return rule.governed_doctypes()


def _sees_everything(user: str) -> bool:
	return rule.scope_of("Cronus Sales Entry", user).everything
