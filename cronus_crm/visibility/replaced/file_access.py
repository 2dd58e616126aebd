"""Functions that read or process a file, given only its name or URL."""

import frappe

from cronus_crm.visibility.replaced.replacement import Call, replaces

_DATA_IMPORT = "frappe.core.doctype.data_import.data_import"


@replaces(f"{_DATA_IMPORT}.DataImport.get_preview_from_template")
def preview_import(call: Call) -> dict | None:
	"""The first rows of a file for an import.

	Open in 15 and 16: a user who may read one Data Import could read the rows of any file. Held closed by way
	“preview of any file”.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	if call["import_file"]:
		frappe.get_doc("File", {"file_url": call.text("import_file")}).check_permission("read")
	return call()


@replaces("frappe.core.api.file.unzip_file")
def unzip_file(call: Call):
	"""Unpacks an archive into files of the user.

	Open in 15 and 16: any user could unpack any archive and owned its contents. Held closed by the crawler.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	frappe.get_doc("File", call.text("name")).check_permission("read")
	return call()
