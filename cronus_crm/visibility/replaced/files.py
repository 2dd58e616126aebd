"""Functions that read a file of the site, or start something with it, for whoever names it."""

import frappe

from cronus_crm.visibility.replaced.replacement import Call, replaces

_DATA_IMPORT = "frappe.core.doctype.data_import.data_import"


@replaces(f"{_DATA_IMPORT}.DataImport.get_preview_from_template")
def preview_import(call: Call) -> dict | None:
	"""Rows of a file that is going to be imported. Open in 15 and 16: whoever may read one Data Import looks
	at any file of the site with it.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	if call["import_file"]:
		frappe.get_doc("File", {"file_url": call.text("import_file")}).check_permission("read")
	return call()


@replaces("frappe.core.api.file.unzip_file")
def unzip_file(call: Call):
	"""Unpacks an archive. Open in 15 and 16: whose it is nobody asks, and what is in it becomes the asker's.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	frappe.get_doc("File", call.text("name")).check_permission("read")
	return call()
