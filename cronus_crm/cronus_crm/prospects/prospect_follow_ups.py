"""What moves a prospect: its follow-ups and the documents that are issued to it."""

from datetime import datetime
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, now_datetime

from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.activities import follow_up, traffic_light
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity

PROSPECT = "Cronus Prospect"

# The states that results give. What only informs leaves the state as it is.
STATE_OF_RESULT = {"Quotation made": "Quoted", "Order made": "Ordered", "Cancelled": "Cancelled"}

FOLLOW_UPS_PER_PAGE = 20

_SHOWN_OF_FOLLOW_UP = (
	"name",
	"subject",
	"activity_type",
	"state",
	"result",
	"notes",
	"starts_on",
	"done_on",
	"seller",
	"owner",
)


class FollowUp(TypedDict):
	"""The activity that has the result, the one that is planned next, and the state of the prospect."""

	activity: str
	next: str | None
	state: str


class Choices(TypedDict):
	"""The pending activities that the caller may see, soonest first, at most ten (name, subject, starts_on),
	and what to propose as the next one: a follow-up on the next working day at this hour."""

	prospect_name: str
	pending: list[dict]
	next_type: str
	next_on: datetime


class Page(TypedDict):
	"""Follow-ups, newest first, and whether there are older ones."""

	rows: list[dict]
	more: bool


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: a proforma quotes its prospects, what is made of it is their order."""
	for prospect in _prospects_of(document, *origins):
		_update_state_from_documents(prospect, quoted_again=True)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: its prospects go back to the documents that they had before."""
	for prospect in _prospects_of(document, *origins):
		_update_state_from_documents(prospect)


def list_prospect_documents(prospect: str) -> list[SalesDocument]:
	"""The documents that are or were issued to a prospect, and what was made of them; oldest first.

	They come from the functions of the hook `cronus_prospect_documents`, which take the prospect's name.
	"""
	found = []
	for path in frappe.get_hooks("cronus_prospect_documents"):
		found += frappe.get_attr(path)(prospect)
	return found


def _prospects_of(*documents: SalesDocument) -> set[str]:
	return {document.prospect for document in documents if document.prospect}


def _update_state_from_documents(prospect: str, quoted_again: bool = False) -> None:
	"""Writes a prospect's last quotation and order, and the state that they give it.

	quoted_again: a document has just been issued, so that a prospect that was given up is taken up again.
	"""
	before = frappe.db.get_value(PROSPECT, prospect, ["state", "quotation", "order"], as_dict=True)
	if not before:
		return
	issued = [document for document in list_prospect_documents(prospect) if document.issued]
	quotation = _last_of(issued, "Proforma")
	# Not every sale has an order of its own: then what was delivered or invoiced stands for it.
	order = _last_of(issued, "Order") or _last_of(issued, "Delivery Note", "Sales Note", "Invoice")
	state = before.state
	if state != "Converted" and (state != "Cancelled" or quoted_again):
		state = _state_from(prospect, quotation, order)
	after = {"state": state, "quotation": quotation, "order": order}
	if after != before:
		frappe.db.set_value(PROSPECT, prospect, after)
		traffic_light.update_record(PROSPECT, prospect)


def _last_of(documents: list[SalesDocument], *kinds: str) -> str | None:
	return next((document.name for document in reversed(documents) if document.kind in kinds), None)


def refresh_state(prospect: str) -> None:
	"""Works out state, documents and traffic light of a prospect from what is on record."""
	_update_state_from_documents(prospect)
	traffic_light.update_record(PROSPECT, prospect)


def _state_from(prospect: str, quotation: str | None, order: str | None) -> str:
	"""The state of a prospect that is neither given up nor converted."""
	results = frappe.get_all(
		"Cronus Activity",
		filters={
			"prospect": prospect,
			"state": "Done",
			"settled": 0,
			"result": ("in", ["Quotation made", "Order made"]),
		},
		pluck="result",
		order_by="creation asc",
	)
	if order or "Order made" in results:
		return "Ordered"
	return "Quoted" if quotation or results else "Open"


