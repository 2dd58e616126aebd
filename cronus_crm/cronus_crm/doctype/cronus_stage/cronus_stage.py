import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.cronus_crm.opportunities import opportunity_board


class CronusStage(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		color: DF.Color | None
		disabled: DF.Check
		position: DF.Int
		probability: DF.Percent
		stage: DF.Data
		state: DF.Literal["Open", "Pending", "Won", "Not won", "Closed"]

	# end: auto-generated types
	def validate(self):
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(_("The probability is a percentage from 0 to 100."))

	def before_rename(self, old: str, new: str, merge: bool = False):
		if merge:
			self.refuse_merge_of_states(new)

	def refuse_merge_of_states(self, other: str):
		"""Raises frappe.ValidationError when `other` has another state: its opportunities would be won, lost
		or opened again without anybody having said so."""
		state = frappe.db.get_value("Cronus Stage", other, "state")
		if state and state != self.state:
			frappe.throw(
				_("{0} is {1} and {2} is {3}. Only stages with the same state can become one.").format(
					frappe.bold(_(self.name)),
					_(self.state, context="Cronus Opportunity"),
					frappe.bold(_(other)),
					_(state, context="Cronus Opportunity"),
				),
				title=_("Stages with different states"),
			)

	def on_update(self):
		opportunity_board.sync_columns_with_stages()

	def after_rename(self, old: str, new: str, merge: bool = False):
		opportunity_board.sync_columns_with_stages()

	def after_delete(self):
		opportunity_board.sync_columns_with_stages()
