"""A private file belongs to whoever may read it. The framework knows a file by its address alone, and gives
it to everybody who has a row of File with that address; so nobody writes such a row who could not read the
file before.
"""

from os.path import normpath
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file.utils import find_file_by_url

from cronus_crm.visibility import attachments


def permits(doc, ptype: str, user: str) -> bool:
	"""False where a row claims a file that is not in sight, or where what it is attached to is not."""
	return not _claims_unreadable_file(doc, ptype) and attachments.permits(doc, ptype, user)


def _claims_unreadable_file(doc, ptype: str) -> bool:
	if ptype not in ("create", "write") or doc.get("content"):
		return False
	if not doc.is_new() and frappe.db.get_value("File", doc.name, "file_url") == doc.file_url:
		return False
	return _is_unreadable(doc.file_url)


def check_attach_fields(doc) -> None:
	"""For the validate of every DocType: the framework makes such a row of what an Attach field holds.

	Raises frappe.PermissionError, naming the field.
	"""
	for field in doc.meta.get("fields", {"fieldtype": ("in", ("Attach", "Attach Image"))}):
		value = doc.get(field.fieldname)
		if _is_unreadable(value) and doc.has_value_changed(field.fieldname):
			frappe.throw(
				_("{0}: you may not use this file. Upload one of your own.").format(
					frappe.bold(_(field.label))
				),
				frappe.PermissionError,
			)


def _is_unreadable(address: str | None) -> bool:
	"""True for an address below the private folder of which the user may read no row."""
	if not address or frappe.session.user == "Administrator":
		return False
	# What the framework opens in the end, whatever detours the address makes.
	path = normpath(unquote(address))
	return path.startswith("/private/") and not find_file_by_url(path)
