from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, now_datetime


class CronusActivity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		activity_type: DF.Link
		all_day: DF.Check
		announced: DF.Check
		color: DF.Color | None
		contact: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		done_on: DF.Datetime | None
		ends_on: DF.Datetime | None
		notes: DF.TextEditor | None
		opportunity: DF.Link | None
		origin_key: DF.Data | None
		place: DF.Data | None
		priority: DF.Literal["Low", "Medium", "High"]
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		result: DF.Literal["", "Information", "Quotation made", "Order made", "No answer", "Cancelled"]
		seller: DF.Link | None
		settled: DF.Check
		starts_on: DF.Datetime
		state: DF.Literal["Pending", "Done", "Cancelled"]
		subject: DF.Data
		text_color: DF.Color | None

	# end: auto-generated types
	def validate(self):
		self.take_colour_and_length_from_type()
		self.move_end_with_start()
		self.check_times()
		self.take_customer_from_opportunity()
		self.note_when_done()

	def move_end_with_start(self):
		"""Whoever moves only the start moves the whole activity."""
		before = self.get_doc_before_save()
		if before and before.ends_on and get_datetime(self.ends_on) == before.ends_on:
			self.ends_on = before.ends_on + (get_datetime(self.starts_on) - before.starts_on)

	def check_times(self):
		if self.ends_on and get_datetime(self.ends_on) < get_datetime(self.starts_on):
			frappe.throw(
				_("The activity ends before it starts: put the end after {0}.").format(
					frappe.format(self.starts_on, {"fieldtype": "Datetime"})
				)
			)

	def take_colour_and_length_from_type(self):
		if not self.activity_type or not self.starts_on:
			return  # mandatory: the framework says so next
		kind = frappe.get_cached_doc("Cronus Activity Type", self.activity_type)
		self.color = self.color or kind.color
		if not self.ends_on and not self.all_day:
			self.ends_on = get_datetime(self.starts_on) + timedelta(minutes=cint(kind.duration))

	def take_customer_from_opportunity(self):
		if self.opportunity and not self.customer:
			self.customer = frappe.db.get_value("Cronus Opportunity", self.opportunity, "customer")

	def note_when_done(self):
		if self.state == "Done":
			self.done_on = self.done_on or now_datetime()
		else:
			self.done_on = None


def on_doctype_update():
	"""What is pending of a seller, by date, is what the agenda and every list of tasks ask for."""
	frappe.db.add_index("Cronus Activity", ["seller", "state", "starts_on"])
