"""Documents of a customer as files: one PDF, an archive, the statement of account."""

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
	"""Says how documents of a customer are to be had, and begins to prepare them when they are many.

	shape: "pdf", all in one, or "zip", each in its own. documents: [[DocType, name], …] (or its JSON); by
	default, what `cronus_crm.api.documents.list_of_customer` lists with these kind, state and dates and may
	be printed.

	Gives back `documents`, to be asked of :func:`download_customer_file`, when they are at most 20; else
	`queued`, how many are being prepared for a notice to come.

	Raises frappe.PermissionError when one of them is not the customer's or the user may not print it, and
	frappe.ValidationError when there are none, more than 1,000, or one is a draft or cancelled and the
	settings of printing leave those out. Then nothing is prepared.
	"""
	return customer_files.start_customer_file(
		customer, shape, documents=documents, kind=kind, state=state, since=since, until=until
	)


@frappe.whitelist(methods=["POST"])
def download_customer_file(customer: str, shape: str, documents: list | str) -> None:
	"""Answers with the file of at most 20 documents; arguments and errors are those of
	:func:`start_customer_file`."""
	customer_files.download_customer_file(customer, shape, documents=documents)


@frappe.whitelist()
def download_statement(
	customer: str, from_date: str | None = None, to_date: str | None = None, language: str | None = None
) -> None:
	"""Answers with a PDF of the report's movements, of what the session's user may see.

	from_date, to_date: by default the last 90 days. language: by default, that of the session.

	Raises frappe.PermissionError where the user may not print the customer or see the report, and
	frappe.ValidationError for a period that ends before it begins or has more than 2,000 movements.
	"""
	printed_statement.download_statement(customer, from_date, to_date=to_date, language=language)
