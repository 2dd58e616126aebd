"""Helpers for the lines of documents, which prices, taxes and the documents themselves share."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.present_records import get_present_doc

# Saving takes about a millisecond for each line. With many more lines, the request would time out.
MOST_LINES = 5_000


def check_number_of_lines(rows: list[Document]) -> None:
	"""Raises frappe.ValidationError for more lines than a document may have."""
	if len(rows) > MOST_LINES:
		frappe.throw(
			_("The document has {0} lines and may have {1}. Divide it into several.").format(
				frappe.bold(f"{len(rows):,}"), f"{MOST_LINES:,}"
			),
			title=_("Too many lines"),
		)


def refuse_line(row: Document, reason: str) -> None:
	"""Raises frappe.ValidationError that names line, product and reason (translated, without a full stop)."""
	frappe.throw(_("Line {0}, {1}: {2}.").format(row.idx, frappe.bold(row.product or "?"), reason))


def get_product(row: Document) -> Document:
	"""The product of a line, to be read only.

	Raises frappe.ValidationError, naming the line, where there is no such product.
	"""
	try:
		return get_present_doc("Cronus Product", row.product)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		refuse_line(row, _("there is no such product"))


def is_carried(row: Document) -> bool:
	"""True for a line that was made from the line of an earlier document, whose price and terms it keeps."""
	return bool(row.get("source_row"))


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of every DocType: lines bear the new name of the document that they were made
	from, which is no link to the framework."""
	if doc.doctype in sales_documents.registered_doctypes():
		made_from = {"source_doctype": doc.doctype, "source_name": old}
		frappe.db.set_value("Cronus Document Item", made_from, "source_name", new, update_modified=False)
