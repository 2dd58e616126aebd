"""Removes from a site what the framework leaves when it removes the app's modules and their tables."""

import frappe


def before_uninstall() -> None:
	"""While our DocTypes are still known: what other DocTypes hold about their records."""
	doctypes = frappe.get_all("DocType", filters={"module": ("in", _modules())}, pluck="name")
	for doctype, fieldname in (
		("Version", "ref_doctype"),
		("Comment", "reference_doctype"),
		("Communication", "reference_doctype"),
		("ToDo", "reference_type"),
		("Notification Log", "document_type"),
		("DocShare", "share_doctype"),
		("Tag Link", "document_type"),
		("View Log", "reference_doctype"),
		("Activity Log", "reference_doctype"),
		("Document Follow", "ref_doctype"),
		("Deleted Document", "deleted_doctype"),
		("Property Setter", "doc_type"),
		("Custom Field", "dt"),
		("Custom DocPerm", "parent"),
		("User Permission", "allow"),
		("List Filter", "reference_doctype"),
		("Kanban Board", "reference_doctype"),
		("Auto Repeat", "reference_doctype"),
	):
		frappe.db.delete(doctype, {fieldname: ("in", doctypes)})
	for name in frappe.get_all("File", filters={"attached_to_doctype": ("in", doctypes)}, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	frappe.db.delete("__UserSettings", {"doctype": ("in", doctypes)})


def after_uninstall() -> None:
	"""The roles, from whoever had them.

	The counters of naming series stay: a prefix such as `PF-` may be shared with another app.
	"""
	for role in frappe.get_all("Role", filters={"name": ("like", "Cronus %")}, pluck="name"):
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, force=True)
	frappe.clear_cache()
	frappe.db.commit()


def _modules() -> list[str]:
	return frappe.get_all("Module Def", filters={"app_name": "cronus_crm"}, pluck="name")
