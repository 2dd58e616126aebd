"""Who works on sources: administrators. Who tells and asks for one: see `pushing/sources.py`."""

import frappe
from frappe import _

from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE


def is_administrator() -> bool:
	"""Whether the session's user administers the CRM. Not `frappe.only_for`, which lets everybody pass while
	tests run."""
	return frappe.session.user == "Administrator" or ADMINISTRATOR_ROLE in frappe.get_roles()


def require_administrator() -> None:
	"""Raises frappe.PermissionError unless the session's user administers the CRM."""
	if not is_administrator():
		frappe.throw(
			_("Only a user with the role {0} works on sources.").format(frappe.bold(_(ADMINISTRATOR_ROLE))),
			frappe.PermissionError,
		)
