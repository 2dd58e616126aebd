"""Activities that repeat, with the framework's Auto Repeat.

Sellers have no right to write an Auto Repeat: it renders texts of its author as templates, which can read the
whole site, and mails documents to any address. These functions create one for them, of which they choose only
frequency and dates.
"""

import frappe
from frappe import _
from frappe.automation.doctype.auto_repeat import auto_repeat
from frappe.model.document import Document
from frappe.utils import getdate

from cronus_crm.base.company import company_today
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.automation.doctype.auto_repeat.auto_repeat.make_auto_repeat")
def make_auto_repeat(call: Call):
	"""Replaces the framework's method for activities: whoever may write an activity may repeat it, without
	the right to write an Auto Repeat."""
	if call["doctype"] != "Cronus Activity":
		return call()
	return repeat_activity(call.text("docname"), call["frequency"], call["start_date"], call["end_date"])


def repeat_activity(name: str, frequency: str, start_date: str | None, end_date: str | None) -> Document:
	"""Creates the Auto Repeat of an activity and returns it.

	frequency: an option of that field of Auto Repeat. start_date, end_date: dates; the activity itself is the
	first occurrence, so that a start before its own date is moved to that date.

	Raises frappe.PermissionError without the right to write the activity.
	"""
	activity = frappe.get_doc("Cronus Activity", name)
	activity.check_permission("write")
	entry = frappe.new_doc("Auto Repeat")
	entry.update(
		{
			"reference_doctype": activity.doctype,
			"reference_document": activity.name,
			"frequency": frequency,
			"start_date": max(getdate(start_date), getdate(activity.starts_on)),
			"end_date": end_date or None,
		}
	)
	# The right to write the activity is checked above; the user chooses no other field of the Auto Repeat.
	return entry.insert(ignore_permissions=True)


def stop_repetition(activity: str) -> None:
	"""Deletes the Auto Repeat of an activity; the activities that it has created stay.

	Raises frappe.PermissionError without the right to write the activity, frappe.ValidationError for one that
	does not repeat.
	"""
	doc = frappe.get_doc("Cronus Activity", activity)
	doc.check_permission("write")
	if not doc.auto_repeat:
		frappe.throw(_("This activity does not repeat."))
	frappe.db.set_value("Cronus Activity", {"auto_repeat": doc.auto_repeat}, "auto_repeat", None)
	# Sellers have no right to an Auto Repeat; whoever may write one of its activities may end it.
	frappe.delete_doc("Auto Repeat", doc.auto_repeat, ignore_permissions=True)


def resume_missed() -> None:
	"""Daily: continues the repetitions whose date has passed while the scheduler was down.

	The framework creates an occurrence only on its very date; after a missed one it would create none.
	"""
	missed = frappe.get_all(
		"Auto Repeat",
		filters={
			"reference_doctype": "Cronus Activity",
			"status": "Active",
			"next_schedule_date": ("<", company_today()),
		},
		fields=["name", "next_schedule_date"],
		order_by="name asc",
	)
	for row in missed:
		repeat = frappe.get_doc("Auto Repeat", row.name)
		following = repeat.get_next_schedule_date(schedule_date=row.next_schedule_date)
		repeat.db_set("next_schedule_date", following, update_modified=False)
		auto_repeat.create_repeated_entries([row])
