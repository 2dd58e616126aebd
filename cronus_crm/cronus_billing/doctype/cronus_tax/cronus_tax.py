import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

# Where a tax may be, the likeliest first.
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
		"""Raises frappe.LinkExistsError with the message (for tax and user) if anything has this tax."""
		if user := self.first_user():
			frappe.throw(
				message.format(frappe.bold(_(self.name)), user), frappe.LinkExistsError, title=_("Tax in use")
			)

	def first_user(self) -> str | None:
		"""A product or a document that has this tax, as people call it; None if nothing has it."""
		for doctype in _USED_IN:
			is_row = frappe.get_meta(doctype).istable
			fields = ["parenttype", "parent"] if is_row else ["name"]
			found = frappe.get_all(doctype, {"tax": self.name}, fields, limit=1, order_by=None)
			if found:
				kind, name = (found[0].parenttype, found[0].parent) if is_row else (doctype, found[0].name)
				return f"{_(kind)} {frappe.bold(name)}"
		return None
