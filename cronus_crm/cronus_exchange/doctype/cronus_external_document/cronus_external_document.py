import frappe
from frappe import _
from frappe.model.document import Document


class CronusExternalDocument(Document):
	"""A commercial document of an ERP, as its source has told it.

	Written by `cronus_exchange/external_documents` alone, many at once and past this controller; what is
	wrong of a document is refused there, row by row.
	"""

	def validate(self):
		self.refuse_change()

	def before_update_after_submit(self):
		self.refuse_change()

	def before_cancel(self):
		self.refuse_change()

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			self.refuse_change()

	def refuse_change(self):
		frappe.throw(
			_("{0} is a document of {1}: change it there, and the source tells it here.").format(
				frappe.bold(self.number or self.name), frappe.bold(self.source or _("an ERP"))
			),
			title=_("Document of an ERP"),
		)


def on_doctype_update():
	"""For the documents of a source, newest first, and of a customer."""
	frappe.db.add_index("Cronus External Document", ["source", "posting_date"])
	frappe.db.add_index("Cronus External Document", ["customer", "docstatus", "kind"])
