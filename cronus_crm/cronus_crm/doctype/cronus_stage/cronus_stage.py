import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt


class CronusStage(Document):
	def validate(self):
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(_("The probability is a percentage from 0 to 100."))
