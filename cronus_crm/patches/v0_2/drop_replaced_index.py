"""The index of what is pending of a seller now holds all that is counted; the short one is idle."""

import frappe

TABLE = "tabCronus Activity"
REPLACED_INDEX = "seller_state_starts_on_index"


def execute() -> None:
	if frappe.db.has_index(TABLE, REPLACED_INDEX):
		frappe.db.sql_ddl(f"alter table `{TABLE}` drop index `{REPLACED_INDEX}`")
