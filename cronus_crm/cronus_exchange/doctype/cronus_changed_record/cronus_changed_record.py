import frappe
from frappe.model.document import Document


class CronusChangedRecord(Document):
	"""That a record has changed here, for an ERP that asks; see pulling/change_log.py."""


def on_doctype_update():
	frappe.db.add_index("Cronus Changed Record", ["number", "modified"], "by_number")
