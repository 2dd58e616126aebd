"""Protects private files from users who know only their URL.

The framework serves a private file to every user who may read a File row with its URL. So a user could create
a row of their own with the URL of a foreign file and read it. Here, a user may write such a row only for a
file that the user can already read.
"""

from os.path import normpath
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file.utils import find_file_by_url

from cronus_crm.visibility import attachments


def permits(doc, ptype: str, user: str) -> bool:
	"""False for a row with the URL of a file that the user cannot read, or attached to a hidden document."""
	return not _claims_unreadable_file(doc, ptype) and attachments.permits(doc, ptype, user)


def _claims_unreadable_file(doc, ptype: str) -> bool:
	if ptype not in ("create", "write") or doc.get("content"):
		return False
	if not doc.is_new() and frappe.db.get_value("File", doc.name, "file_url") == doc.file_url:
		return False
	return _is_unreadable(doc.file_url)


def check_attach_fields(doc) -> None:
	"""For the event `validate` of every DocType: checks the URLs in Attach fields, of which the framework
	creates File rows.

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
	"""True for the URL of a private file when the user may read no File row with that URL."""
	if not address or frappe.session.user == "Administrator":
		return False
	# The path that the framework will open: URLs may be percent-encoded or contain "./" and "../".
	path = normpath(unquote(address))
	return path.startswith("/private/") and not find_file_by_url(path)
