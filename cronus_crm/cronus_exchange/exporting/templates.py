"""Templates of imports: empty, with examples, or with the records of today.

The headings are in the user's language; the import reads those of every language.
"""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

import frappe
from frappe import _
from frappe.desk.utils import provide_binary_file

from cronus_crm.base.spreadsheets import Sheet, build_workbook, neutralise_rows
from cronus_crm.cronus_exchange.exporting.record_rows import iterate_record_rows
from cronus_crm.cronus_exchange.targets.target import Target, TargetField, find_target

CONTENTS, FILE_FORMATS = ("Empty", "Examples", "Records"), ("Excel", "CSV")

# More records are exported by `api.imports.export`, in the background.
MAX_RECORDS = 5000


def send_template(target: str, contents: str, file_format: str) -> None:
	"""Sets the response to a template; see `api.imports.download_template` for the arguments.

	Raises frappe.PermissionError for who may not make imports, or not export the records.
	"""
	frappe.has_permission("Cronus Customer Import", "create", throw=True)
	if contents not in CONTENTS or file_format not in FILE_FORMATS:
		frappe.throw(_("Choose one of: {0}").format(", ".join((*CONTENTS, *FILE_FORMATS))))
	found = find_target(target)
	fields = found.list_fields()
	rows = [write_headings(fields), *_list_rows(found, fields, contents)]
	name = " ".join((_("Template"), _(target)))
	if file_format == "CSV":
		frappe.local.response.filename = f"{name}.csv"
		frappe.local.response.filecontent = write_csv(rows).encode("utf-8-sig")
		frappe.local.response.type = "download"
	else:
		provide_binary_file(name, "xlsx", build_workbook([Sheet(_(target), rows[0], rows[1:])]))


def write_headings(fields: Sequence[TargetField]) -> list[str]:
	return [known.write_heading() for known in fields]


def write_csv(rows: Sequence[Sequence]) -> str:
	"""Rows as CSV, without formulas; telephones stay as they are."""
	file = StringIO(newline="")
	csv.writer(file).writerows(neutralise_rows(rows, keep_phones=True))
	return file.getvalue()


def _list_rows(target: Target, fields: Sequence[TargetField], contents: str) -> Iterator[list]:
	if contents == "Examples":
		yield from ([example.get(known.key, "") for known in fields] for example in target.examples)
	elif contents == "Records":
		frappe.permissions.can_export(target.root.doctype, raise_exception=True)
		if frappe.db.count(target.root.doctype) > MAX_RECORDS:
			frappe.throw(
				_(
					"There are more than {0} records. Export them from their list, to import them again."
				).format(MAX_RECORDS)
			)
		yield from iterate_record_rows(target, fields, limit=MAX_RECORDS)
