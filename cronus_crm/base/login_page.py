"""The name on the login page and in the mails of the framework: the company's, or that of this app.

The framework says “Frappe” until somebody changes it. A name that a site has chosen stays.
"""

import re

import frappe

_SETTINGS = "Website Settings"
APP = "Cronus CRM"


def set_name(company: str | None = None) -> None:
	"""Names the site by the company, or else by the app, unless the site has a name of its own.

	company: the present name of the company.
	"""
	# The framework puts it into its pages as it is.
	company = re.sub(r"[<>]", "", company or "").strip()
	stored = frappe.db.get_single_value(_SETTINGS, "app_name")
	if stored in (None, "", "Frappe", APP, _former_name()) and stored != (company or APP):
		frappe.db.set_single_value(_SETTINGS, "app_name", company or APP)
		frappe.db.set_default("cronus_site_name", company or APP)
		frappe.clear_cache(doctype=_SETTINGS)
		frappe.clear_document_cache(_SETTINGS, _SETTINGS)


def _former_name() -> str | None:
	"""The name that this module has given to the site."""
	return frappe.db.get_default("cronus_site_name")
