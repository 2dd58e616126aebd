"""The appointment of a prospect: a date on its form, and an activity in its seller's agenda."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from cronus_crm.cronus_crm.activities import follow_up
from cronus_crm.cronus_crm.record_states import PROSPECT


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
	# The appointment is part of the prospect, whose author may have no right to its customer.
	activity.save(ignore_permissions=True)


def follow_activity(activity: Document) -> None:
	"""An appointment that is moved or cancelled in the agenda is moved or cancelled on its prospect."""
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
