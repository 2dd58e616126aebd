"""The rows of an import as a CSV file: the cells as they are in the original, with its line and what is
wrong.

Corrected, the file can be loaded again: the two first columns are left out by the import.
"""

import csv
import json
from io import StringIO

import frappe
from frappe import _
from frappe.query_builder import DocType

from cronus_crm.base.spreadsheets import neutralise_cell
from cronus_crm.cronus_exchange.comparing.earlier_rows import ROW
from cronus_crm.cronus_exchange.running.import_actions import load_import

OUTCOMES = (
	"New",
	"Changed",
	"Unchanged",
	"Wrong",
	"Doubled",
	"Likely double",
	"Left out",
	"Written",
	"Refused",
)

# Rows that are read at once.
_PAGE = 2000


def send_rows(name: str, outcome: str) -> None:
	"""Sets the response to the file of rows with an outcome.

	Raises frappe.ValidationError for an unknown outcome.
	"""
	doc = load_import(name, "read")
	if outcome not in OUTCOMES:
		frappe.throw(_("Choose one of: {0}").format(", ".join(OUTCOMES)))
	headings = [column.heading for column in doc.columns]
	frappe.local.response.filename = f"{name}-{frappe.scrub(outcome)}.csv"
	frappe.local.response.filecontent = write_rows(name, outcome, headings).encode("utf-8-sig")
	frappe.local.response.type = "download"


def write_rows(name: str, outcome: str, headings: list[str]) -> str:
	"""The text of the file: line, what is wrong, and the cells below their headings."""
	file = StringIO(newline="")
	writer = csv.writer(file)
	writer.writerow([_("Line"), _("What is wrong"), *map(neutralise_cell, headings)])
	for line, reason, cells in _iterate_rows(name, outcome):
		writer.writerow(
			[line, neutralise_cell(reason or ""), *map(neutralise_cell, json.loads(cells or "[]"))]
		)
	return file.getvalue()


def _iterate_rows(name: str, outcome: str):
	table = DocType(ROW)
	last = -1
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(table.line, table.reason, table.cells)
			.where((table.customer_import == name) & (table.outcome == outcome) & (table.line > last))
			.orderby(table.line)
			.limit(_PAGE)
			.run()
		)
		yield from rows
		if len(rows) < _PAGE:
			return
		last = rows[-1][0]
