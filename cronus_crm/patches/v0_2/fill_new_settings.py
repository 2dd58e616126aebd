"""Writes the default values of settings that an existing site has never saved.

A new field of a single DocType has no value, not even its default, until somebody saves the form. Until then
invoices would not win opportunities, and no opportunity would be marked as stalled.
"""

import frappe
from frappe.query_builder import DocType

SETTINGS = "Cronus CRM Settings"


def execute() -> None:
	"""Writes the defaults of fields without a stored value. Stored values are kept, also 0."""
	singles = DocType("Singles")
	written = set(
		frappe.qb.from_(singles).select(singles.field).where(singles.doctype == SETTINGS).run(pluck=True)
	)
	missing = {
		field.fieldname: field.default
		for field in frappe.get_meta(SETTINGS).fields
		if field.default is not None and field.fieldname not in written
	}
	if missing:
		frappe.db.set_single_value(SETTINGS, missing, update_modified=False)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
