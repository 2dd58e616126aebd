import frappe
from frappe.model.document import Document


class CronusImportJournal(Document):
	"""A record that an import has written, with its values before; written by `running/stored_rows.py`, and
	what undoing reads. It stays when the file is deleted."""


def on_doctype_update():
	"""Adds the index by which an import's records are found, and the one by which a record's are."""
	frappe.db.add_index("Cronus Import Journal", ["customer_import", "undone"], "by_import")
	frappe.db.add_index("Cronus Import Journal", ["record_name", "customer_import"], "by_record")
