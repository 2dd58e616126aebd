"""Who has written: the account and the contact that an address belongs to, and the cases that it belongs
to."""

from typing import TypedDict

import frappe
from frappe.model.document import Document
from frappe.utils import split_emails

from cronus_crm.cronus_service.cases.case_states import CASE

_ACCOUNTS = ("Cronus Customer", "Cronus Prospect")


class CaseAccount(TypedDict, total=False):
	"""Fields of a case that say whom it is for."""

	account_kind: str
	account_name: str
	customer: str
	prospect: str
	branch: str
	contact: str


def find_account(email: str, name: str) -> CaseAccount:
	"""Whom a case of a sender is for: the one customer or prospect to which the address belongs, itself, by a
	branch, or by a contact. Of several or of none it is nobody's, and the sender is written by name, so that
	a person decides.

	email: "" for a message without. name: what the case is called after otherwise.
	"""
	contacts = _find_contacts(email)
	customers, prospects, branches = _find_holders(email, contacts)
	found = CaseAccount(account_kind="Other", account_name=name)
	if len(customers) == 1 and not prospects:
		found = CaseAccount(account_kind="Customer", customer=customers.pop())
		of_customer = [branch for branch, customer in branches.items() if customer == found["customer"]]
		if len(of_customer) == 1:
			found["branch"] = of_customer[0]
	elif len(prospects) == 1 and not customers:
		found = CaseAccount(account_kind="Prospect", prospect=prospects.pop())
	if len(contacts) == 1:
		found["contact"] = contacts[0]
	return found


def belongs_to_case(email: str, case: Document) -> bool:
	"""True when an address is one of the people of a case: its contact, a copy, a contact of its account, or
	somebody who has written about it before."""
	if not email:
		return False
	known = {(case.contact_email or "").lower(), *(each.lower() for each in split_emails(case.cc or ""))}
	if email in known or (case.contact and case.contact in _find_contacts(email)):
		return True
	written = {"reference_doctype": CASE, "reference_name": case.name, "sent_or_received": "Received"}
	if frappe.db.exists("Communication", {**written, "communication_type": "Communication", "sender": email}):
		return True
	if not (case.customer or case.prospect):
		return False
	customers, prospects, _branches = _find_holders(email, _find_contacts(email))
	return case.customer in customers or case.prospect in prospects


def _find_contacts(email: str) -> list[str]:
	# The database takes letters with accents for those without.
	if not email or not email.isascii():
		return []
	found = frappe.get_all("Contact Email", {"email_id": email}, pluck="parent", order_by="parent asc")
	return list(dict.fromkeys(found))


def _find_holders(email: str, contacts: list[str]) -> tuple[set[str], set[str], dict[str, str]]:
	"""Customers, prospects that are none yet, and branches (with their customer) of an address."""
	if not email or not email.isascii():
		return set(), set(), {}
	links = _read_links(contacts) if contacts else []
	linked = {
		doctype: {row.link_name for row in links if row.link_doctype == doctype} for doctype in _ACCOUNTS
	}
	of_branch = {row.link_name for row in links if row.link_doctype == "Cronus Customer Branch"}
	rows = frappe.get_all(
		"Cronus Customer Branch",
		or_filters={"email": email, "name": ("in", list(of_branch) or [""])},
		fields=["name", "customer"],
		order_by="name asc",
	)
	branches = {row.name: row.customer for row in rows}
	customers = linked["Cronus Customer"] | set(branches.values())
	customers |= set(
		frappe.get_all("Cronus Customer", {"email_key": email}, pluck="name", order_by="name asc")
	)
	prospects = set()
	for row in frappe.get_all(
		"Cronus Prospect",
		or_filters={"email_key": email, "name": ("in", list(linked["Cronus Prospect"]) or [""])},
		fields=["name", "customer"],
		order_by="name asc",
	):
		customers.add(row.customer) if row.customer else prospects.add(row.name)
	return customers, prospects, branches


def _read_links(contacts: list[str]) -> list[frappe._dict]:
	return frappe.get_all(
		"Dynamic Link",
		{"parenttype": "Contact", "parent": ("in", contacts)},
		["link_doctype", "link_name"],
		order_by="parent asc, idx asc",
	)
