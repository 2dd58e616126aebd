"""What a site gets besides our own DocTypes; `uninstall.py` takes it back."""

import frappe
from frappe.permissions import add_permission

# Core DocTypes that our forms link to and that ordinary desk users may not read.
READ_BY_OUR_ROLES = ("Currency",)


def after_install() -> None:
	"""Lets our roles read what our forms link to."""
	for doctype in READ_BY_OUR_ROLES:
		for role in our_roles():
			add_permission(doctype, role, ptype="read")


def after_sync() -> None:
	"""Points the settings at the activity types that came with the fixtures, once these are there."""
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.follow_up_type = settings.follow_up_type or "Follow-up"
	settings.collection_type = settings.collection_type or "Collection"
	settings.save()


def our_roles() -> list[str]:
	"""The roles that this app brings: those whose names begin with its own."""
	return frappe.get_all("Role", filters={"name": ("like", "Cronus %")}, pluck="name", order_by="name asc")
