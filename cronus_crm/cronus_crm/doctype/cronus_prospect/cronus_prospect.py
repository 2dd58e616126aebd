import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, escape_html, getdate, nowdate

from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.prospects import duplicates, prospect_appointments, prospect_follow_ups

# What follow-ups, documents and the conversion write; what a form or the API sends for it is not taken.
_SERVER_FIELDS = (
	"state",
	"quotation",
	"order",
	"appointment",
	"converted_on",
	"converted_by",
	"contact",
	"opportunity",
	"made_customer",
	"made_contact",
	"made_opportunity",
	"carried_over",
)

# What shows on the activity of its appointment.
_SHOWN_BY_APPOINTMENT = (
	"prospect_name",
	"customer",
	"seller",
	"subject",
	"appointment_on",
	"text_color",
	"color",
)

# What a prospect takes from an existing customer where it says nothing: its field, the customer's field.
FROM_CUSTOMER = {
	"prospect_name": "customer_name",
	"company_name": "customer_name",
	"business_line": "business_line",
	"tax_id": "tax_id",
	"phone": "phone",
	"email": "email",
	"city": "city",
}

# Pictures that a browser shows and that the follow-up is printed with, by how their names end.
PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")

MOST_FOLLOW_UPS_PRINTED = 500


class CronusProspect(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		appointment: DF.Link | None
		appointment_on: DF.Datetime | None
		business_line: DF.Link | None
		carried_over: DF.JSON | None
		city: DF.Data | None
		color: DF.Color | None
		company_name: DF.Data | None
		contact: DF.Link | None
		contacted_on: DF.Date
		converted_by: DF.Link | None
		converted_on: DF.Datetime | None
		customer: DF.Link | None
		email: DF.Data | None
		email_key: DF.Data | None
		internal_notes: DF.SmallText | None
		last_activity_on: DF.Datetime | None
		light: DF.Literal["Green", "Amber", "Red", "Grey"]
		made_contact: DF.Check
		made_customer: DF.Check
		made_opportunity: DF.Check
		medium: DF.Link | None
		naming_series: DF.Literal["PR-.YYYY.-.#####"]
		next_activity_on: DF.Datetime | None
		notes: DF.TextEditor | None
		opportunity: DF.Link | None
		order: DF.Data | None
		phone: DF.Data | None
		phone_key: DF.Data | None
		prospect_name: DF.Data
		province: DF.Data | None
		quotation: DF.Data | None
		seller: DF.Link | None
		state: DF.Literal["Open", "Quoted", "Ordered", "Converted", "Cancelled"]
		subject: DF.Data | None
		tax_id: DF.Data | None
		tax_key: DF.Data | None
		text_color: DF.Color | None
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		self.restore_server_fields()
		self.take_from_customer()
		for fieldname in ("prospect_name", "company_name", "email", "phone", "tax_id"):
			self.set(fieldname, (self.get(fieldname) or "").strip() or None)
		duplicates.set_keys(self)

	def validate(self):
		self.set_work_center()
		self.check_date()
		self.check_colours()
		traffic_light.set_light(self)

	def on_update(self):
		if any(self.has_value_changed(fieldname) for fieldname in _SHOWN_BY_APPOINTMENT):
			self.keep_appointment()

	def on_trash(self):
		self.delete_appointment()

	@property
	def display_name(self) -> str:
		"""The company, else the person: whom documents are addressed to."""
		return self.company_name or self.prospect_name

	def restore_server_fields(self):
		restore_server_fields(self, _SERVER_FIELDS)
		before = self.get_doc_before_save()
		if before and before.state == "Converted" and before.customer != self.customer:
			frappe.throw(
				_("{0} is converted: its customer changes only by undoing the conversion.").format(
					frappe.bold(self.prospect_name)
				),
				title=_("Already converted"),
			)

	def take_from_customer(self):
		"""Whoever continues with an existing customer need not write again what is known."""
		before = self.get_doc_before_save()
		if not self.customer or (before and before.customer == self.customer):
			return
		known = frappe.db.get_value(
			"Cronus Customer", self.customer, list(set(FROM_CUSTOMER.values())), as_dict=True
		)
		for fieldname, source in FROM_CUSTOMER.items():
			if known and not self.get(fieldname):
				self.set(fieldname, known[source])

	def check_date(self):
		# A day of grace: the date is that of the user's time zone.
		if self.contacted_on and getdate(self.contacted_on) > getdate(add_days(nowdate(), 1)):
			frappe.throw(
				_("The date is when the prospect was contacted, and {0} is in the future.").format(
					frappe.bold(frappe.format(self.contacted_on, {"fieldtype": "Date"}))
				),
				title=_("Date in the future"),
			)

	def set_work_center(self):
		# Not only `fetch_from`, which runs before the seller is known of what a seller creates.
		if self.seller and not self.work_center:
			self.work_center = frappe.get_cached_value("Cronus Seller", self.seller, "work_center")

	def check_colours(self):
		"""They go into the style of lists, agenda and print, so nothing else may be written there."""
		for fieldname in ("color", "text_color"):
			value = self.get(fieldname)
			if value and not _HEX_COLOUR.fullmatch(value):
				frappe.throw(
					_("{0}: {1} is not a colour. Choose one, or write it as in #3b82f6.").format(
						_(self.meta.get_label(fieldname)), frappe.bold(escape_html(value))
					)
				)

	def keep_appointment(self):
		if not self.appointment and not self.appointment_on:
			return
		appointment = prospect_appointments.sync_appointment(self)
		if appointment != self.appointment:
			self.db_set("appointment", appointment, update_modified=False)

	def delete_appointment(self):
		"""A pending appointment goes with its prospect; everything else that was done with it keeps it."""
		if not self.appointment:
			return
		appointment = self.appointment
		self.db_set("appointment", None, update_modified=False)
		if frappe.db.get_value("Cronus Activity", appointment, "state") == "Pending":
			# It is part of the prospect, which its user may delete.
			frappe.delete_doc("Cronus Activity", appointment, ignore_permissions=True)

	def follow_ups(self) -> list[dict]:
		"""Its activities that the user may see, oldest first, for the print."""
		rows = prospect_follow_ups.list_follow_ups(self.name, limit=MOST_FOLLOW_UPS_PRINTED)["rows"]
		return rows[::-1]

	def images(self) -> list[dict]:
		"""Its attached images that the user may see, oldest first: file_name and file_url."""
		files = frappe.get_list(
			"File",
			filters={"attached_to_doctype": self.doctype, "attached_to_name": self.name},
			fields=["name", "file_name", "file_url"],
			order_by="creation asc",
		)
		return [file for file in files if is_image(file.file_url)]


def is_image(url: str | None) -> bool:
	"""True for the address of a picture that a browser shows."""
	return (url or "").lower().endswith(PICTURE_TYPES)


def on_doctype_update():
	"""The list of a seller is sorted by date; the sweep of lights looks for those that are wrong by now."""
	frappe.db.add_index("Cronus Prospect", ["seller", "contacted_on"])
	frappe.db.add_index("Cronus Prospect", ["light", "next_activity_on"])
