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

	# end: auto-generated types Rows written with their opportunity do not come this way; only those that
	# somebody writes or deletes alone do.
	def validate(self):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(
			_("The history of an opportunity writes itself: move the opportunity to another stage."),
			frappe.PermissionError,
		)
