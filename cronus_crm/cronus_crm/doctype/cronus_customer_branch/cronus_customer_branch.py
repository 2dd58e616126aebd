import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.phone_texts import show_phones
from cronus_crm.cronus_crm.customers import contacts


class CronusCustomerBranch(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		branch_name: DF.Data
		city: DF.Data | None
		code: DF.Data | None
		country: DF.Link | None
		customer: DF.Link
		customer_name: DF.Data | None
		disabled: DF.Check
		email: DF.Data | None
		naming_series: DF.Literal["SU-.#####"]
		notes: DF.SmallText | None
		phone: DF.Data | None
		phone_shown: DF.Data | None
		province: DF.Data | None
		work_center: DF.Link | None

	# end: auto-generated types
	def validate(self):
		self.branch_name = (self.branch_name or "").strip()
		self.code = (self.code or "").strip() or None
		self.phone_shown = show_phones(self.phone, self.country)
		# Who inserts many branches has asked for all of them.
		if not self.flags.known_unique:
			self.refuse_same_code()
			self.warn_of_same_name()

	def on_trash(self):
		contacts.unlink_contacts_and_addresses(self)

	def refuse_same_code(self):
		"""Raises frappe.DuplicateEntryError: the ERP identifies a branch by its customer and its code."""
		if other := self.code and self._find_other_branch("code"):
			frappe.throw(
				_("The code {0} is that of {1}. Each branch of a customer has a code of its own.").format(
					frappe.bold(self.code), frappe.bold(other)
				),
				frappe.DuplicateEntryError,
			)

	def warn_of_same_name(self):
		if self.has_value_changed("branch_name") and self._find_other_branch("branch_name"):
			frappe.msgprint(
				_("{0} has another branch with the name {1}. Is it the same?").format(
					frappe.bold(self.customer_name or self.customer), frappe.bold(self.branch_name)
				),
				alert=True,
				indicator="orange",
			)

	def _find_other_branch(self, fieldname: str) -> str | None:
		"""`branch_name` of another branch of the customer with the same value in that field, or None."""
		return frappe.db.get_value(
			"Cronus Customer Branch",
			{"customer": self.customer, fieldname: self.get(fieldname), "name": ("!=", self.name)},
			"branch_name",
		)
