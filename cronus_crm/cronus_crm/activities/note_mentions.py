"""Who is mentioned in the notes of an activity is told, as in its comments."""

from frappe.desk import notifications
from frappe.model.document import Document

from cronus_crm.base.mentions import keep_mentions, list_mentioned


def tell_mentioned(activity: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Activity: tells those who are mentioned in the notes and were not
	before."""
	before = activity.get_doc_before_save()
	if before and before.notes == activity.notes:
		return
	known = list_mentioned(before.notes) if before else []
	fresh = [user for user in list_mentioned(activity.notes) if user not in known]
	if fresh:
		notifications.notify_mentions(activity.doctype, activity.name, keep_mentions(activity.notes, fresh))
