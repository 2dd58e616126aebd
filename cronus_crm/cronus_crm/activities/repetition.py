"""Activities that repeat, with the framework's Auto Repeat.

Sellers have no right to write an Auto Repeat: it renders texts of its author as templates, which can read the
whole site, and mails documents to any address. These functions create one for them, of which they choose only
frequency and dates.
"""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.automation.doctype.auto_repeat import auto_repeat
from frappe.model.document import Document
from frappe.utils import getdate

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_today
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.automation.doctype.auto_repeat.auto_repeat.make_auto_repeat")
def make_auto_repeat(call: Call):
	"""Replaces the framework's method for activities: whoever may write an activity may repeat it, without
	the right to write an Auto Repeat.

	Tests: test_the_first_repetition_comes_after_the_activity,
	test_only_whoever_may_write_it_has_it_repeated_or_stopped.
	"""
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
	"""Daily: continues the repetitions whose date has passed while the scheduler was down, one by one.

	The framework creates an occurrence only on its very date; after a missed one it would create none.
	"""
	missed = frappe.get_all(
		"Auto Repeat",
		filters={
			"reference_doctype": "Cronus Activity",
			"status": "Active",
			"next_schedule_date": ("<", company_today()),
		},
		pluck="name",
		order_by="name asc",
	)
	for name in missed:
		run_in_own_transaction(_resume, name)


def _resume(name: str) -> None:
	"""Creates the last occurrence that was missed, and that of today if there is one. Idempotent."""
	repeat = frappe.get_doc("Auto Repeat", name, for_update=True)
	if repeat.status != "Active" or not repeat.next_schedule_date or getdate() <= repeat.next_schedule_date:
		return
	last = _find_last_missed(repeat)
	if not repeat.end_date or last <= repeat.end_date:
		# The occurrence takes its date from the stored one.
		repeat.db_set("next_schedule_date", last, update_modified=False)
		repeat.create_documents()
	# Not what the framework says is next, which after the end of the series is the last one again.
	repeat.db_set("next_schedule_date", _find_following(repeat, last), update_modified=False)
	auto_repeat.create_repeated_entries([frappe._dict(name=name)])


def _find_last_missed(repeat: Document) -> date:
	"""The last date before today, and not after its end, in a series whose next date has passed."""
	last = getdate(repeat.next_schedule_date)
	until = min(getdate() - timedelta(days=1), repeat.end_date or date.max)
	while last < (following := _find_following(repeat, last)) <= until:
		last = following
	return last


def _find_following(repeat: Document, day: date) -> date:
	return getdate(repeat.get_next_schedule_date(schedule_date=day, for_full_schedule=True))
