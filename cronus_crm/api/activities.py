"""What a seller does with an activity: finishes, postpones, reopens it."""

import frappe

from cronus_crm.cronus_crm.activities import repetition
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity


@frappe.whitelist(methods=["POST"])
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
	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	is not pending.
	"""
	return cronus_activity.finish(activity, result, notes=notes, next_activity=next_activity)


@frappe.whitelist(methods=["POST"])
def postpone(activity: str, starts_on: str) -> dict:
	"""Moves a pending activity to another date and hour, and its end with it.

	Gives back both: {"starts_on": …, "ends_on": … or None}.
	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	is not pending, and for what is not a date.
	"""
	return cronus_activity.postpone(activity, starts_on)


@frappe.whitelist(methods=["POST"])
def reopen(activity: str) -> dict:
	"""Makes an activity that is done or cancelled pending again: {"activity": …, "state": …}.

	Raises frappe.PermissionError without the right to write the activity.
	"""
	return cronus_activity.reopen(activity)


@frappe.whitelist()
def suggest_next(activity: str) -> dict:
	"""What the dialog that finishes an activity begins with: `subject`, `activity_type`, and `starts_on` of
	the next one, on the next working day at the same hour.

	Raises frappe.PermissionError without the right to read the activity.
	"""
	return cronus_activity.suggest_next(activity)


@frappe.whitelist(methods=["POST"])
def stop_repetition(activity: str) -> None:
	"""Ends the repetition that an activity belongs to; what it has made so far stays.

	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	does not repeat.
	"""
	repetition.stop_repetition(activity)
