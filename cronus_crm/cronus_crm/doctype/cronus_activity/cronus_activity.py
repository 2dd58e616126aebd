"""Cronus Activity: something to do for a customer or a prospect, with its time, state and result."""

from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, get_datetime, getdate

from cronus_crm.base.arguments import business_years, read_mapping, read_moment
from cronus_crm.base.company import company_now, company_today
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.base.texts import as_html
from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import find_acting_seller

# The longest activity. It bounds how far back the agenda has to search for activities that are under way.
MAX_DAYS = 31

# Fields that only the server writes; values from a form or the API are ignored.
_SERVER_FIELDS = ("origin_key", "settled", "announced", "overdue_told", "escalated", "auto_repeat")
_NEXT_FIELDS = ("activity_type", "starts_on", "subject", "notes")
_PARTY_FIELDS = (
	"customer",
	"customer_name",
	"prospect",
	"opportunity",
	"contact",
	"reference_doctype",
	"reference_name",
)


class CronusActivity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		activity_type: DF.Link
		all_day: DF.Check
		announced: DF.Check
		auto_repeat: DF.Link | None
		color: DF.Color | None
		contact: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		done_on: DF.Datetime | None
		ends_on: DF.Datetime | None
		escalated: DF.Check
		notes: DF.TextEditor | None
		opportunity: DF.Link | None
		origin_key: DF.Data | None
		overdue_told: DF.Check
		place: DF.Data | None
		priority: DF.Literal["Low", "Medium", "High"]
		prospect: DF.Link | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		remind_at: DF.Datetime | None
		remind_before: DF.Int
		remind_by_email: DF.Check
		remind_unit: DF.Literal["Minutes", "Hours", "Days"]
		result: DF.Literal["", "Information", "Quotation made", "Order made", "No answer", "Cancelled"]
		seller: DF.Link | None
		settled: DF.Check
		starts_on: DF.Datetime
		state: DF.Literal["Pending", "Done", "Cancelled"]
		subject: DF.Data
		text_color: DF.Color | None

	# end: auto-generated types

	# Owner of a copy that Auto Repeat inserts: that of the original, not the user of the scheduler's session.
	_owner_of_original: str | None = None

	def validate(self):
		self.restore_server_fields()
		self.set_parties_from_opportunity()
		self.set_customer_name()
		if not self.activity_type or not self.starts_on:
			return  # mandatory: the framework says so next
		self.set_colours_and_end()
		self.move_end_with_start()
		self.check_times()
		self.set_done_on()
		self.set_reminder()
		self.reset_notices()

	def on_recurring(self, reference_doc: Document, auto_repeat_doc: Document):
		"""Event of Auto Repeat before it inserts a copy: moves the copy to its date, with its length, and
		its hour by the clock of its seller."""
		self._owner_of_original = reference_doc.owner
		starts_on = get_datetime(reference_doc.starts_on)
		passed = getdate(auto_repeat_doc.next_schedule_date) - starts_on.date()
		self.starts_on = starts_on + passed
		if not self.all_day:
			days = self.days_of_seller()
			self.starts_on = days.at_same_hour(starts_on, days.clock(starts_on).date() + passed)
		if reference_doc.ends_on:
			length = get_datetime(reference_doc.ends_on) - get_datetime(reference_doc.starts_on)
			self.ends_on = self.starts_on + length
		self.seller = find_acting_seller(reference_doc.seller)

	def days_of_seller(self) -> UserDays:
		"""The days of whoever it is for: its seller, or its owner without one."""
		user = self.seller and get_present_value("Cronus Seller", self.seller, "user")
		return get_user_days(user or self._owner_of_original or self.owner)

	def after_insert(self):
		# Only its owner sees an activity without seller, so that it must not be the scheduler's user.
		if owner := self._owner_of_original:
			self.db_set("owner", owner, update_modified=False)

	def restore_server_fields(self):
		# Documents, alerts and jobs write these fields; they save with ignore_permissions.
		if not self.flags.ignore_permissions:
			restore_server_fields(self, _SERVER_FIELDS)

	def set_parties_from_opportunity(self):
		"""Fills customer and prospect from the opportunity.

		Raises frappe.ValidationError if the activity has others. An activity of a document is not checked: it
		has the parties of the document, whose issue must not fail because of its opportunity.
		"""
		if self.origin_key or not self.opportunity:
			return
		if not self._has_any_changed("opportunity", "customer", "prospect"):
			return
		opportunity = frappe.db.get_value(
			"Cronus Opportunity", self.opportunity, ["customer", "prospect"], as_dict=True
		)
		for fieldname in ("customer", "prospect"):
			if (
				opportunity[fieldname]
				and self.get(fieldname)
				and self.get(fieldname) != opportunity[fieldname]
			):
				frappe.throw(
					_("Opportunity {0} is of {1}, not of {2}. Choose one or the other.").format(
						*map(frappe.bold, (self.opportunity, opportunity[fieldname], self.get(fieldname)))
					),
					title=_("Opportunity of another"),
				)
			self.set(fieldname, self.get(fieldname) or opportunity[fieldname])

	def set_customer_name(self):
		if self.customer:
			self.customer_name = get_present_value("Cronus Customer", self.customer, "customer_name")
		elif self.prospect:
			self.customer_name = get_present_value("Cronus Prospect", self.prospect, "prospect_name")
		elif not self.origin_key:
			# For a document the name stays: its customer may be another ERP's, without a link here.
			self.customer_name = None

	def set_colours_and_end(self):
		"""Fills empty colours from the prospect, else from the type, and an empty end by the type's
		length."""
		if self.prospect and not (self.color and self.text_color):
			prospect = get_present_doc("Cronus Prospect", self.prospect)
			self.color = self.color or prospect.color
			self.text_color = self.text_color or prospect.text_color
		activity_type = get_present_doc("Cronus Activity Type", self.activity_type)
		self.color = self.color or activity_type.color
		if not self.ends_on and not self.all_day:
			self.ends_on = get_datetime(self.starts_on) + timedelta(minutes=cint(activity_type.duration))

	def move_end_with_start(self):
		"""Moves the end by the same time if only the start was changed."""
		before = self.get_doc_before_save()
		if before and before.ends_on and self.ends_on and get_datetime(self.ends_on) == before.ends_on:
			self.ends_on = before.ends_on + (get_datetime(self.starts_on) - before.starts_on)

	def check_times(self):
		if not self.ends_on or not self._has_any_changed("starts_on", "ends_on"):
			return
		length = get_datetime(self.ends_on) - get_datetime(self.starts_on)
		if length < timedelta():
			frappe.throw(
				_("The activity ends before it starts: put the end after {0}.").format(
					frappe.format(self.starts_on, {"fieldtype": "Datetime"})
				)
			)
		if length > timedelta(days=MAX_DAYS):
			frappe.throw(
				_("An activity lasts {0} days at most. Shorten it, or make it one that repeats.").format(
					MAX_DAYS
				)
			)

	def set_done_on(self):
		if self.state == "Done":
			self.done_on = self.done_on or company_now()
		else:
			self.done_on = None

	def set_reminder(self):
		"""Sets `remind_at`; it is empty without a reminder, after it was sent, and once the activity has
		begun."""
		if not self._has_any_changed("state", "starts_on", "remind_before", "remind_unit"):
			self.remind_at = self.get_doc_before_save().remind_at
			return
		pending = self.state == "Pending" and get_datetime(self.starts_on) > company_now()
		if not pending or not cint(self.remind_before):
			self.remind_at = None
			return
		unit = (self.remind_unit or "Minutes").lower()
		self.remind_at = get_datetime(self.starts_on) - timedelta(**{unit: cint(self.remind_before)})

	def reset_notices(self):
		"""Clears the marks of the overdue notices after a move to a present or future day, or to another
		seller."""
		if self.is_new():
			# Imported past activities send no notices.
			if frappe.flags.in_import and self.last_day() < company_today():
				self.update({"overdue_told": 1, "escalated": 1})
		elif self._has_any_changed("seller") or self.last_day() >= company_today():
			self.update({"overdue_told": 0, "escalated": 0})

	def move_to_day(self, day: date) -> datetime:
		"""The start of the activity on another date of the session's user, at its hour."""
		starts_on = get_datetime(self.starts_on)
		if self.all_day:  # its date is the same in every time zone
			return datetime.combine(day, starts_on.time())
		return get_user_days().at_same_hour(starts_on, day)

	def last_day(self) -> date:
		"""The day after which the activity is overdue, unless it is done."""
		return getdate(self.ends_on or self.starts_on)

	def add_note(self, text: str | None):
		"""Appends plain text to the notes, as a paragraph of its own."""
		if text and text.strip():
			self.notes = (self.notes or "") + _format_paragraph(text)

	def _has_any_changed(self, *fieldnames: str) -> bool:
		before = self.get_doc_before_save()
		return not before or any(
			self.has_value_changed(fieldname) and (before.get(fieldname) or self.get(fieldname))
			for fieldname in fieldnames
		)


