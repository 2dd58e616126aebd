import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

# DocTypes with a link to a tax, in the order in which they are searched: the likeliest first.
_USED_IN = ("Cronus Product", "Cronus Document Item", "Cronus Document Tax")


class CronusTax(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		disabled: DF.Check
		rate: DF.Percent
		title: DF.Data
	# end: auto-generated types

	def validate(self):
		self.rate = flt(self.rate)
		if not 0 <= self.rate <= 100:
			frappe.throw(_("The rate of a tax is a percentage from 0 to 100."))
		if not self.is_new() and self.has_value_changed("rate"):
			self.refuse_if_used(
				_(
					"The rate of {0} cannot change, because {1} has it. Make another tax with the new rate"
					" and disable this one."
				)
			)

	def on_trash(self):
		self.refuse_if_used(_("{0} cannot be deleted, because {1} has it. Disable it instead."))

	def refuse_if_used(self, message: str):
		"""Raises frappe.LinkExistsError where a product or a document has this tax.

		message: translated; {0} stands for the tax, {1} for the record that has it.
		"""
		if record := self.find_first_use():
			frappe.throw(
				message.format(frappe.bold(_(self.name)), record),
				frappe.LinkExistsError,
				title=_("Tax in use"),
			)

	def find_first_use(self) -> str | None:
		"""A label, as HTML, of one product or document that has this tax; None where there is none."""
		for doctype in _USED_IN:
			is_row = frappe.get_meta(doctype).istable
			fields = ["parenttype", "parent"] if is_row else ["name"]
			found = frappe.get_all(doctype, {"tax": self.name}, fields, limit=1, order_by=None)
			if found:
				kind, name = (found[0].parenttype, found[0].parent) if is_row else (doctype, found[0].name)
				return f"{_(kind)} {frappe.bold(name)}"
		return None
