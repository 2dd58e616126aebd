"""The activities that follow a commercial document, as its page shows them."""

import frappe
from frappe import _

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import show_value

_MOST = 20


def list_pending(doctype: str, name: str) -> list[dict]:
	"""The pending activities of a document that the session's user may see, the next one first.

	Each has `name`, `activity_type`, `kind` of that type, `starts_on` (system's time zone) and `all_day`.

	Raises frappe.PermissionError where the user may not read the document, frappe.ValidationError for a
	DocType that is not one of commercial documents.
	"""
	if doctype not in sales_documents.registered_doctypes():
		frappe.throw(_("{0} is not a commercial document.").format(frappe.bold(show_value(doctype))))
	frappe.get_doc(doctype, name).check_permission("read")
	if not frappe.has_permission("Cronus Activity", "read"):
		return []
	return frappe.get_list(
		"Cronus Activity",
		filters={"reference_doctype": doctype, "reference_name": name, "state": "Pending"},
		fields=["name", "activity_type", "activity_type.kind as kind", "starts_on", "all_day"],
		order_by="starts_on asc, name asc",
		limit=_MOST,
	)
