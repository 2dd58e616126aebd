"""Exports of the framework, without cells that a spreadsheet would run: see `spreadsheets.py`.

`hooks.py` puts these in the place of the framework's own, under the same addresses, for every DocType and
report of the site. They run the framework's code; only the functions that write its files are ours, and only
while one of these exports is being made.
"""

from collections.abc import Callable
from functools import wraps

import frappe
import frappe.core.doctype.data_export.exporter
import frappe.core.doctype.data_import.data_import
import frappe.desk.query_report
import frappe.desk.reportview
import frappe.desk.utils
from frappe.utils import csvutils, xlsxutils

from cronus_crm.cronus_crm.spreadsheets import neutral_rows

# Which flag of the request says that its file is guarded, and how.
_FLAG = "cronus_guarded_export"
_FOR_PEOPLE, _TO_BE_IMPORTED = "for people", "to be imported"


@frappe.whitelist()
def export_query() -> None:
	"""List or report view as a file, as `frappe.desk.reportview.export_query`."""
	_guarded(_FOR_PEOPLE, frappe.desk.reportview.export_query)


@frappe.whitelist()
def export_report() -> None:
	"""A report as a file, as `frappe.desk.query_report.export_query`."""
	_guarded(_FOR_PEOPLE, frappe.desk.query_report.export_query)


@frappe.whitelist()
def export_data(
	doctype: str | list | None = None,
	parent_doctype: str | None = None,
	all_doctypes: bool | str = True,
	with_data: bool | str = False,
	select_columns: str | dict | None = None,
	file_type: str = "CSV",
	template: bool | str = False,
	filters: str | dict | list | None = None,
	export_without_column_meta: bool | str = False,
) -> None:
	"""Records as a file, as `frappe.core.doctype.data_export.exporter.export_data`."""
	_guarded(
		_TO_BE_IMPORTED,
		frappe.core.doctype.data_export.exporter.export_data,
		doctype,
		parent_doctype,
		all_doctypes,
		with_data,
		select_columns,
		file_type,
		template,
		filters,
		export_without_column_meta,
	)


@frappe.whitelist()
def download_template(
	doctype: str,
	export_fields: str | dict | None = None,
	export_records: str | None = None,
	export_filters: str | dict | list | None = None,
	file_type: str = "CSV",
) -> None:
	"""Template of an import, empty or with records, as `data_import.download_template`."""
	_guarded(
		_TO_BE_IMPORTED,
		frappe.core.doctype.data_import.data_import.download_template,
		doctype,
		export_fields,
		export_records,
		export_filters,
		file_type,
	)


@frappe.whitelist()
def download_errored_template(data_import_name: str) -> None:
	"""Rows that an import refused, as `data_import.download_errored_template`."""
	_guarded(
		_TO_BE_IMPORTED,
		frappe.core.doctype.data_import.data_import.download_errored_template,
		data_import_name,
	)


@frappe.whitelist()
def download_import_log(data_import_name: str) -> None:
	"""What became of the rows of an import, as `data_import.download_import_log`."""
	_guarded(_FOR_PEOPLE, frappe.core.doctype.data_import.data_import.download_import_log, data_import_name)


def _guarded(purpose: str, export: Callable, *arguments) -> None:
	frappe.flags[_FLAG] = purpose
	try:
		export(*arguments)
	finally:
		frappe.flags[_FLAG] = None


def _neutral(rows) -> list[list]:
	"""Rows as the export under way wants them; outside of one, as they are."""
	purpose = frappe.flags.get(_FLAG)
	return neutral_rows(rows, keep_phones=purpose == _TO_BE_IMPORTED) if purpose else rows


def _writes_neutral_rows(function: Callable) -> Callable:
	@wraps(function)
	def write(data, *args, **kwargs):
		return function(_neutral(data), *args, **kwargs)

	return write


def _writes_neutral_row(method: Callable) -> Callable:
	@wraps(method)
	def writerow(self, row):
		(neutral,) = _neutral([row])
		method(self, neutral)

	return writerow


# The framework builds a file and answers with it in one function, so there is no later moment at which its
# cells could still be told apart: "-5" the number from "-5" the text, and a formula from a name. Without an
# export of ours under way these are what they were, also for other sites that this process serves.
frappe.desk.utils.get_csv_bytes = _writes_neutral_rows(frappe.desk.utils.get_csv_bytes)
xlsxutils.make_xlsx = _writes_neutral_rows(xlsxutils.make_xlsx)
csvutils.UnicodeWriter.writerow = _writes_neutral_row(csvutils.UnicodeWriter.writerow)
