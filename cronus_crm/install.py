"""Installs on a site what is not one of our DocTypes: permissions on core DocTypes, settings, the board of
opportunities. `uninstall.py` removes it.
"""

import re

import frappe
from frappe import _
from frappe.permissions import add_permission, update_permission_property

from cronus_crm.base import core_indexes, country_formats, login_page, week_start
from cronus_crm.cronus_analytics.cases import case_times
from cronus_crm.cronus_crm.opportunities import opportunity_board
from cronus_crm.cronus_exchange.pulling import noting
from cronus_crm.cronus_service.cases import case_board
from cronus_crm.visibility import search_index

# Permissions on core DocTypes that our forms need: DocType, rights, roles (empty: all of ours). Which
# contacts and addresses a user sees is decided in visibility/rule.py.
_EDITING_RIGHTS = ("read", "write", "create", "report", "print", "email")
_SELLING_ROLES = ("Cronus Seller", "Cronus Sales Manager", "Cronus Administrator")
_OTHER_ROLES = ("Cronus Billing User", "Cronus Integrator", "Cronus Service Agent", "Cronus Service Lead")
GRANTS = (
	("Currency", ("read",), ()),
	("Auto Repeat", ("read",), _SELLING_ROLES),
	(
		"Contact",
		_EDITING_RIGHTS,
		(*_SELLING_ROLES, *_OTHER_ROLES),
	),
	(
		"Address",
		_EDITING_RIGHTS,
		(*_SELLING_ROLES, *_OTHER_ROLES),
	),
	# Of our DocTypes only: visibility/replaced/customization.py.
	("Customize Form", ("read", "write", "create"), ("Cronus Administrator",)),
)

OLDEST_FRAPPE = "15.101"


def before_install() -> None:
	"""Refuses versions of Frappe with published security holes, by which users could bypass our rule; makes
	the tables that are no DocTypes, which the first records that are written need.

	Raises frappe.ValidationError with the version that is needed.
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
	search_index.create_tables()
	case_times.create_table()


def _parse_version(version: str) -> tuple[int, ...]:
	return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def after_install() -> None:
	"""Gives our roles the permissions in GRANTS, sets by the country of the site what nobody has chosen,
	indexes what is looked up in tables of the framework, and makes the mark of the log of changes."""
	grant_rights()
	week_start.set_by_country()
	country_formats.set_by_country()
	login_page.set_name()
	core_indexes.make_indexes()
	noting.prepare()


def grant_rights() -> None:
	"""Adds the permissions in GRANTS that our roles lack. Idempotent; changes nothing else."""
	for doctype, rights, roles in GRANTS:
		for role in roles or list_our_roles():
			rule = {"parent": doctype, "role": role, "permlevel": 0, "if_owner": 0}
			if not frappe.db.exists("Custom DocPerm", rule):
				add_permission(doctype, role, ptype=rights[0])
			for right in rights:
				update_permission_property(doctype, role, 0, right, 1, validate=False)


def after_sync() -> None:
	"""Hook `after_sync`: sets up what needs the fixtures. The settings link to activity types, the boards to
	stages and states."""
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.follow_up_type = settings.follow_up_type or "Follow-up"
	settings.collection_type = settings.collection_type or "Collection"
	settings.save()
	opportunity_board.make_board()
	frappe.get_doc("Cronus Service Settings").save()
	case_board.make_board()


def list_our_roles() -> list[str]:
	"""Names of the roles of this app, which begin with “Cronus ”."""
	return frappe.get_all("Role", filters={"name": ("like", "Cronus %")}, pluck="name", order_by="name asc")
