"""Activities: plan, record, finish, postpone, reopen, those of a document, and end a repetition."""

import frappe

from cronus_crm.cronus_crm.activities import (
	activity_parties,
	document_activities,
	recorded_activities,
	repetition,
	suggested_times,
)
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity


@frappe.whitelist(methods=["GET"])
def find_parties(text: str, limit: int | str = 12) -> list[dict]:
	"""The customers, prospects, contacts and opportunities whose name, number, tax id, telephone or e-mail
	contains a text, as far as the user may read them.

	text: from two characters on. limit: rows, 20 at most.

	Gives back [{"doctype", "name", "label", "detail"}], those that begin with the text first.
	"""
	return activity_parties.find_parties(text, limit)


@frappe.whitelist(methods=["GET"])
def list_pending_with(party_doctype: str, party: str) -> list[dict]:
	"""The first ten pending activities with a customer, a prospect, a contact or an opportunity, by start.

	Gives back [{"name", "subject", "activity_type", "starts_on"}].
	Raises frappe.PermissionError for a record that the user may not see, frappe.ValidationError for another
	DocType.
	"""
	return recorded_activities.list_pending_with(party_doctype, party)


@frappe.whitelist(methods=["GET"])
def suggest_times() -> list[dict]:
	"""Moments for a new activity, on working days and at the present hour.

	Gives back [{"choice": "tomorrow", "working_day", "three_working_days" or "monday", "starts_on", "day"}];
	`starts_on` is in the system's time zone.
	"""
	return suggested_times.suggest_times()


@frappe.whitelist(methods=["POST"])
def plan(activity: dict | str) -> dict:
	"""Creates a pending activity.

	activity: `activity_type`, `starts_on`, and optionally `ends_on`, `all_day`, `subject`, `notes` (plain
	text), `place`, `priority`, `seller`, the records that it is about, or `party_doctype` and `party` as
	:func:`find_parties` gives them. Without a subject it is made from notes, type and customer.

	Gives back {"activity": name, "subject", "starts_on", "customer_name"}.
	Raises frappe.PermissionError for records and sellers that the user may not use, frappe.ValidationError
	for other keys and for values that are not valid.
	"""
	return recorded_activities.plan_activity(activity)


@frappe.whitelist(methods=["POST"])
def record(activity: dict | str, next_activity: dict | str | None = None) -> dict:
	"""Creates an activity that has happened and, in the same transaction, its next step as a pending one.

	activity: as in :func:`plan`, with `result`; `starts_on` is by default the present. `finishes`: a pending
	activity that is finished instead of a new one.
	next_activity: `activity_type`, `starts_on`, `subject` and `notes`, all of them optional.

	Gives back {"activity": name, "next": name or None}. Raises what :func:`plan` raises, and
	frappe.ValidationError for a moment in the future.
	"""
	return recorded_activities.record_activity(activity, next_activity)


@frappe.whitelist(methods=["POST"])
def finish(
	activity: str,
	result: str | None = None,
	notes: str | None = None,
	next_activity: dict | str | None = None,
) -> dict:
	"""Marks a pending activity as done and optionally creates the next one for the same records.

	result: one of the options of the field, or None. notes: plain text, added below the existing notes.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`.

	Gives back the name of the activity and of the next one: {"activity": …, "next": … or None}.
	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	is not pending.
	"""
	return cronus_activity.finish_activity(activity, result, notes=notes, next_activity=next_activity)


@frappe.whitelist(methods=["POST"])
def postpone(activity: str, starts_on: str | None = None, day: str | None = None) -> dict:
	"""Moves a pending activity to another date and time; its duration stays.

	starts_on: in the system's time zone. day: a date instead, on which it keeps its hour.

	Gives back both: {"starts_on": …, "ends_on": … or None}.
	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	is not pending, and for an invalid date.
	"""
	return cronus_activity.postpone_activity(activity, starts_on, day=day)


@frappe.whitelist(methods=["POST"])
def reopen(activity: str) -> dict:
	"""Sets a done or cancelled activity back to pending. Gives back {"activity": name, "state": …}.

	Raises frappe.PermissionError without the right to write the activity.
	"""
	return cronus_activity.reopen_activity(activity)


@frappe.whitelist()
def suggest_next(activity: str) -> dict:
	"""Default values for the dialog that finishes an activity: `subject`, `activity_type` and `starts_on` of
	the next activity, on the next working day at the same time.

	Raises frappe.PermissionError without the right to read the activity.
	"""
	return suggested_times.suggest_next(activity)


@frappe.whitelist()
def suggest_postponements(activity: str | None = None) -> list[dict]:
	"""Moments to which an activity may be postponed: in an hour, and on working days at its hour; without an
	activity, at the present hour.

	Gives back [{"choice": "hour", "tomorrow", "working_day", "three_working_days" or "monday", "starts_on",
	"day"}], `starts_on` in the system's time zone.
	Raises frappe.PermissionError without the right to read the activity.
	"""
	return suggested_times.suggest_postponements(activity)


@frappe.whitelist()
def list_of_document(doctype: str, name: str) -> list[dict]:
	"""The pending activities that follow a document, the next one first: `name`, `activity_type`, `kind` of
	that type, `starts_on` (system's time zone) and `all_day`. Those of other portfolios are left out.

	Raises frappe.PermissionError without the right to read the document.
	"""
	return document_activities.list_pending(doctype, name)


@frappe.whitelist(methods=["POST"])
def stop_repetition(activity: str) -> None:
	"""Ends the repetition that an activity belongs to. Activities that it has created remain.

	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	does not repeat.
	"""
	repetition.stop_repetition(activity)
