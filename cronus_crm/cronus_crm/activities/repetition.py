"""Activities that repeat, by the framework's Auto Repeat.

Sellers have no right to write an Auto Repeat: it renders texts of its author as templates, which read
whatever is on the site, and mails documents to whomever it names. Here they make one of which they choose
only how often and until when.
"""

import frappe
from frappe import _
from frappe.automation.doctype.auto_repeat import auto_repeat
from frappe.model.document import Document
from frappe.utils import getdate

from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.automation.doctype.auto_repeat.auto_repeat.make_auto_repeat")
def make_auto_repeat(call: Call):
	"""The framework has a document repeated. Sellers have no right to write an Auto Repeat; whoever may write
	an activity may have it repeated."""
	if call["doctype"] != "Cronus Activity":
		return call()
	return repeat_activity(call.text("docname"), call["frequency"], call["start_date"], call["end_date"])


def repeat_activity(name: str, frequency: str, start_date: str | None, end_date: str | None) -> Document:
	"""Has an activity repeated, by whoever may write it; gives back the Auto Repeat.

	The activity itself is the first one, so its repetitions are counted from its own date at the earliest.
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
	# The right to write the activity has been asked; nothing else of what is saved is the author's.
	return entry.insert(ignore_permissions=True)


def stop_repetition(activity: str) -> None:
	"""Ends the repetition that an activity belongs to; what it has made so far stays.

	Raises frappe.ValidationError for an activity that does not repeat.
	"""
	doc = frappe.get_doc("Cronus Activity", activity)
	doc.check_permission("write")
	if not doc.auto_repeat:
		frappe.throw(_("This activity does not repeat."))
	frappe.db.set_value("Cronus Activity", {"auto_repeat": doc.auto_repeat}, "auto_repeat", None)
	# Sellers have no rights on it; whoever may write one of its activities may end it.
	frappe.delete_doc("Auto Repeat", doc.auto_repeat, ignore_permissions=True)


def resume_missed() -> None:
	"""Daily: goes on with repetitions whose day passed while the scheduler was down.

	The framework acts on a day only on that day, and waits for ever for one that has passed.
	"""
	missed = frappe.get_all(
		"Auto Repeat",
		filters={
			"reference_doctype": "Cronus Activity",
			"status": "Active",
			"next_schedule_date": ("<", getdate()),
		},
		fields=["name", "next_schedule_date"],
		order_by="name asc",
	)
	for row in missed:
		repeat = frappe.get_doc("Auto Repeat", row.name)
		following = repeat.get_next_schedule_date(schedule_date=row.next_schedule_date)
		repeat.db_set("next_schedule_date", following, update_modified=False)
		auto_repeat.create_repeated_entries([row])
