"""Lines of invoices named the line of a proforma that they came from; now they may come from any document."""

import frappe
from frappe.query_builder import DocType

OLD_NAME, OLD_ROW = "proforma", "proforma_item"


def execute() -> None:
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
