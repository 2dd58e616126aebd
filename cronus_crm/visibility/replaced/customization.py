"""Changes of forms. The framework lets System Managers make them, who may do everything."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.utils import now_datetime

from cronus_crm.visibility import customizing
from cronus_crm.visibility.replaced.replacement import Call, replaces

_FORM = "frappe.custom.doctype.customize_form.customize_form.CustomizeForm"


@replaces(f"{_FORM}.fetch_to_customize", f"{_FORM}.reset_layout")
def read_form(call: Call):
	"""Reads the properties of a form, or takes back the order of its fields.

	No hole in 15 and 16, where only System Managers come here; administrators of the CRM do too, for its
	forms. Held closed by cronus_crm/visibility/test_customizing.py.

	Raises frappe.PermissionError.
	"""
	if not customizing.is_guarded():
		return call()
	customizing.check_form(call["self"].doc_type)
	return _run_as_administrator(call)


@replaces(f"{_FORM}.save_customization")
def save_form(call: Call):
	"""Writes what was changed of a form, for administrators of the CRM as far as `customizing` lets them.

	Held closed by cronus_crm/visibility/test_customizing.py. Raises frappe.PermissionError.
	"""
	if not customizing.is_guarded():
		return call()
	customizing.check_changes(call["self"])
	return _run_as_administrator(call)


@replaces(f"{_FORM}.reset_to_defaults")
def reset_form(call: Call):
	"""Takes back what was changed of a form, as `save_form` writes it.

	Held closed by cronus_crm/visibility/test_customizing.py. Raises frappe.PermissionError.
	"""
	if not customizing.is_guarded():
		return call()
	customizing.check_reset(call["self"].doc_type)
	return _run_as_administrator(call)


@replaces(f"{_FORM}.trim_table")
def trim_table(call: Call):
	"""Removes columns of the database: a System Manager's work.

	Held closed by cronus_crm/visibility/test_customizing.py. Raises frappe.PermissionError.
	"""
	if customizing.is_guarded():
		frappe.throw(frappe._("Not permitted"), frappe.PermissionError)
	return call()


@replaces("frappe.core.doctype.doctype.doctype.get_row_size_utilization")
def read_row_size(call: Call):
	"""How full the table of a form is, as a percentage: *Customize Form* asks it, and the framework wants the
	right to DocType.

	Held closed by cronus_crm/visibility/test_customizing.py. Raises frappe.PermissionError.
	"""
	if not customizing.is_guarded() or not frappe.has_permission("Customize Form", "read"):
		return call()
	customizing.check_form(call.text("doctype"))
	with _as_administrator():
		return call()


def _run_as_administrator(call: Call):
	"""Runs the original, which writes Custom Field and Property Setter: DocTypes to which administrators of
	the CRM have no right, as they could change every form by them. What it makes bears their name."""
	user, begun = frappe.session.user, now_datetime()
	doctype = call["self"].doc_type
	with _as_administrator():
		result = call()
	for kind, field in (("Property Setter", "doc_type"), ("Custom Field", "dt")):
		made = {field: doctype, "owner": "Administrator", "creation": (">=", begun)}
		frappe.db.set_value(kind, made, "owner", user, update_modified=False)
	return result


@contextmanager
def _as_administrator() -> Iterator[None]:
	user = frappe.session.user
	frappe.session.user = "Administrator"
	try:
		yield
	finally:
		frappe.session.user = user
