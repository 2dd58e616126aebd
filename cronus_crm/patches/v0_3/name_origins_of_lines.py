"""Copies the proforma and its line from which a line of an invoice was made into the fields for an origin of
any DocType.
"""

import frappe
from frappe.query_builder import DocType

OLD_NAME, OLD_ROW = "proforma", "proforma_item"


def execute() -> None:
	"""Fills `source_doctype`, `source_name` and `source_row` where they are empty, if the old columns
	exist."""
	if OLD_NAME not in frappe.db.get_table_columns("Cronus Document Item"):
		return
	line = DocType("Cronus Document Item")
	(
		frappe.qb.update(line)
		.set(line.source_doctype, "Proforma")
		.set(line.source_name, line[OLD_NAME])
		.set(line.source_row, line[OLD_ROW])
		.where((line[OLD_NAME] != "") & line.source_name.isnull())
		.run()
	)