def on_doctype_update():
	"""Adds the indexes, covering where possible, for: pending activities of some sellers and of all, by date
	(`pending_activities.py`); a range of dates (`calendar.py`); the history of a customer; activities without
	notice (`reminders.py`)."""
	for fields in (
		["seller", "state", "starts_on", "name", "ends_on", "all_day", "activity_type"],
		["state", "starts_on", "name", "ends_on", "all_day", "activity_type", "seller"],
		["seller", "starts_on", "ends_on"],
		["starts_on", "ends_on"],
		["customer", "starts_on"],
		["state", "overdue_told", "starts_on"],
		["state", "escalated", "starts_on"],
	):
		frappe.db.add_index("Cronus Activity", fields)


def finish_activity(
	activity: str,
	result: str | None = None,
	notes: str | None = None,
	next_activity: dict | str | None = None,
	happened_on: datetime | None = None,
) -> dict:
	"""Marks a pending activity as done and optionally plans the next one, with the same parties.

	result: an option of the field, or None. notes: plain text, appended to the notes.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`. happened_on: when it
	was done; by default, now.

	Returns the names of both: {"activity": …, "next": … or None}.
	Raises frappe.PermissionError without the right to write it, frappe.ValidationError if it is not pending.
	"""
	doc = _lock_pending_activity(activity)
	doc.update({"state": "Done", "result": result or None, "done_on": happened_on})
	doc.add_note(notes)
	doc.save()
	following = (
		_create_next_activity(doc, read_mapping(next_activity, "next_activity")) if next_activity else None
	)
	return {"activity": doc.name, "next": following}


