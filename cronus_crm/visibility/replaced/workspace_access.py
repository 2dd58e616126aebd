"""Which workspaces of the framework are offered."""

import frappe

from cronus_crm.visibility.replaced.replacement import Call, replaces

# Roles that every user of the desk has.
_COMMON_ROLES = frozenset(("All", "Guest", "Desk User"))


@replaces("frappe.desk.desktop.Workspace.is_permitted")
def is_permitted(call: Call) -> bool:
	"""Whether a user sees a workspace in the sidebar, and may open it.

	No hole: 15 and 16 show *Build*, *Integrations*, *Website*, *Users* and *Tools* to everybody, whatever
	they may do there, because these name no roles. Those who only use the CRM have nothing to do in them. A
	site that gives roles to such a workspace decides for itself. Held by
	cronus_crm/visibility/test_workspace_access.py.
	"""
	if not call():
		return False
	workspace = call["self"].doc
	is_for_all = not workspace.roles and workspace.module and not workspace.for_user
	return not (is_for_all and _is_of_framework(workspace.module) and _uses_only_the_crm())


def _is_of_framework(module: str) -> bool:
	return frappe.local.module_app.get(frappe.scrub(module)) == "frappe"


def _uses_only_the_crm() -> bool:
	roles = set(frappe.get_roles()) - _COMMON_ROLES
	return bool(roles) and all(role.startswith("Cronus ") for role in roles)
