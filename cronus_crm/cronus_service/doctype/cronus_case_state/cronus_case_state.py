import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_service.cases import case_board


class CronusCaseState(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		category: DF.Literal[
			"New", "Open", "Waiting for them", "Waiting for us", "Solved", "Closed", "Cancelled"
		]
		color: DF.Color | None
		disabled: DF.Check
		position: DF.Int
		state_name: DF.Data

	# end: auto-generated types

	def validate(self):
		self.refuse_other_category()

	def refuse_other_category(self):
		"""Raises frappe.ValidationError for another category while cases are in the state: they would be
		solved, closed or opened again without anybody having said so."""
		if self.is_new() or not self.has_value_changed("category"):
			return
		if frappe.db.exists("Cronus Case", {"state": self.name}):
			frappe.throw(
				_(
					"There are cases in {0}, so its category stays. Make another state, and move them there."
				).format(frappe.bold(_(self.name))),
				title=_("Category"),
			)

	def before_rename(self, old: str, new: str, merge: bool = False):
		category = frappe.db.get_value("Cronus Case State", new, "category") if merge else None
		if category and category != self.category:
			frappe.throw(
				_(
					"{0} and {1} have different categories. Only states with the same one can become one."
				).format(frappe.bold(_(self.name)), frappe.bold(_(new))),
				title=_("Category"),
			)

	def on_update(self):
		case_board.sync_columns_with_states()

	def after_rename(self, old: str, new: str, merge: bool = False):
		case_board.sync_columns_with_states()

	def after_delete(self):
		case_board.sync_columns_with_states()
