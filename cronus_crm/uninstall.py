"""Removes from a site what the framework leaves when it removes the app's modules and their tables."""

import frappe
from frappe.permissions import reset_perms

from cronus_crm.install import READ_BY_OUR_ROLES, our_roles

# Where other DocTypes keep what they know of a document: DocType, and its field with the document's DocType.
KEPT_ABOUT_DOCUMENTS = (
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
	("__UserSettings", "doctype"),
)


def before_uninstall() -> None:
	"""While our DocTypes are still known: what the rest of the site holds about their records."""
	modules = frappe.get_all("Module Def", filters={"app_name": "cronus_crm"}, pluck="name")
	doctypes = frappe.get_all("DocType", filters={"module": ("in", modules)}, pluck="name")
	for name in frappe.get_all("File", filters={"attached_to_doctype": ("in", doctypes)}, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	for doctype, fieldname in KEPT_ABOUT_DOCUMENTS:
		frappe.db.delete(doctype, {fieldname: ("in", doctypes)})
	frappe.db.delete("DefaultValue", {"parent": "cronus_demo"})
	for doctype in READ_BY_OUR_ROLES:
		_take_back_permissions(doctype)


def after_uninstall() -> None:
	"""The roles, from whoever had them, and our jobs in the scheduler.

	The counters of naming series stay: a prefix such as `PF-` may be shared with another app.
	"""
	for role in our_roles():
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, force=True)
	for job in frappe.get_all("Scheduled Job Type", {"method": ("like", "cronus_crm.%")}, pluck="name"):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.db.delete("Scheduled Job Type", job)
	frappe.clear_cache()
	frappe.db.commit()


def _take_back_permissions(doctype: str) -> None:
	"""Our rules go. Where what is left is the framework's own, it is the framework's again; rules that
	somebody else added stay."""
	frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", our_roles())})
	standard = frappe.get_all(
		"DocPerm", filters={"parent": doctype}, fields=["role", "permlevel", "if_owner"]
	)
	left = frappe.get_all(
		"Custom DocPerm", filters={"parent": doctype}, fields=["role", "permlevel", "if_owner"]
	)
	if sorted(map(str, standard)) == sorted(map(str, left)):
		reset_perms(doctype)
