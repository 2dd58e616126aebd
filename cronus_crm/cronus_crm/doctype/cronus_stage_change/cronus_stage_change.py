import frappe
from frappe import _
from frappe.model.document import Document


class CronusStageChange(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		changed_by: DF.Link | None
		duration: DF.Duration | None
		entered_on: DF.Datetime
		left_on: DF.Datetime | None
		loss_reason: DF.Link | None
		notes: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		stage: DF.Link

	# end: auto-generated types

	# The framework calls neither method for the rows that are saved with their opportunity.
	def validate(self):
		self.refuse_direct_change()

	def on_trash(self):
		self.refuse_direct_change()

	def refuse_direct_change(self):
		frappe.throw(
			_("The history of an opportunity writes itself: move the opportunity to another stage."),
			frappe.PermissionError,
		)
