"""Which messages about a case its customer may read: what was said between them and us.

An agent also writes to others about a case, to a supplier or a colleague, and they answer. Such a message is
about the case as well, and is not the customer's: its addresses decide.
"""

import frappe
from frappe.model.document import Document
from frappe.utils import extract_email_id

from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.outside_texts import list_paths

# Not what stands in our calendar, which the framework keeps as a message too.
_SAID = ("Email", "Phone", "Chat", "SMS", "Other")


def list_messages(case: Document) -> list[frappe._dict]:
	"""The messages that the customer may read, the oldest first."""
	about = {"reference_doctype": CASE, "reference_name": case.name}
	rows = frappe.get_all(
		"Communication",
		{**about, "communication_type": "Communication", "communication_medium": ("in", _SAID)},
		[
			"name",
			"communication_date",
			"sender",
			"sender_full_name",
			"sent_or_received",
			"recipients",
			"cc",
			"content",
		],
		order_by="communication_date asc, creation asc",
	)
	theirs = _list_addresses(case)
	return [row for row in rows if _is_theirs(row, theirs)]


def list_pictures(message: frappe._dict, case: str) -> list[frappe._dict]:
	"""The files of a case that stand in a message of it, as pictures that an agent has put into the text."""
	of_case = {"attached_to_doctype": CASE, "attached_to_name": case, "is_folder": 0}
	files = frappe.get_all("File", of_case, ["name", "file_name", "file_url"], order_by="creation asc")
	named = list_paths(message.content) if files else ()
	return [file for file in files if file.file_url in named]


def list_files(message: str) -> list[frappe._dict]:
	"""The files of a message: `name`, `file_name` and `file_url`."""
	of_message = {"attached_to_doctype": "Communication", "attached_to_name": message, "is_folder": 0}
	return frappe.get_all("File", of_message, ["name", "file_name", "file_url"], order_by="creation asc")


def _is_theirs(message: frappe._dict, theirs: set[str]) -> bool:
	if message.sent_or_received == "Sent":
		to = split_addresses(message.recipients) | split_addresses(message.cc)
		# An answer to a case without an address is said, and read here.
		return not to or not to.isdisjoint(theirs)
	sender = split_addresses(message.sender)
	return not sender or not sender.isdisjoint(theirs)


def _list_addresses(case: Document) -> set[str]:
	"""The addresses of the customer: of the case, of its contact, and of the contacts of its account."""
	accounts = [
		name
		for doctype, name in (
			("Cronus Customer", case.customer),
			("Cronus Customer Branch", case.branch),
			("Cronus Prospect", case.prospect),
		)
		if name
	]
	contacts = {*_list_contacts(accounts), case.contact} - {None, ""}
	found = [case.raised_by]
	if contacts:
		named = {"parent": ("in", sorted(contacts)), "parenttype": "Contact"}
		found += frappe.get_all("Contact Email", named, pluck="email_id", order_by="parent asc")
		users = {"name": ("in", sorted(contacts))}
		found += frappe.get_all("Contact", users, pluck="user", order_by="name asc")
	addresses = {address.lower() for address in found if address}
	return addresses | split_addresses(case.contact_email)


def _list_contacts(accounts: list[str]) -> list[str]:
	if not accounts:
		return []
	links = {
		"parenttype": "Contact",
		"link_doctype": ("in", ("Cronus Customer", "Cronus Customer Branch", "Cronus Prospect")),
		"link_name": ("in", accounts),
	}
	return frappe.get_all("Dynamic Link", links, pluck="parent", order_by="parent asc")


def split_addresses(text: str | None) -> set[str]:
	"""The addresses of a line of a message, in small letters and without names."""
	parts = (extract_email_id(part) for part in str(text or "").replace(";", ",").split(","))
	return {part.strip().lower() for part in parts if part and part.strip()}
