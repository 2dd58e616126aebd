"""Saved filters, reports, charts, number cards and boards, with the texts in them.

The framework shows them to every user of the desk, although a filter may contain the name of a customer.
Those over governed DocTypes are seen by their owner only, unless they come with an app or belong to a System
Manager: these are seen by everybody.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.visibility import ownership, rule
from cronus_crm.visibility.ownership import SavedView


def sql_condition(user: str, doctype: str) -> str:
	"""SQL condition for the saved views that the user may see; "" for System Managers."""
	if user == "Administrator" or _is_system_manager(user):
		return ""
	view, role = DocType(doctype), DocType("Has Role")
	owned: SavedView = ownership.find_ownership(doctype)
	about = view[owned.about_field]
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
	if owned.standard:
		allowed |= view.is_standard == owned.standard
	return f"({rule.criterion_to_sql(allowed)})"


def sql_condition_of_roles(user: str, doctype: str = "Has Role") -> str:
	"""SQL condition for Has Role: rows of reports, which contain the name of the report, follow the
	report."""
	if not (visible := sql_condition(user, "Report")):
		return ""
	names = f"select `tabReport`.`name` from `tabReport` where {visible}"
	return f"(`tabHas Role`.`parenttype` != 'Report' or `tabHas Role`.`parent` in ({names}))"


def permits(doc, ptype: str, user: str) -> bool:
	"""False for a saved view over a governed DocType that belongs to another user, who is no System
	Manager."""
	owned: SavedView = ownership.find_ownership(doc.doctype)
	return (
		doc.is_new()
		or doc.owner in (user, "Administrator")
		or not ownership.is_governed(doc.get(owned.about_field))
		or bool(owned.standard and doc.is_standard == owned.standard)
		or _is_system_manager(user)
		or _is_system_manager(doc.owner)
	)


def _is_system_manager(user: str) -> bool:
	return "System Manager" in frappe.get_roles(user)
