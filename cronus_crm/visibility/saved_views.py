"""What people keep of lists and figures: filters, reports, charts, cards and boards, with what they wrote
into them.

The framework shows them to everybody on the desk, and a filter names customers. Of our DocTypes, those that
come with an app and those of who administers the site are for everybody; the others are for whoever made
them.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.visibility import ownership, rule
from cronus_crm.visibility.ownership import SavedView


def sql_condition(user: str, doctype: str) -> str:
	"""As SQL: "" for whoever administers the site, else the views that are theirs to see."""
	if user == "Administrator" or _is_system_manager(user):
		return ""
	view, role = DocType(doctype), DocType("Has Role")
	kept: SavedView = ownership.find_ownership(doctype)
	about = view[kept.about_field]
	administrators = (
		frappe.qb.from_(role)
		.select(role.parent)
		.where((role.parenttype == "User") & (role.role == "System Manager"))
	)
	allowed = (
		(view.owner == user)
		| (view.owner == "Administrator")
		| view.owner.isin(administrators)
		| about.isnull()
		| about.notin(ownership.governed_doctypes())
	)
	if kept.standard:
		allowed |= view.is_standard == kept.standard
	return f"({rule.criterion_to_sql(allowed)})"


def sql_condition_of_roles(user: str, doctype: str = "Has Role") -> str:
	"""As SQL: the roles of a report, which name it, where it may be seen."""
	if not (visible := sql_condition(user, "Report")):
		return ""
	names = f"select `tabReport`.`name` from `tabReport` where {visible}"
	return f"(`tabHas Role`.`parenttype` != 'Report' or `tabHas Role`.`parent` in ({names}))"


def permits(doc, ptype: str, user: str) -> bool:
	"""False for a view of our DocTypes that somebody else keeps."""
	kept: SavedView = ownership.find_ownership(doc.doctype)
	return (
		doc.is_new()
		or doc.owner in (user, "Administrator")
		or not ownership.is_governed(doc.get(kept.about_field))
		or bool(kept.standard and doc.is_standard == kept.standard)
		or _is_system_manager(user)
		or _is_system_manager(doc.owner)
	)


def _is_system_manager(user: str) -> bool:
	return "System Manager" in frappe.get_roles(user)
