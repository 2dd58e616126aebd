"""What people keep of lists and figures: filters, reports, charts, cards and boards, with what they wrote
into them.

The framework shows them to everybody on the desk, and a filter names customers. Of our DocTypes, those that
come with an app and those of who administers the site are for everybody; the others are for whoever made
them.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.visibility import rule

# Of each: the field that says what it is about, and what `is_standard` is where it comes with an app.
_ABOUT = {
	"List Filter": ("reference_doctype", None),
	"Report": ("ref_doctype", "Yes"),
	"Dashboard Chart": ("document_type", 1),
	"Number Card": ("document_type", 1),
	"Kanban Board": ("reference_doctype", None),
}


def permission_query_conditions(user: str | None, doctype: str) -> str:
	"""Hook of the same name: "" for whoever administers the site, else the views that are theirs to see."""
	user = user or frappe.session.user
	if user == "Administrator" or _administers(user):
		return ""
	view, role = DocType(doctype), DocType("Has Role")
	about, standard = _ABOUT[doctype]
	administrators = (
		frappe.qb.from_(role)
		.select(role.parent)
		.where((role.parenttype == "User") & (role.role == "System Manager"))
	)
	allowed = (
		(view.owner == user)
		| (view.owner == "Administrator")
		| view.owner.isin(administrators)
		| view[about].isnull()
		| view[about].notin(rule.governed_doctypes())
	)
	if standard:
		allowed |= view.is_standard == standard
	return f"({rule.as_text(allowed)})"


def role_permission_query_conditions(user: str | None) -> str:
	"""Hook `permission_query_conditions` of Has Role: the roles of a report, which name it, where it may be
	seen."""
	if not (visible := permission_query_conditions(user, "Report")):
		return ""
	names = f"select `tabReport`.`name` from `tabReport` where {visible}"
	return f"(`tabHas Role`.`parenttype` != 'Report' or `tabHas Role`.`parent` in ({names}))"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook of the same name: False for a view of our DocTypes that somebody else keeps."""
	user = user or frappe.session.user
	return _is_theirs(doc, user) and rule.other_hooks_allow(doc, ptype, user, f"{__name__}.has_permission")


def _is_theirs(doc, user: str) -> bool:
	about, standard = _ABOUT[doc.doctype]
	return (
		doc.is_new()
		or doc.owner in (user, "Administrator")
		or not rule.is_governed(doc.get(about))
		or bool(standard and doc.is_standard == standard)
		or _administers(user)
		or _administers(doc.owner)
	)


def _administers(user: str) -> bool:
	return "System Manager" in frappe.get_roles(user)
