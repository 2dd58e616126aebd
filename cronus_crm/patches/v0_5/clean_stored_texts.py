"""Removes scripts from stored texts that the framework did not sanitise: valid JSON, and texts that were sent
together with a submission.
"""

import frappe
from frappe.query_builder import Criterion, DocType

from cronus_crm.visibility import document_checks

_BATCH = 1000


def execute() -> None:
	"""Idempotent. `modified` is not changed and no event runs. Only texts with markup are read."""
	for doctype in _list_doctypes():
		fields = [field.fieldname for field in document_checks.list_text_fields(doctype)]
		if fields:
			_clean_doctype(doctype, fields)


def _list_doctypes() -> list[str]:
	names = frappe.get_all(
		"DocType", filters={"issingle": 0, "is_virtual": 0}, pluck="name", order_by="name asc"
	)
	return [name for name in names if document_checks.needs_sanitising(name)]


def _clean_doctype(doctype: str, fields: list[str]) -> None:
	table, last = DocType(doctype), ""
	markup = Criterion.any(table[fieldname].like("%<%") for fieldname in fields)
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(table.name, *(table[fieldname] for fieldname in fields))
			.where(markup & (table.name > last))
			.orderby(table.name)
			.limit(_BATCH)
			.run(as_dict=True)
		)
		if not rows:
			return
		last = rows[-1].name
		for row in rows:
			changed = {
				fieldname: clean
				for fieldname in fields
				if (value := row[fieldname]) and (clean := document_checks.remove_scripts(value)) != value
			}
			if changed:
				frappe.db.set_value(doctype, row.name, changed, update_modified=False)
