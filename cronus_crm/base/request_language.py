"""The language in which the REST API answers."""

import frappe


def use_user_language() -> None:
	"""Answers whoever has a key in their own language. A hook of the framework's, after it has read the key.

	The framework chooses a request's language before it knows whose key it has. What the request itself asks
	for (`Accept-Language`, `_lang`) stays.
	"""
	asked_for = frappe.get_request_header("Accept-Language") or frappe.form_dict.get("_lang")
	if frappe.get_request_header("Authorization") and not asked_for and frappe.session.user != "Guest":
		frappe.set_user_lang(frappe.session.user)
