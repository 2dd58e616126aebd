"""Moves cards on the framework's Kanban boards."""

import frappe
from frappe import _


def move_card(doctype: str, name: str, fieldname: str, from_value: str, to_value: str, **others) -> None:
	"""Moves a document from one column of a board to another and saves it.

	fieldname: the field of which each value is a column. from_value: the column in which the user saw the
	card. others: values of other fields that are set in the same save.

	Raises frappe.PermissionError without the right to write the document, frappe.ValidationError when the
	card is no longer in `from_value`, and what saving the document raises.
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
