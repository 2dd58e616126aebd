import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class CronusServicePromise(Document):
	"""What is promised to the customers of some cases: the times of the first answer and of the solution."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		case_type: DF.Link | None
		customer: DF.Link | None
		day_and_night: DF.Check
		disabled: DF.Check
		first_answer_minutes: DF.Int
		lead_minutes: DF.Int
		near_percent: DF.Int
		priority: DF.Literal["", "Low", "Medium", "High", "Urgent"]
		promise_name: DF.Data
		solution_minutes: DF.Int

	# end: auto-generated types

	def validate(self):
		self.require_a_time()
		self.check_share()
		self.refuse_second_of_the_same()

	def require_a_time(self):
		if not (self.first_answer_minutes or self.solution_minutes):
			frappe.throw(_("Write the minutes to the first answer, to the solution, or both."))
		if self.first_answer_minutes and 0 < cint(self.solution_minutes) < self.first_answer_minutes:
			frappe.throw(
				_(
					"The solution is promised in {0} minutes, the first answer in {1}: correct one of them."
				).format(self.solution_minutes, self.first_answer_minutes)
			)

	def check_share(self):
		if cint(self.near_percent) > 99:
			frappe.throw(
				_("{0}: {1} is not before the end. Write 0 to 99.").format(
					frappe.bold(_(self.meta.get_label("near_percent"))), self.near_percent
				)
			)

	def refuse_second_of_the_same(self):
		if self.disabled:
			return
		same = {
			fieldname: self.get(fieldname) or ("is", "not set")
			for fieldname in ("case_type", "priority", "customer")
		}
		other = frappe.db.get_value(
			"Cronus Service Promise", {**same, "disabled": 0, "name": ("!=", self.name)}
		)
		if other:
			frappe.throw(
				_("{0} holds for the same type, priority and customer. Change it, or disable it.").format(
					frappe.bold(other)
				)
			)
