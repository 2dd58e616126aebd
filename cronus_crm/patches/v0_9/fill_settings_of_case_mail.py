"""Writes the defaults of the settings of cases by e-mail on a site whose settings of service are older:
without a stored value no acknowledgement could be sent."""

import frappe

SETTINGS = "Cronus Service Settings"
_FIELDS = ("acknowledge_mail", "max_acknowledgements")


def execute() -> None:
	"""Keeps what was saved already, also 0."""
	stored = frappe.db.get_singles_dict(SETTINGS)
	meta = frappe.get_meta(SETTINGS)
	missing = {name: meta.get_field(name).default for name in _FIELDS if stored.get(name) is None}
	if missing:
		frappe.db.set_single_value(SETTINGS, missing, update_modified=False)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
