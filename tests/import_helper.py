"""Makes and runs imports in tests. They commit, as jobs do; `forget_import` removes what they have
written."""

import json

import frappe

from cronus_crm.cronus_exchange.running import import_actions, tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT
from cronus_crm.cronus_exchange.running.stored_rows import JOURNAL, ROW

COUNTS = (
	"rows_read",
	"rows_new",
	"rows_changed",
	"rows_unchanged",
	"rows_wrong",
	"rows_doubled",
	"rows_similar",
	"rows_left_out",
)


def make_import(
	contents: str | bytes,
	target: str = "Customers",
	user: str = "Administrator",
	file_name: str = "a.csv",
	reads: bool = True,
	mapping: dict[str, str] | None = None,
	**choices,
) -> str:
	"""Inserts an import of a user with this file and reads it; gives back its name. choices: fields set
	after the proposal. mapping: the field that a heading becomes, where it is not proposed."""
	frappe.set_user(user)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": file_name, "content": contents, "is_private": 1}
	).insert()
	doc = frappe.get_doc({"doctype": IMPORT, "target": target, "file": file.file_url}).insert()
	if reads:
		import_actions.read_file(doc.name)
		doc.reload()
		doc.update(choices)
		for column in doc.columns:
			if mapping and column.heading in mapping:
				column.target_field = mapping[column.heading]
		doc.save()
	frappe.db.commit()
	frappe.set_user("Administrator")
	return doc.name


def work(name: str, action, user: str = "Administrator"):
	"""Does what a user starts, as the worker would; gives back the import. It has to end well."""
	frappe.set_user(user)
	action(name)
	frappe.db.commit()
	tasks.run_task(name)
	frappe.set_user("Administrator")
	frappe.local.lang = "en"
	doc = frappe.get_doc(IMPORT, name)
	assert doc.state in ("Dry run made", "Done", "Undone"), (doc.state, doc.error)
	return doc


def check(name: str, user: str = "Administrator"):
	return work(name, import_actions.check, user)


def check_and_run(name: str, user: str = "Administrator"):
	check(name, user)
	return work(name, import_actions.run, user)


def undo(name: str, user: str = "Administrator"):
	work(name, import_actions.check_undo, user)
	return work(name, import_actions.undo, user)


def counts_of(doc) -> dict[str, int]:
	"""The counts of a dry run that are not zero."""
	return {name: doc.get(name) for name in COUNTS if doc.get(name)}


def rows_of(name: str) -> dict[int, "frappe._dict"]:
	"""What is kept of each line."""
	rows = frappe.get_all(
		ROW,
		{"customer_import": name},
		["line", "outcome", "reason", "notes", "changes", "record_name", "title"],
		order_by="line asc",
	)
	for row in rows:
		row.changes = json.loads(row.changes or "{}")
	return {row.line: row for row in rows}


def records_of(name: str, doctype: str) -> list[str]:
	"""Names of the records of a DocType that an import has created, in their order."""
	filters = {"customer_import": name, "record_doctype": doctype, "action": "Created"}
	return frappe.get_all(JOURNAL, filters, pluck="record_name", order_by="name asc")


def forget_import(name: str) -> None:
	"""Removes an import and the records that it has created, and commits."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	rows = frappe.get_all(
		JOURNAL,
		{"customer_import": name, "action": "Created"},
		["record_doctype", "record_name"],
		order_by="name desc",
	)
	for row in rows:
		for field in frappe.get_meta(row.record_doctype).get_table_fields():
			frappe.db.delete(field.options, {"parent": row.record_name, "parenttype": row.record_doctype})
		frappe.db.delete(row.record_doctype, row.record_name)
	for doctype in (ROW, JOURNAL):
		frappe.db.delete(doctype, {"customer_import": name})
	for doctype in ("Cronus Import Column", "Cronus Import Seller"):
		frappe.db.delete(doctype, {"parent": name})
	frappe.db.delete(IMPORT, name)
	frappe.db.commit()
