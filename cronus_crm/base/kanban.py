"""Cards of the framework's Kanban."""

import frappe
from frappe import _


def move_card(doctype: str, name: str, fieldname: str, from_value: str, to_value: str, **others) -> None:
	"""Moves a document from one column to another, setting other fields with it, by its own save.

	Raises frappe.PermissionError, what the document's own checks raise, and frappe.ValidationError when it is
	no longer where it was seen.
	"""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("write")
	if doc.get(fieldname) != from_value:
		frappe.throw(
			_("{0} is in {1} by now. Refresh the board.").format(
				frappe.bold(doc.get_title()), frappe.bold(_(doc.get(fieldname)))
			)
		)
	doc.update({fieldname: to_value, **others})
	doc.save()
