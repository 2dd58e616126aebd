"""Functions that read a file of the site, or start something with it, for whoever names it."""

import frappe

from cronus_crm.cronus_crm.replaced.replacement import Call, replaces

_DATA_IMPORT = "frappe.core.doctype.data_import.data_import"


def _check(call: Call, argument: str, ptype: str) -> None:
	frappe.get_doc("Data Import", call.text(argument)).check_permission(ptype)


@replaces(f"{_DATA_IMPORT}.get_preview_from_template")
def preview_import(call: Call) -> dict | None:
	"""Rows of a file that is going to be imported. Open in 15 and 16: anybody may look, at any file of the
	site; here, whoever may read the Data Import and, see below, the file.

	Raises frappe.PermissionError.
	"""
	_check(call, "data_import", "read")
	return call()


@replaces(f"{_DATA_IMPORT}.form_start_import", f"{_DATA_IMPORT}.stop_data_import")
def steer_import(call: Call):
	"""Starts an import, or stops one (16). Open in 15 and 16: anybody may; here, whoever may write it."""
	_check(call, "data_import" if "data_import" in call else "doc_name", "write")
	return call()


@replaces(f"{_DATA_IMPORT}.get_import_status", f"{_DATA_IMPORT}.get_import_logs")
def read_import(call: Call):
	"""How an import stands, and what became of its rows. Open in 15 and 16: for anybody."""
	_check(call, "data_import_name" if "data_import_name" in call else "data_import", "read")
	return call()


@replaces(f"{_DATA_IMPORT}.DataImport.get_preview_from_template")
def preview_with_file(call: Call) -> dict | None:
	"""The same by `run_doc_method`: whoever may read one Data Import could look at any file with it."""
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
