"""Files that more than one document has."""

import frappe
from frappe.model.document import Document


def attach_copy(file: str, doctype: str, name: str) -> Document:
	"""Attaches what a File record stores to one more document, and gives back the new record. Nothing is
	stored twice.

	Asks no rights: the caller has asked whether the user may read the file and change the document.
	"""
	source = frappe.get_doc("File", file)
	# Frappe 16 has this, and its insert would not do: it takes a picture whose bytes all happen to be letters
	# of a Windows code page for a text in it, and stores it anew in UTF-8.
	if hasattr(source, "create_attachment_copy"):
		return source.create_attachment_copy(doctype, name, ignore_permissions=True)
	copy = frappe.new_doc("File")
	copy.update({field: source.get(field) for field in ("file_name", "file_url", "is_private")})
	copy.update({"attached_to_doctype": doctype, "attached_to_name": name})
	# The rights are the caller's to ask.
	return copy.insert(ignore_permissions=True)
