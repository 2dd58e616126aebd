"""The e-mail accounts of the site, and which of them bring cases.

An account brings cases when its messages, or those of one of its folders, are appended to Cronus Case.
"""

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document

from cronus_crm.cronus_service.cases.case_states import CASE

ACCOUNT = "Email Account"


def list_case_folders(account: Document) -> list[Document | None]:
	"""The folders of an account that bring cases, as rows of IMAP Folder; [None] for the one box of POP;
	empty for an account that brings none."""
	# No mailbox, but a service of its own, in 16.
	if account.service == "Frappe Mail":
		return []
	if account.use_imap:
		return [row for row in account.imap_folder if row.append_to == CASE]
	return [None] if account.append_to == CASE else []


def read_own_addresses() -> set[str]:
	"""The addresses of all accounts of the site, in small letters."""
	return {
		address.lower()
		for address in frappe.get_all(ACCOUNT, pluck="email_id", order_by="name asc")
		if address
	}


def find_service_accounts() -> list[str]:
	"""Names of the accounts in use that bring cases, the default one first."""
	of_folders = frappe.get_all("IMAP Folder", {"append_to": CASE}, pluck="parent", order_by="parent asc")
	rows = frappe.get_all(
		ACCOUNT,
		filters={"enable_incoming": 1},
		fields=["name", "use_imap", "append_to"],
		order_by="default_incoming desc, name asc",
	)
	return [row.name for row in rows if (row.name in of_folders if row.use_imap else row.append_to == CASE)]


def find_route(case: str) -> tuple[Document | None, str | None]:
	"""The account by which mails about a case go out, and the address to which answers come.

	It is the account by which the case came in, else the first one that brings cases; where that sends
	nothing, the site's usual one sends for it. (None, …) where the site sends no mails.
	"""
	services = find_service_accounts()
	came_by = frappe.get_all(
		"Communication",
		{"reference_doctype": CASE, "reference_name": case, "sent_or_received": "Received"},
		pluck="email_account",
		order_by="creation desc",
		limit=20,
	)
	name = next((each for each in came_by if each in services), services[0] if services else None)
	service = frappe.get_doc(ACCOUNT, name) if name else None
	if service and service.enable_outgoing:
		return service, service.email_id
	sending = EmailAccount.find_default_outgoing() or None
	return sending, service.email_id if service else (sending.email_id if sending else None)
