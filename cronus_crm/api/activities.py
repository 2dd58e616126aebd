"""Activities: finish, postpone, reopen, those of a document, and end a repetition."""

import frappe

from cronus_crm.cronus_crm.activities import document_activities, repetition, suggested_times
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity


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
def postpone(activity: str, starts_on: str) -> dict:
	"""Moves a pending activity to another date and time; its duration stays.

	Gives back both: {"starts_on": …, "ends_on": … or None}.
	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	is not pending, and for an invalid date.
	"""
	return cronus_activity.postpone_activity(activity, starts_on)


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
	"""Moments to which an activity may be postponed, on working days and at its hour; without an activity, at
	the present hour.

	Gives back [{"choice": "hour", "tomorrow", "working_day", "three_days" or "week", "starts_on"}], in the
	system's time zone.
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
