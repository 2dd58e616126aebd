"""Cronus Capacity: how many users may work in each module. `seats/` counts and refuses."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class CronusCapacity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_crm.doctype.cronus_module_limit.cronus_module_limit import CronusModuleLimit

		limits: DF.Table[CronusModuleLimit]
	# end: auto-generated types

	def onload(self):
		self.add_missing_modules()

	def before_insert(self):
		# A program that sends the limits as a new document, of which there can be one: these are all.
		frappe.db.delete("Cronus Module Limit", {"parent": self.doctype})

	def validate(self):
		self.add_missing_modules()
		self.refuse_repeated_modules()
		self.refuse_negative_limits()
		self.keep_what_was_told()

	def add_missing_modules(self):
		"""Gives each module its row, without a limit."""
		named = {row.module_name for row in self.limits}
		for module in frappe.get_meta("Cronus Module Limit").get_field("module_name").options.split("\n"):
			if module not in named:
				self.append("limits", {"module_name": module, "user_limit": 0})

	def refuse_repeated_modules(self):
		"""Raises frappe.ValidationError for a module that has two limits."""
		named = set()
		for row in self.limits:
			if row.module_name in named:
				frappe.throw(
					_("Row {0}: {1} has its limit in another row. Remove one of them.").format(
						row.idx, frappe.bold(_(row.module_name))
					)
				)
			named.add(row.module_name)

	def refuse_negative_limits(self):
		"""Raises frappe.ValidationError for a limit below 0."""
		for row in self.limits:
			if cint(row.user_limit) < 0:
				frappe.throw(
					_("Row {0}: {1} cannot be a limit of users. Write 0 for none, or a number above.").format(
						row.idx, frappe.bold(cint(row.user_limit))
					)
				)

	def keep_what_was_told(self):
		"""Whether administrators were told of a limit is what is stored: only the server writes it. Of
		another limit they are told anew."""
		before = self.get_doc_before_save()
		told = {(row.module_name, row.user_limit): row.told for row in before.limits} if before else {}
		for row in self.limits:
			row.told = told.get((row.module_name, cint(row.user_limit)), 0)
