import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, escape_html, getdate

from cronus_crm.base.company import company_today
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.customers.tax_ids import apply_tax_id_policy
from cronus_crm.cronus_crm.prospects import duplicates, prospect_appointments, prospect_follow_ups

# Fields that only follow-ups, documents and the conversion write; values from a form or the API are ignored.
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

# Fields that the activity of the appointment shows.
_APPOINTMENT_FIELDS = (
	"prospect_name",
	"customer",
	"seller",
	"subject",
	"appointment_on",
	"text_color",
	"color",
)

# Empty fields of a prospect that are filled from its customer: {its field: the customer's field}.
FROM_CUSTOMER = {
	"prospect_name": "customer_name",
	"company_name": "customer_name",
	"business_line": "business_line",
	"tax_id": "tax_id",
	"phone": "phone",
	"email": "email",
	"city": "city",
}

# Suffixes of the images that the form shows and the follow-up prints.
PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")

MAX_FOLLOW_UPS_PRINTED = 500


class CronusProspect(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		appointment: DF.Link | None
		appointment_on: DF.Datetime | None
		business_line: DF.Link | None
		campaign: DF.Link | None
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
		external_key: DF.Data | None
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
		phone_shown: DF.Data | None
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
		self.fill_from_customer()
		for fieldname in ("prospect_name", "company_name", "email", "phone", "tax_id"):
			self.set(fieldname, (self.get(fieldname) or "").strip() or None)
		apply_tax_id_policy(self, None)
		duplicates.set_keys(self, None)

	def validate(self):
		self.set_work_center()
		self.check_contacted_on()
		self.check_colours()
		traffic_light.set_light(self)

	def on_update(self):
		if any(self.has_value_changed(fieldname) for fieldname in _APPOINTMENT_FIELDS):
			self.sync_appointment()
			traffic_light.reread_light(self)

	def on_trash(self):
		self.delete_appointment()

	@property
	def display_name(self) -> str:
		"""Name for documents: that of the company, else that of the person."""
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

	def fill_from_customer(self):
		"""Fills empty fields from the customer when one is chosen; see FROM_CUSTOMER."""
		before = self.get_doc_before_save()
		if not self.customer or (before and before.customer == self.customer):
			return
		known = frappe.db.get_value(
			"Cronus Customer", self.customer, list(set(FROM_CUSTOMER.values())), as_dict=True
		)
		for fieldname, source in FROM_CUSTOMER.items():
			if known and not self.get(fieldname):
				self.set(fieldname, known[source])

	def check_contacted_on(self):
		# One day of tolerance, as the date is in the user's time zone.
		if self.contacted_on and getdate(self.contacted_on) > getdate(add_days(company_today(), 1)):
			frappe.throw(
				_("The date is when the prospect was contacted, and {0} is in the future.").format(
					frappe.bold(frappe.format(self.contacted_on, {"fieldtype": "Date"}))
				),
				title=_("Date in the future"),
			)

	def set_work_center(self):
		# Not by `fetch_from`: it runs before the seller of the session's user is set.
		if self.seller and not self.work_center:
			self.work_center = get_present_value("Cronus Seller", self.seller, "work_center")

	def check_colours(self):
		"""Raises frappe.ValidationError for anything but a hex colour, as the values become CSS."""
		for fieldname in ("color", "text_color"):
			value = self.get(fieldname)
			if value and not _HEX_COLOUR.fullmatch(value):
				frappe.throw(
					_("{0}: {1} is not a colour. Choose one, or write it as in #3b82f6.").format(
						_(self.meta.get_label(fieldname)), frappe.bold(escape_html(value))
					)
				)

	def sync_appointment(self):
		if not self.appointment and not self.appointment_on:
			return
		appointment = prospect_appointments.sync_appointment(self)
		if appointment != self.appointment:
			self.db_set("appointment", appointment, update_modified=False)

	def delete_appointment(self):
		"""Deletes the activity of a pending appointment with its prospect; its other activities stay and keep
		the framework from deleting the prospect."""
		if not self.appointment:
			return
		appointment = self.appointment
		self.db_set("appointment", None, update_modified=False)
		if frappe.db.get_value("Cronus Activity", appointment, "state") == "Pending":
			# The appointment is part of the prospect, which the user may delete.
			frappe.delete_doc("Cronus Activity", appointment, ignore_permissions=True)

	def follow_ups(self) -> list[dict]:
		"""The activities of the prospect that the user may see, oldest first, for the print format."""
		rows = prospect_follow_ups.list_follow_ups(self.name, limit=MAX_FOLLOW_UPS_PRINTED)["rows"]
		return rows[::-1]

	def images(self) -> list[dict]:
		"""The attached images that the user may see, oldest first: `name`, `file_name`, `file_url`."""
		files = frappe.get_list(
			"File",
			filters={"attached_to_doctype": self.doctype, "attached_to_name": self.name},
			fields=["name", "file_name", "file_url"],
			order_by="creation asc",
		)
		return [file for file in files if is_image(file.file_url)]


def is_image(url: str | None) -> bool:
	"""True for the address of an image file that a browser shows."""
	return (url or "").lower().endswith(PICTURE_TYPES)


def on_doctype_update():
	"""Adds the indexes of the list of a seller, by date, and of the sweep of traffic lights."""
	frappe.db.add_index("Cronus Prospect", ["seller", "contacted_on"])
	frappe.db.add_index("Cronus Prospect", ["light", "next_activity_on"])
