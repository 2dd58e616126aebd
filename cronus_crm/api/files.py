"""Documents of a customer as files: a PDF, a ZIP archive, and the statement of account."""

import frappe

from cronus_crm.cronus_analytics.files import customer_files, printed_statement


@frappe.whitelist(methods=["POST"])
def start_customer_file(
	customer: str,
	shape: str,
	documents: list | str | None = None,
	kind: str | None = None,
	state: str | None = None,
	since: str | None = None,
	until: str | None = None,
) -> dict:
	"""Prepares a file with documents of a customer: for a direct download, or in a background job when there
	are many.

	shape: "pdf" for one PDF with all documents, "zip" for an archive with a PDF of each. documents:
	[[DocType, name], …] (or its JSON); by default, the printable ones that
	`cronus_crm.api.documents.list_of_customer` lists for these kind, state and dates.

	Gives back `documents`, the arguments for :func:`download_customer_file`, for at most 20 documents;
	otherwise `queued`, the number of documents of the background job, after which the user gets a notice, and
	`done`, how many of them are prepared by now where the same was asked for before.

	Raises frappe.PermissionError when one of them is not a document of the customer or the user may not print
	it, and frappe.ValidationError when there are none or more than 1,000, or when one is a draft or cancelled
	and the print settings do not allow these. Then nothing is prepared.
	"""
	return customer_files.start_customer_file(
		customer, shape, documents=documents, kind=kind, state=state, since=since, until=until
	)


@frappe.whitelist(methods=["POST"])
def download_customer_file(customer: str, shape: str, documents: list | str) -> None:
	"""Sends the file with at most 20 documents of a customer. Arguments and errors are those of
	:func:`start_customer_file`."""
	customer_files.download_customer_file(customer, shape, documents=documents)


@frappe.whitelist()
def download_statement(
	customer: str, from_date: str | None = None, to_date: str | None = None, language: str | None = None
) -> None:
	"""Sends the statement of account of a customer as PDF, with the movements that the session's user may
	see.

	from_date, to_date: by default, the last 90 days. language: its code; by default, that of the session.

	Raises frappe.PermissionError when the user may not print the customer or see the report, and
	frappe.ValidationError for a period that ends before it begins or has more than 2,000 movements.
	"""
	printed_statement.download_statement(customer, from_date, to_date=to_date, language=language)
