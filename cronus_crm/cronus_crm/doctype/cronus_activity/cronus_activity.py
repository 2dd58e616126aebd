"""What is done for a customer or a prospect, when, and what came of it."""

from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, get_datetime, getdate, now_datetime

from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.base.working_days import WorkingDays

# The agenda looks this far back for what has begun and goes on.
MAX_DAYS = 31

# What the system notes about an activity; what a form or the API sends for it is not taken.
_SERVER_FIELDS = ("origin_key", "settled", "announced", "overdue_told", "escalated", "auto_repeat")
_NEXT_FIELDS = ("activity_type", "starts_on", "subject", "notes")
_ABOUT = (
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

	# Of one that Auto Repeat makes, whose it is: the framework makes everything its session's user's.
	_made_for: str | None = None

	def validate(self):
		self.restore_server_fields()
		self.take_parties_from_opportunity()
		self.name_customer()
		self.take_colours_and_length()
		self.move_end_with_start()
		self.check_times()
		self.note_when_done()
		self.set_reminder()
		self.forget_notices_that_no_longer_hold()

	def on_recurring(self, reference_doc: Document, auto_repeat_doc: Document):
		"""Event of Auto Repeat, for the copy that it is about to insert: same hour and length, on its day."""
		day = getdate(auto_repeat_doc.next_schedule_date)
		self.starts_on = datetime.combine(day, get_datetime(reference_doc.starts_on).time())
		if reference_doc.ends_on:
			length = get_datetime(reference_doc.ends_on) - get_datetime(reference_doc.starts_on)
			self.ends_on = self.starts_on + length
		self._made_for = reference_doc.owner

	def after_insert(self):
		# An activity without a seller is its owner's, who is not the scheduler.
		if owner := self._made_for:
			self.db_set("owner", owner, update_modified=False)

	def restore_server_fields(self):
		# Documents, alerts and jobs write them, and save without asking for permission.
		if not self.flags.ignore_permissions:
			restore_server_fields(self, _SERVER_FIELDS)

	def take_parties_from_opportunity(self):
		"""The customer and the prospect of the opportunity, where the activity names none.

		Raises frappe.ValidationError when it names others. One made by a document has those of the document,
		which is not held up by whose opportunity it was for.
		"""
		if self.origin_key or not self.opportunity:
			return
		if not self._changed("opportunity", "customer", "prospect"):
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

	def name_customer(self):
		if self.customer:
			self.customer_name = frappe.get_cached_value("Cronus Customer", self.customer, "customer_name")
		elif self.prospect:
			self.customer_name = frappe.get_cached_value("Cronus Prospect", self.prospect, "prospect_name")
		elif not self.origin_key:
			# The customer of a document may be another ERP's, whom we know by name only.
			self.customer_name = None

	def take_colours_and_length(self):
		"""Colours of the prospect, else of the type, unless others are chosen; length of the type."""
		if not self.activity_type or not self.starts_on:
			return  # mandatory: the framework says so next
		if self.prospect and not (self.color and self.text_color):
			prospect = frappe.get_cached_doc("Cronus Prospect", self.prospect)
			self.color = self.color or prospect.color
			self.text_color = self.text_color or prospect.text_color
		kind = frappe.get_cached_doc("Cronus Activity Type", self.activity_type)
		self.color = self.color or kind.color
		if not self.ends_on and not self.all_day:
			self.ends_on = get_datetime(self.starts_on) + timedelta(minutes=cint(kind.duration))

	def move_end_with_start(self):
		"""Whoever moves only the start moves the whole activity."""
		before = self.get_doc_before_save()
		if before and before.ends_on and self.ends_on and get_datetime(self.ends_on) == before.ends_on:
			self.ends_on = before.ends_on + (get_datetime(self.starts_on) - before.starts_on)

	def check_times(self):
		if not self.ends_on or not self._changed("starts_on", "ends_on"):
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

	def note_when_done(self):
		if self.state == "Done":
			self.done_on = self.done_on or now_datetime()
		else:
			self.done_on = None

	def set_reminder(self):
		"""When to remind: empty without a reminder, once it has been given, and for what has begun."""
		if not self._changed("state", "starts_on", "remind_before", "remind_unit"):
			self.remind_at = self.get_doc_before_save().remind_at
			return
		pending = self.state == "Pending" and get_datetime(self.starts_on) > now_datetime()
		if not pending or not cint(self.remind_before):
			self.remind_at = None
			return
		unit = (self.remind_unit or "Minutes").lower()
		self.remind_at = get_datetime(self.starts_on) - timedelta(**{unit: cint(self.remind_before)})

	def forget_notices_that_no_longer_hold(self):
		"""Moved to a day that is not over, or given to another seller, it may become overdue again."""
		if self.is_new():
			# Whoever imports the past does not want to be told that it is over.
			if frappe.flags.in_import and self.last_day() < getdate():
				self.update({"overdue_told": 1, "escalated": 1})
		elif self._changed("seller") or self.last_day() >= getdate():
			self.update({"overdue_told": 0, "escalated": 0})

	def last_day(self) -> date:
		"""The day after which the activity is overdue, unless it is done."""
		return getdate(self.ends_on or self.starts_on)

	def add_note(self, text: str | None):
		"""Appends plain text to the notes, as a paragraph of its own."""
		if text and text.strip():
			self.notes = (self.notes or "") + _as_paragraph(text)

	def _changed(self, *fieldnames: str) -> bool:
		before = self.get_doc_before_save()
		return not before or any(
			self.has_value_changed(fieldname) and (before.get(fieldname) or self.get(fieldname))
			for fieldname in fieldnames
		)


def on_doctype_update():
	"""What is asked of all activities, each from an index alone: what is pending of some sellers and of all,
	by date (`pending_activities.py`); what falls into a range of dates (`calendar.py`); the history of a
	customer; and what nobody has been told of (`reminders.py`)."""
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


def finish(
	activity: str,
	result: str | None = None,
	notes: str | None = None,
	next_activity: dict | str | None = None,
) -> dict:
	"""Marks a pending activity as done and, where asked, plans the next one about the same.

	result: one of the options of the field, or nothing. notes: plain text, added below what was there.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`.

	Gives back the name of the activity and of the next one: {"activity": …, "next": … or None}.
	Raises frappe.ValidationError for an activity that is not pending.
	"""
	doc = _pending(activity)
	doc.update({"state": "Done", "result": result or None})
	doc.add_note(notes)
	doc.save()
	following = _plan_next(doc, read_mapping(next_activity, "next_activity")) if next_activity else None
	return {"activity": doc.name, "next": following}


def postpone(activity: str, starts_on: str) -> dict:
	"""Moves a pending activity to another date and hour, and its end with it.

	Gives back both: {"starts_on": …, "ends_on": … or None}.
	Raises frappe.ValidationError for an activity that is not pending, and for what is not a date.
	"""
	doc = _pending(activity)
	doc.starts_on = _as_datetime(starts_on)
	doc.save()
	return {"starts_on": doc.starts_on, "ends_on": doc.ends_on}


def reopen(activity: str) -> dict:
	"""Makes an activity that is done or cancelled pending again: {"activity": …, "state": …}."""
	doc = frappe.get_doc("Cronus Activity", activity, for_update=True)
	doc.check_permission("write")
	if doc.state != "Pending":
		doc.update({"state": "Pending", "result": None})
		doc.save()
	return {"activity": doc.name, "state": doc.state}


def suggest_next(activity: str) -> dict:
	"""What the dialog that finishes an activity begins with: `subject`, `activity_type`, and `starts_on` of
	the next one, on the next working day at the same hour."""
	doc = frappe.get_doc("Cronus Activity", activity)
	doc.check_permission()
	day = WorkingDays.from_settings().add_days(getdate(), 1)
	return {
		"subject": doc.subject,
		"activity_type": doc.activity_type,
		"starts_on": datetime.combine(day, doc.starts_on.time()),
	}


def _pending(name: str) -> Document:
	"""An activity to finish or to move, locked: of two that finish it, the second is told so."""
	doc = frappe.get_doc("Cronus Activity", name, for_update=True)
	doc.check_permission("write")
	if doc.state != "Pending":
		frappe.throw(
			_("{0} is no longer pending: it is {1}. Reopen it first.").format(
				frappe.bold(escape_html(doc.subject)), _(doc.state, context=doc.doctype)
			),
			title=_("No longer pending"),
		)
	return doc


def _plan_next(doc: Document, plan: dict) -> str:
	"""The activity that follows another one: same seller, about the same. Gives back its name."""
	plan = {fieldname: plan.get(fieldname) for fieldname in _NEXT_FIELDS}
	following = frappe.new_doc("Cronus Activity")
	following.update({fieldname: doc.get(fieldname) for fieldname in ("seller", "priority", *_ABOUT)})
	following.update(
		{
			"activity_type": plan["activity_type"],
			"starts_on": _as_datetime(plan["starts_on"]),
			"subject": plan["subject"] or doc.subject,
		}
	)
	following.add_note(plan["notes"])
	return following.insert().name


def _as_datetime(value: str | None) -> datetime:
	"""A date and hour such as 2026-11-20 10:00; raises frappe.ValidationError for anything else."""
	try:
		result = datetime.fromisoformat(str(value))
	except ValueError:
		result = None
	if not result or result.tzinfo:
		frappe.throw(
			_("{0} is not a date and an hour. Choose them again.").format(
				frappe.bold(escape_html(str(value or "")))
			)
		)
	return result


def _as_paragraph(text: str) -> str:
	lines = escape_html(text.strip()).splitlines()
	return f"<p>{'<br>'.join(lines)}</p>"
