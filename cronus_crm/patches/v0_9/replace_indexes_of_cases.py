"""Gives an existing site the indexes of cases by which figures by customer are read, in the place of former
ones with fewer columns."""

import frappe

from cronus_crm.cronus_service.doctype.cronus_case import cronus_case

TABLE = "tabCronus Case"
REPLACED = ("answered", "solved", "answer_due", "solution_due", "rated")


def execute() -> None:
	"""Changes nothing where they are there already."""
	for name in REPLACED:
		if frappe.db.has_index(TABLE, name):
			frappe.db.sql_ddl(f"alter table `{TABLE}` drop index `{name}`")
	cronus_case.on_doctype_update()
