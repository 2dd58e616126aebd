import frappe
from frappe import _
from frappe.model.document import Document


class CronusSalesEntry(Document):
	"""A line of the ledger; written by `cronus_analytics.ledger` alone."""

	def validate(self):
		frappe.throw(_("Entries of the ledger are written by the documents themselves and not by hand."))

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			frappe.throw(_("Entries of the ledger are not deleted; cancel the document."))


def on_doctype_update():
	"""One entry for each document, and the order in which reports read them."""
	frappe.db.add_unique("Cronus Sales Entry", ["source_doctype", "source_name"])
	frappe.db.add_index("Cronus Sales Entry", ["posting_date", "seller"])
