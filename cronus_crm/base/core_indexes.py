"""Indexes on DocTypes of the framework, which has none on what our pages look people up by.

Each is an index of ours and a Property Setter that says so: without it, the framework drops the index when
it next changes the table.
"""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

# DocType, field, name of the index.
INDEXES = (
	("Contact Email", "email_id", "cronus_email_id"),
	("Contact", "user", "cronus_user"),
)


def make_indexes() -> None:
	"""Makes each index that is not there yet, by whatever name. Ends the transaction when one is made."""
	for doctype, field, index in INDEXES:
		if frappe.db.get_column_index(f"tab{doctype}", field, unique=False):
			continue
		make_property_setter(doctype, field, "search_index", "1", "Check")
		frappe.db.add_index(doctype, [field], index)


def drop_indexes() -> None:
	"""Drops what :func:`make_indexes` has made; an index that a site had before stays."""
	for doctype, field, index in INDEXES:
		if frappe.db.has_index(f"tab{doctype}", index):
			frappe.db.delete(
				"Property Setter", {"doc_type": doctype, "field_name": field, "property": "search_index"}
			)
			frappe.db.sql_ddl(f"alter table `tab{doctype}` drop index `{index}`")
