import frappe
from frappe.model.document import Document


class CronusImportRow(Document):
	"""A row of a file, with what a dry run or a run says of it; written by `running/stored_rows.py`."""


def on_doctype_update():
	"""Adds the indexes by which lists are filtered and earlier rows of an import are found."""
	frappe.db.add_index("Cronus Import Row", ["customer_import", "outcome", "line"], "by_outcome")
	for column in ("key_1", "key_2", "key_3", "key_4", "whole_key"):
		frappe.db.add_index("Cronus Import Row", ["customer_import", column], f"by_{column}")
