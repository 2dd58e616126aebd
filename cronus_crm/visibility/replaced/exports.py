"""Functions that write files for spreadsheets, without cells that a spreadsheet would run: see
`spreadsheets.py`.

Open in 15 and 16, for every DocType and report of the site: what a stranger wrote runs on the reader's
machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from cronus_crm.base.spreadsheets import neutralise_rows
from cronus_crm.visibility.replaced.replacement import Call, replaces

FOR_PEOPLE, TO_BE_IMPORTED = "for people", "to be imported"


@contextmanager
def neutralise_cells(purpose: str) -> Iterator[None]:
	"""Files that are written within hold no cell that a spreadsheet would run.

	The framework builds a file and answers with it in one function, so there is no later moment at which its
	cells could still be told apart: "-5" the number from "-5" the text, and a formula from a name. So the
	functions that write files are told by a flag, which lasts as long as the export.
	"""
	frappe.flags.cronus_neutral_cells = purpose
	try:
		yield
	finally:
		frappe.flags.cronus_neutral_cells = None


@replaces(
	"frappe.desk.reportview.export_query",
	"frappe.core.doctype.data_import.data_import.download_import_log",
)
def export_for_people(call: Call):
	"""List or report view as a file, what became of the rows of an import."""
	with neutralise_cells(FOR_PEOPLE):
		return call()


@replaces(
	"frappe.core.doctype.data_export.exporter.export_data",
	"frappe.core.doctype.data_import.data_import.download_template",
	"frappe.core.doctype.data_import.data_import.download_errored_template",
)
def export_to_be_imported(call: Call):
	"""Records as a file that can be imported again: a telephone keeps its +."""
	with neutralise_cells(TO_BE_IMPORTED):
		return call()


@replaces("frappe.desk.utils.get_csv_bytes", "frappe.utils.xlsxutils.make_xlsx")
def write_rows(call: Call):
	"""The bytes of a file of rows."""
	call["data"] = _neutralise_for_export(call["data"])
	return call()


@replaces("frappe.utils.csvutils.UnicodeWriter.writerow")
def write_row(call: Call):
	"""One row of a CSV file."""
	(call["row"],) = _neutralise_for_export([call["row"]])
	return call()


def _neutralise_for_export(rows) -> list[list]:
	"""Rows as the export under way wants them; outside of one, as they are."""
	purpose = frappe.flags.get("cronus_neutral_cells")
	return neutralise_rows(rows, keep_phones=purpose == TO_BE_IMPORTED) if purpose else rows
