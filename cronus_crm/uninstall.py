"""Removes from a site what the framework leaves behind when it removes the app's modules and tables."""

import frappe
from frappe.permissions import reset_perms, rights

from cronus_crm.base import core_indexes
from cronus_crm.cronus_analytics.cases import case_times
from cronus_crm.cronus_analytics.files.customer_files import FOLDER
from cronus_crm.install import GRANTS, list_our_roles
from cronus_crm.visibility import search_index

# DocTypes whose records refer to documents, and their field with the DocType of the document.
DOCUMENT_REFERENCES = (
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
	("List View Settings", "name"),
	("Auto Repeat", "reference_doctype"),
	("Dynamic Link", "link_doctype"),
	("Communication Link", "link_doctype"),
	("__UserSettings", "doctype"),
)


def before_uninstall() -> None:
	"""Hook `before_uninstall`: removes records that refer to our documents, while our DocTypes still
	exist."""
	modules = frappe.get_all(
		"Module Def", filters={"app_name": "cronus_crm"}, pluck="name", order_by="name asc"
	)
	doctypes = frappe.get_all(
		"DocType", filters={"module": ("in", modules)}, pluck="name", order_by="name asc"
	)
	for name in frappe.get_all(
		"File", filters={"attached_to_doctype": ("in", doctypes)}, pluck="name", order_by="name asc"
	):
		frappe.delete_doc("File", name, force=True)
	for name in frappe.get_all("File", filters={"folder": FOLDER}, pluck="name", order_by="name asc"):
		frappe.delete_doc("File", name, force=True)
	frappe.delete_doc("File", FOLDER, force=True, ignore_missing=True)
	for doctype, fieldname in DOCUMENT_REFERENCES:
		frappe.db.delete(doctype, {fieldname: ("in", doctypes)})
	frappe.db.delete("DefaultValue", {"parent": ("in", ("cronus_demo", "cronus_first_day"))})
	frappe.db.delete("Onboarding Step", {"name": ("like", "Cronus %")})
	_take_back_site_name()
	# Frappe 16 creates these for an app and removes only some of them.
	for doctype in ("Workspace Sidebar", "Desktop Icon"):
		if frappe.db.exists("DocType", doctype):
			for name in frappe.get_all(
				doctype, filters={"app": "cronus_crm"}, pluck="name", order_by="name asc"
			):
				frappe.delete_doc(doctype, name, force=True)
	for doctype, _rights, _roles in GRANTS:
		_remove_permissions(doctype)


def _take_back_site_name() -> None:
	"""The name on the login page, where it is the one that this app has given."""
	given = frappe.db.get_default("cronus_site_name")
	if given and frappe.db.get_single_value("Website Settings", "app_name") == given:
		frappe.db.set_single_value("Website Settings", "app_name", "")
	frappe.defaults.clear_default("cronus_site_name")


def after_uninstall() -> None:
	"""Hook `after_uninstall`: removes our roles, scheduled jobs, and columns and indexes in core tables.

	The counters of naming series remain, because another app may use the same prefix.
	"""
	for role in list_our_roles():
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, force=True)
	for job in frappe.get_all(
		"Scheduled Job Type", {"method": ("like", "cronus_crm.%")}, pluck="name", order_by="name asc"
	):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.db.delete("Scheduled Job Type", job)
	_remove_custom_columns()
	core_indexes.drop_indexes()
	search_index.drop_tables()
	case_times.drop_table()
	frappe.clear_cache()
	frappe.db.commit()


def _remove_permissions(doctype: str) -> None:
	"""Removes our rules from the custom permissions of a DocType.

	If the remaining ones equal the standard permissions, the DocType uses these again. Rules that somebody
	else has added are kept.
	"""
	frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", list_our_roles())})
	if _list_rules("DocPerm", doctype) == _list_rules("Custom DocPerm", doctype):
		reset_perms(doctype)


def _remove_custom_columns() -> None:
	"""Drops the columns of our custom fields, which the framework keeps when it deletes the fields."""
	for column in frappe.db.get_table_columns("Contact"):
		if column.startswith("cronus_"):
			frappe.db.sql_ddl(f"alter table `tabContact` drop column `{column}`")


def _list_rules(kind: str, doctype: str) -> list[str]:
	"""The permission rules of a DocType as sorted JSON, for a comparison. kind: DocPerm or Custom DocPerm."""
	fields = ["role", "permlevel", "if_owner", *rights]
	return sorted(
		frappe.as_json(rule)
		for rule in frappe.get_all(kind, filters={"parent": doctype}, fields=fields, order_by="name asc")
	)
