"""Drops an index on Cronus Activity that a covering index, with more columns, has replaced."""

import frappe

TABLE = "tabCronus Activity"
REPLACED_INDEX = "seller_state_starts_on_index"


def execute() -> None:
	"""Drops the index if it exists."""
	if frappe.db.has_index(TABLE, REPLACED_INDEX):
		frappe.db.sql_ddl(f"alter table `{TABLE}` drop index `{REPLACED_INDEX}`")
