import frappe
from frappe import _
from frappe.model.document import Document


class CronusPriceList(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		currency: DF.Link
		enabled: DF.Check
		taxes_included: DF.Check
		title: DF.Data
	# end: auto-generated types

	def validate(self):
		self.refuse_change_of_meaning()

	def refuse_change_of_meaning(self):
		"""Refuses to change currency or `taxes_included` of a list that has prices: the stored numbers would
		mean something else."""
		changed = self.has_value_changed("currency") or self.has_value_changed("taxes_included")
		if self.is_new() or not changed:
			return
		if frappe.db.exists("Cronus Product Price", {"price_list": self.name}):
			frappe.throw(
				_(
					"{0} has prices already. Make another list for another currency, or with taxes included."
				).format(frappe.bold(self.title))
			)