def postpone_activity(activity: str, starts_on: str | None = None, day: str | None = None) -> dict:
	"""Moves a pending activity, with its end, to another start (system time zone), or to another day at its
	hour by the clock of the user.

	Returns {"starts_on": …, "ends_on": … or None}. Raises frappe.PermissionError without the right to write
	it, frappe.ValidationError if it is not pending or the start is not a valid date and hour.
	"""
	doc = _lock_pending_activity(activity)
	if day and not starts_on:
		doc.starts_on = doc.move_to_day(read_moment(day, _("Date"), business_years()).date())
	else:
		doc.starts_on = read_moment(starts_on, _("Starts on"), business_years())
	doc.save()
	return {"starts_on": doc.starts_on, "ends_on": doc.ends_on}


def reopen_activity(activity: str) -> dict:
	"""Sets a done or cancelled activity to pending; returns {"activity": name, "state": state}."""
	doc = frappe.get_doc("Cronus Activity", activity, for_update=True)
	doc.check_permission("write")
	if doc.state != "Pending":
		doc.update({"state": "Pending", "result": None})
		doc.save()
	return {"activity": doc.name, "state": doc.state}


def _lock_pending_activity(name: str) -> Document:
	"""The activity, locked, so that of two concurrent requests to finish it the second fails.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError if it is not pending.
	"""
	doc = frappe.get_doc("Cronus Activity", name, for_update=True)
	doc.check_permission("write")
	if doc.state != "Pending":
		frappe.throw(
			_("{0} is no longer pending: it is {1}. Reopen it first.").format(
				frappe.bold(as_html(doc.subject)), _(doc.state, context=doc.doctype)
			),
			title=_("No longer pending"),
		)
	return doc


def _create_next_activity(doc: Document, plan: dict) -> str:
	"""Inserts the next activity, with seller, priority and parties of `doc`; returns its name."""
	plan = {fieldname: plan.get(fieldname) for fieldname in _NEXT_FIELDS}
	following = frappe.new_doc("Cronus Activity")
	following.update({fieldname: doc.get(fieldname) for fieldname in ("seller", "priority", *_PARTY_FIELDS)})
	following.update(
		{
			"activity_type": plan["activity_type"],
			"starts_on": read_moment(plan["starts_on"], _("Starts on"), business_years()),
			"subject": plan["subject"] or doc.subject,
		}
	)
	following.add_note(plan["notes"])
	return following.insert().name


def _format_paragraph(text: str) -> str:
	lines = escape_html(text.strip()).splitlines()
	return f"<p>{'<br>'.join(lines)}</p>"
