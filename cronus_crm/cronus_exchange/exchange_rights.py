"""Who may do what with sources: administrators everything, integrators what is of their own source."""

import frappe
from frappe import _

from cronus_crm.visibility.ownership import INTEGRATOR_ROLE
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

SOURCE = "Cronus Source"


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


def require_reader(source: str) -> None:
	"""Lets administrators and the integrator of a source pass.

	Raises frappe.PermissionError for everybody else, frappe.DoesNotExistError without such a source, and
	frappe.ValidationError for one that is switched off.
	"""
	if not is_administrator() and INTEGRATOR_ROLE not in frappe.get_roles():
		frappe.throw(
			_("Only a user with the role {0} or {1} asks what has changed.").format(
				frappe.bold(_(INTEGRATOR_ROLE)), frappe.bold(_(ADMINISTRATOR_ROLE))
			),
			frappe.PermissionError,
		)
	row = frappe.db.get_value(SOURCE, source, ["name", "enabled", "user"], as_dict=True)
	# Names are compared by the database without capitals; ours are not.
	if not row or row.name != source:
		frappe.throw(
			_("There is no source {0}. An administrator makes it.").format(_show(source)),
			frappe.DoesNotExistError,
		)
	if row.user and row.user != frappe.session.user and not is_administrator():
		frappe.throw(
			_("{0} belongs to another user. Ask an administrator.").format(_show(source)),
			frappe.PermissionError,
		)
	if not row.enabled:
		frappe.throw(
			_("{0} is switched off. An administrator switches it on, on the page Sources.").format(
				_show(source)
			)
		)


def _show(source: str) -> str:
	return frappe.bold(frappe.utils.escape_html(source[:140]))
