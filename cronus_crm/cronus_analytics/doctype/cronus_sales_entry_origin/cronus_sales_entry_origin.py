import frappe
from frappe.model.document import Document


class CronusSalesEntryOrigin(Document):
	pass


def on_doctype_update():
	frappe.db.add_index("Cronus Sales Entry Origin", ["origin_name", "origin_doctype"])
