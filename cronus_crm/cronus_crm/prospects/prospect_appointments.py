"""The appointment of a prospect: its date is stored on the prospect and on an activity of the seller.

Each of the two follows a change of the other.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from cronus_crm.cronus_crm.activities import follow_up
from cronus_crm.cronus_crm.record_states import PROSPECT


def sync_appointment(prospect: Document) -> str | None:
	"""Creates, updates or cancels the activity of a prospect's appointment; returns its name, or None.

	Only a pending activity is changed. If the former one is done, a new date creates a new activity.
	"""
	activity = _find_pending_appointment(prospect)
	if not prospect.appointment_on:
		if activity:
			activity.state = "Cancelled"
			_save_activity(activity)
		return None
	if not activity:
		if prospect.appointment and not prospect.has_value_changed("appointment_on"):
			return prospect.appointment  # it is done
		activity = frappe.new_doc("Cronus Activity")
		activity.update({"activity_type": follow_up.find_activity_type("Meeting"), "prospect": prospect.name})
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
	_save_activity(activity)
	return activity.name


def _find_pending_appointment(prospect: Document) -> Document | None:
	if not prospect.appointment:
		return None
	activity = frappe.get_doc("Cronus Activity", prospect.appointment)
	return activity if activity.state == "Pending" else None


def _save_activity(activity: Document) -> None:
	# The appointment is part of the prospect; whoever may write that one may have no right to its customer.
	activity.save(ignore_permissions=True)


def update_from_activity(activity: Document) -> None:
	"""Copies a new date or a cancellation from the activity of an appointment to its prospect."""
	appointment_on = frappe.db.get_value(
		PROSPECT, {"name": activity.prospect, "appointment": activity.name}, "appointment_on"
	)
	if not appointment_on:
		return
	if activity.state == "Cancelled":
		_write_appointment(activity.prospect, {"appointment": None, "appointment_on": None})
	elif get_datetime(activity.starts_on) != appointment_on:
		_write_appointment(activity.prospect, {"appointment_on": activity.starts_on})


def clear_deleted_appointment(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: clears the appointment of the prospect when its activity is deleted."""
	if activity.prospect and frappe.db.get_value(PROSPECT, activity.prospect, "appointment") == activity.name:
		_write_appointment(activity.prospect, {"appointment": None, "appointment_on": None})


def _write_appointment(prospect: str, values: dict) -> None:
	# `modified` stays, so that a form of the prospect that is open elsewhere can still be saved.
	frappe.db.set_value(PROSPECT, prospect, values, update_modified=False)
