"""Language of the responses of the REST API."""

import frappe


def use_user_language() -> None:
	"""Hook `auth_hooks`: answers a request that is authenticated by an API key in the language of its user.

	The framework chooses the language of a request before it reads the key. A language that the request asks
	for itself (`Accept-Language`, `_lang`) is kept.
	"""
	asked_for = frappe.get_request_header("Accept-Language") or frappe.form_dict.get("_lang")
	if frappe.get_request_header("Authorization") and not asked_for and frappe.session.user != "Guest":
		frappe.set_user_lang(frappe.session.user)
