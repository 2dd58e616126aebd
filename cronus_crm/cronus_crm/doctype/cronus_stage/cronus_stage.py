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

	def on_update(self):
		opportunity_board.sync_columns_with_stages()

	def after_rename(self, old: str, new: str, merge: bool = False):
		opportunity_board.sync_columns_with_stages()

	def after_delete(self):
		opportunity_board.sync_columns_with_stages()
