"""Settings that an older site has never saved get the values that a new site begins with.

A field of a single has no value, not its default, until somebody saves the page: deals would not be won by
invoices, and none would be stalled, until then.
"""

import frappe
from frappe.query_builder import DocType

SETTINGS = "Cronus CRM Settings"


def execute() -> None:
	"""Writes the defaults of fields that have no value at all; what was written, also 0, is left alone."""
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
