import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_crm.doctype.cronus_classification_criterion.cronus_classification_criterion import (
	list_allowed_values,
)


class CronusCustomerCriterion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		criterion: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		synchronised: DF.Check
		value: DF.Autocomplete

	# end: auto-generated types
	def check_value(self):
		"""Raises frappe.ValidationError, with the row and the allowed values, for a value that is not
		allowed."""
		allowed = list_allowed_values(self.criterion)
		if allowed and self.value not in allowed:
			frappe.throw(
				_("Classification criteria, row {0}: {1} is not a value of {2}. Choose one of: {3}").format(
					self.idx, frappe.bold(self.value), frappe.bold(_(self.criterion)), ", ".join(allowed)
				)
			)
