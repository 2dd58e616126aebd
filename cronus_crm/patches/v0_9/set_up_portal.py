"""Gives an existing site what a new one begins with for the portal, the public form and satisfaction: the
default values of their settings, all switched off, and the types of cases that came with the app offered to
customers. A type of the company's own is offered when somebody says so."""

import frappe
from frappe.query_builder import DocType

SETTINGS, TYPE = "Cronus Service Settings", "Cronus Case Type"
FIELDS = (
	"public_form_enabled",
	"portal_enabled",
	"portal_scope",
	"portal_shows_promises",
	"ask_satisfaction",
	"ask_after_days",
	"correct_within_days",
)
TYPES = ("Question", "Request", "Fault", "Complaint")


def execute() -> None:
	"""Stored values are kept, also 0; types are marked only where none is marked yet."""
	singles = DocType("Singles")
	written = set(
		frappe.qb.from_(singles).select(singles.field).where(singles.doctype == SETTINGS).run(pluck=True)
	)
	meta = frappe.get_meta(SETTINGS)
	missing = {field: meta.get_field(field).default for field in FIELDS if field not in written}
	if missing:
		frappe.db.set_single_value(SETTINGS, missing, update_modified=False)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
	if not frappe.db.exists(TYPE, {"for_customers": 1}):
		frappe.db.set_value(TYPE, {"name": ("in", TYPES)}, "for_customers", 1, update_modified=False)
