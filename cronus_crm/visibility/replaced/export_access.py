"""Functions that write files for spreadsheets, without formula injection: see base/spreadsheets.py.

Open in 15 and 16, for every DocType and report of the site: text that one user wrote runs as a formula on the
computer of another one, who opens the exported file.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from cronus_crm.base.spreadsheets import neutralise_rows
from cronus_crm.visibility.replaced.replacement import Call, replaces

FOR_PEOPLE, TO_BE_IMPORTED = "for people", "to be imported"


@contextmanager
def neutralise_cells(purpose: str) -> Iterator[None]:
	"""Context manager: cells of files that are written inside it are neutralised.

	purpose: FOR_PEOPLE, or TO_BE_IMPORTED for files that keep telephone numbers as they are.

	Why a flag: the framework builds a file and sends it in one function. Afterwards the number -5 and the
	text "-5" look the same, so the cells must be neutralised in the functions that write rows, and these take
	no argument for it.
	"""
	frappe.flags.cronus_neutral_cells = purpose
	try:
		yield
	finally:
		frappe.flags.cronus_neutral_cells = None


@replaces(
	"frappe.desk.reportview._export_query",
	"frappe.core.doctype.data_import.data_import.download_import_log",
)
def export_for_people(call: Call):
	"""List, report view or log of an import as a file, also one that a job makes and sends by mail.

	Held closed by tests/test_customers.py: test_the_exports_of_the_framework_have_no_formulas,
	test_the_log_of_an_import_has_no_formulas.
	"""
	with neutralise_cells(FOR_PEOPLE):
		return call()


@replaces(
	"frappe.core.doctype.data_export.exporter.export_data",
	"frappe.core.doctype.data_import.data_import.download_template",
	"frappe.core.doctype.data_import.data_import.download_errored_template",
)
def export_to_be_imported(call: Call):
	"""Records as a file that can be imported again. A telephone number keeps its plus sign.

	Held closed by tests/test_customers.py:
	test_records_of_an_import_template_have_no_formulas_and_telephones_as_they_are,
	test_the_rows_that_an_import_refused_have_no_formulas,
	test_the_tool_for_exporting_data_writes_no_formulas.
	"""
	with neutralise_cells(TO_BE_IMPORTED):
		return call()


@replaces("frappe.desk.utils.get_csv_bytes", "frappe.utils.xlsxutils.make_xlsx")
def write_rows(call: Call):
	"""The bytes of a file; its rows are neutralised during an export.

	Held closed by tests/test_customers.py: test_the_exports_of_the_framework_have_no_formulas.
	"""
	call["data"] = _neutralise_for_export(call["data"])
	return call()


@replaces("frappe.utils.csvutils.UnicodeWriter.writerow")
def write_row(call: Call):
	"""Writes one row of a CSV file, neutralised during an export.

	Held closed by tests/test_customers.py: test_the_tool_for_exporting_data_writes_no_formulas.
	"""
	(call["row"],) = _neutralise_for_export([call["row"]])
	return call()


def _neutralise_for_export(rows) -> list[list]:
	"""The rows, neutralised for the purpose of the current export; unchanged outside an export."""
	purpose = frappe.flags.get("cronus_neutral_cells")
	return neutralise_rows(rows, keep_phones=purpose == TO_BE_IMPORTED) if purpose else rows