def apply_activity_result(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: what came of a follow-up moves its prospect; an appointment that is moved or
	cancelled in the agenda is moved or cancelled on its prospect.

	A converted prospect stays converted, and one that has ordered is not merely quoted again.
	"""
	if not activity.prospect:
		return
	_update_appointment_of_prospect(activity)
	state = STATE_OF_RESULT.get(activity.result)
	just_learnt = activity.has_value_changed("result") or activity.has_value_changed("state")
	if not state or activity.state != "Done" or activity.settled or not just_learnt:
		return
	before = frappe.db.get_value(PROSPECT, activity.prospect, "state")
	if before in (None, state, "Converted") or (before, state) == ("Ordered", "Quoted"):
		return
	frappe.db.set_value(PROSPECT, activity.prospect, "state", state)
	traffic_light.update_record(PROSPECT, activity.prospect)


def _update_appointment_of_prospect(activity: Document) -> None:
	if activity.flags.from_prospect:
		return
	prospect = frappe.db.get_value(
		PROSPECT, {"name": activity.prospect, "appointment": activity.name}, "appointment_on"
	)
	if not prospect:
		return
	if activity.state == "Cancelled":
		_set_appointment(activity.prospect, {"appointment": None, "appointment_on": None})
	elif get_datetime(activity.starts_on) != prospect:
		_set_appointment(activity.prospect, {"appointment_on": activity.starts_on})


def clear_deleted_appointment(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: an appointment that is deleted does not stand on its prospect any longer."""
	if activity.prospect and frappe.db.get_value(PROSPECT, activity.prospect, "appointment") == activity.name:
		_set_appointment(activity.prospect, {"appointment": None, "appointment_on": None})


def _set_appointment(prospect: str, values: dict) -> None:
	# Whoever has the prospect open need not be told of a change that is only the agenda's.
	frappe.db.set_value(PROSPECT, prospect, values, update_modified=False)


@frappe.whitelist(methods=["POST"])
def add_follow_up(
	prospect: str,
	result: str,
	notes: str | None = None,
	next_activity: dict | str | None = None,
	activity: str | None = None,
) -> FollowUp:
	"""Records what was last learnt of a prospect, and plans what is next.

	result: Information, Quotation made, Order made, No answer or Cancelled. notes: plain text.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`; None for none.
	activity: name of a pending activity of the prospect that this finishes; without it, a follow-up is made
	that is done already.

	Raises frappe.PermissionError without the right to write the prospect, and frappe.ValidationError for an
	activity that is not pending or not of this prospect, and for what is not a result, a type or a date.
	"""
	doc = frappe.get_doc(PROSPECT, prospect)
	doc.check_permission("write")
	if not result:
		frappe.throw(_("Choose what came of it."), frappe.MandatoryError, title=_("No result"))
	if activity:
		_check_of_prospect(activity, doc)
	else:
		activity = _make_follow_up(doc)
	done = cronus_activity.finish(activity, result, notes, next_activity)
	state = frappe.db.get_value(PROSPECT, prospect, "state")
	return FollowUp(activity=done["activity"], next=done["next"], state=state)


def _check_of_prospect(activity: str, prospect: Document) -> None:
	if frappe.db.get_value("Cronus Activity", activity, "prospect") != prospect.name:
		frappe.throw(
			_("That activity is not of {0}. Load the page again and choose one of its own.").format(
				frappe.bold(prospect.prospect_name)
			)
		)


def _make_follow_up(prospect: Document) -> str:
	"""A pending follow-up of now, which its caller finishes."""
	now = now_datetime().replace(microsecond=0)
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": _("Follow-up of {0}").format(prospect.prospect_name)[:140],
			"activity_type": follow_up.type_of_kind("Follow-up"),
			"seller": prospect.seller,
			"prospect": prospect.name,
			"starts_on": now,
			"ends_on": now,
		}
	)
	return activity.insert().name


@frappe.whitelist()
def prepare_follow_up(prospect: str) -> Choices:
	"""What the dialog of a follow-up begins with.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	doc = frappe.get_doc(PROSPECT, prospect)
	doc.check_permission("read")
	pending = frappe.get_list(
		"Cronus Activity",
		filters={"prospect": prospect, "state": "Pending"},
		fields=["name", "subject", "starts_on"],
		order_by="starts_on asc",
		limit=10,
	)
	next_day = WorkingDays.of_company().after(getdate(), 1)
	return Choices(
		prospect_name=doc.prospect_name,
		pending=pending,
		next_type=follow_up.type_of_kind("Follow-up"),
		next_on=datetime.combine(next_day, now_datetime().time().replace(second=0, microsecond=0)),
	)


@frappe.whitelist()
def list_follow_ups(prospect: str, start: int = 0, limit: int = FOLLOW_UPS_PER_PAGE) -> Page:
	"""A page of a prospect's activities that the caller may see, newest first: what was learnt and when, past
	appointments, and what is planned.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	frappe.get_doc(PROSPECT, prospect).check_permission("read")
	limit = min(max(cint(limit), 1), 500)
	rows = frappe.get_list(
		"Cronus Activity",
		filters={"prospect": prospect},
		fields=list(_SHOWN_OF_FOLLOW_UP),
		order_by="starts_on desc, creation desc",
		start=max(cint(start), 0),
		limit=limit + 1,
	)
	return Page(rows=rows[:limit], more=len(rows) > limit)


@frappe.whitelist(methods=["POST"])
def reopen_prospect(prospect: str) -> str:
	"""Takes up a prospect that was given up; gives back the state that its documents and follow-ups give it.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError for one that was not.
	"""
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state != "Cancelled":
		frappe.throw(
			_("{0} is not cancelled: it is {1}.").format(
				frappe.bold(doc.prospect_name), _(doc.state, context=PROSPECT)
			)
		)
	_update_state_from_documents(prospect, quoted_again=True)
	doc.add_comment("Info", _("took it up again"))
	return frappe.db.get_value(PROSPECT, prospect, "state")


def sync_appointment(prospect: Document) -> str | None:
	"""Makes, moves or cancels the activity of a prospect's appointment, and gives back its name.

	What a person has finished stays as it is: another date is another appointment.
	"""
	activity = _pending_appointment(prospect)
	if not prospect.appointment_on:
		if activity:
			activity.state = "Cancelled"
			_save(activity)
		return None
	if not activity:
		if prospect.appointment and not prospect.has_value_changed("appointment_on"):
			return prospect.appointment  # it has taken place
		activity = frappe.new_doc("Cronus Activity")
		activity.update({"activity_type": follow_up.type_of_kind("Meeting"), "prospect": prospect.name})
	subject = prospect.subject or _("Appointment with {0}").format(prospect.prospect_name)
	activity.update(
		{
			"subject": subject[:140],
			"seller": prospect.seller,
			"customer": prospect.customer,
			"customer_name": prospect.prospect_name,
			"starts_on": get_datetime(prospect.appointment_on),
			"color": prospect.color,
			"text_color": prospect.text_color,
		}
	)
	_save(activity)
	return activity.name


def _pending_appointment(prospect: Document) -> Document | None:
	if not prospect.appointment:
		return None
	activity = frappe.get_doc("Cronus Activity", prospect.appointment)
	return activity if activity.state == "Pending" else None


def _save(activity: Document) -> None:
	activity.flags.from_prospect = True
	# The appointment is part of the prospect, whose author may have no right to its customer.
	activity.save(ignore_permissions=True)
