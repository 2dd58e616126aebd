"""Which DocTypes are ours."""

import frappe
from frappe.model.meta import Meta

_APP = "cronus_crm"


def is_own(meta: Meta) -> bool:
	"""True for a DocType of this app."""
	return bool(meta.module) and frappe.local.module_app.get(frappe.scrub(meta.module)) == _APP
