"""The follow-ups of a prospect: recording one and planning the next, the list, reopening the prospect."""

from datetime import datetime
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from cronus_crm.base.company import company_now
from cronus_crm.base.user_days import get_user_days
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.activities import follow_up
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity
from cronus_crm.cronus_crm.prospects import prospect_state
from cronus_crm.cronus_crm.record_states import PROSPECT

FOLLOW_UPS_PER_PAGE = 20

_FOLLOW_UP_FIELDS = (
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
	"""The activity with the result, the next one if it was planned, and the new state of the prospect."""

	activity: str
	next: str | None
	state: str


class Choices(TypedDict):
	"""Initial values of the dialog of a follow-up.

	pending: the first ten pending activities that the user may see (name, subject, starts_on), by start.
	next_type, next_on: proposal for the next activity: a follow-up on the next working day at this hour.
	"""

	prospect_name: str
	pending: list[dict]
	next_type: str
	next_on: datetime


class Page(TypedDict):
	"""Follow-ups, newest first. more: there are older ones."""

	rows: list[dict]
	more: bool


def add_follow_up(
	prospect: str,
	result: str,
	notes: str | None = None,
	next_activity: dict | str | None = None,
	activity: str | None = None,
) -> FollowUp:
	"""Records the result of a follow-up and optionally plans the next activity.

	result: Information, Quotation made, Order made, No answer or Cancelled. notes: plain text.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`; None for none.
	activity: name of the pending activity of the prospect that is finished; None creates one that is done.

	Raises frappe.PermissionError without the right to write the prospect, and frappe.ValidationError for an
	activity that is not pending or not of this prospect, and for an invalid result, type or date.
	"""
	doc = frappe.get_doc(PROSPECT, prospect)
	doc.check_permission("write")
	if not result:
		frappe.throw(_("Choose what came of it."), frappe.MandatoryError, title=_("No result"))
	if activity:
		_check_activity_of_prospect(activity, doc)
	else:
		activity = _make_follow_up(doc)
	finished = cronus_activity.finish_activity(activity, result, notes, next_activity)
	state = frappe.db.get_value(PROSPECT, prospect, "state")
	return FollowUp(activity=finished["activity"], next=finished["next"], state=state)


def _check_activity_of_prospect(activity: str, prospect: Document) -> None:
	if frappe.db.get_value("Cronus Activity", activity, "prospect") != prospect.name:
		frappe.throw(
			_("That activity is not of {0}. Load the page again and choose one of its own.").format(
				frappe.bold(prospect.prospect_name)
			)
		)


def _make_follow_up(prospect: Document) -> str:
	"""Creates a pending follow-up that starts now, and returns its name; the caller finishes it."""
	now = company_now().replace(microsecond=0)
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": _("Follow-up of {0}").format(prospect.prospect_name)[:140],
			"activity_type": follow_up.find_activity_type("Follow-up"),
			"seller": prospect.seller,
			"prospect": prospect.name,
			"starts_on": now,
			"ends_on": now,
		}
	)
	return activity.insert().name


def prepare_follow_up(prospect: str) -> Choices:
	"""The initial values of the dialog of a follow-up.

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
	days = get_user_days()
	next_day = WorkingDays.from_settings().add_days(days.today, 1)
	return Choices(
		prospect_name=doc.prospect_name,
		pending=pending,
		next_type=follow_up.find_activity_type("Follow-up"),
		next_on=days.at_same_hour(days.now.replace(second=0, microsecond=0), next_day),
	)


def list_follow_ups(prospect: str, start: int = 0, limit: int = FOLLOW_UPS_PER_PAGE) -> Page:
	"""A page of a prospect's activities that the user may see, newest first: done, planned and cancelled.

	start: rows to skip. limit: rows of the page, at most 500.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	frappe.get_doc(PROSPECT, prospect).check_permission("read")
	limit = min(max(cint(limit), 1), 500)
	rows = frappe.get_list(
		"Cronus Activity",
		filters={"prospect": prospect},
		fields=list(_FOLLOW_UP_FIELDS),
		order_by="starts_on desc, creation desc",
		start=max(cint(start), 0),
		limit=limit + 1,
	)
	return Page(rows=rows[:limit], more=len(rows) > limit)


def reopen_prospect(prospect: str) -> str:
	"""Reopens a cancelled prospect; returns the state that follows from its documents and follow-ups.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError if it is not
	cancelled.
	"""
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state != "Cancelled":
		frappe.throw(
			_("{0} is not cancelled: it is {1}.").format(
				frappe.bold(doc.prospect_name), _(doc.state, context=PROSPECT)
			)
		)
	prospect_state.update_state_from_documents(prospect, after_issue=True)
	doc.add_comment("Info", _("took it up again"))
	return frappe.db.get_value(PROSPECT, prospect, "state")
