"""What a site gets besides our own DocTypes; `uninstall.py` takes it back."""

import re

import frappe
from frappe import _
from frappe.permissions import add_permission, update_permission_property

from cronus_crm.cronus_crm.opportunities import opportunity_board

# What our roles may do with core DocTypes that our forms need: DocType, its rights, and the roles (all of
# ours where none is named). Which contacts and addresses they see is the matter of rule.py.
_EDITING_RIGHTS = ("read", "write", "create", "report", "print", "email")
_SELLING_ROLES = ("Cronus Seller", "Cronus Sales Manager", "Cronus Administrator")
GRANTS = (
	("Currency", ("read",), ()),
	("Auto Repeat", ("read",), _SELLING_ROLES),
	("Contact", _EDITING_RIGHTS, (*_SELLING_ROLES, "Cronus Billing User")),
	("Address", _EDITING_RIGHTS, (*_SELLING_ROLES, "Cronus Billing User")),
)

OLDEST_FRAPPE = "15.101"


def before_install() -> None:
	"""Refuses a Frappe whose security holes are public: no rule of ours holds where the framework does not.

	Raises frappe.ValidationError, which says what is needed.
	"""
	if _parse_version(frappe.__version__) < _parse_version(OLDEST_FRAPPE):
		frappe.throw(
			_(
				"Frappe {0} cannot have Cronus CRM, which needs {1} or later: older ones have "
				"published security holes, by which whoever can log in reads what is hidden from them. "
				"Update Frappe first."
			).format(frappe.__version__, OLDEST_FRAPPE),
			title=_("Frappe is too old"),
		)


def _parse_version(version: str) -> tuple[int, ...]:
	return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def after_install() -> None:
	"""Gives our roles the rights of GRANTS."""
	grant_rights()


def grant_rights() -> None:
	"""Gives our roles what GRANTS names and they lack; changes nothing else, however often it is repeated."""
	for doctype, rights, roles in GRANTS:
		for role in roles or list_our_roles():
			rule = {"parent": doctype, "role": role, "permlevel": 0, "if_owner": 0}
			if not frappe.db.exists("Custom DocPerm", rule):
				add_permission(doctype, role, ptype=rights[0])
			for right in rights:
				update_permission_property(doctype, role, 0, right, 1, validate=False)


def after_sync() -> None:
	"""What needs the fixtures: the settings point at their activity types, the board at their stages."""
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.follow_up_type = settings.follow_up_type or "Follow-up"
	settings.collection_type = settings.collection_type or "Collection"
	settings.save()
	opportunity_board.make_board()


def list_our_roles() -> list[str]:
	"""The roles that this app brings: those whose names begin with its own."""
	return frappe.get_all("Role", filters={"name": ("like", "Cronus %")}, pluck="name", order_by="name asc")
