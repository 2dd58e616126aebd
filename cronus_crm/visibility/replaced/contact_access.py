"""What the framework does besides whenever a contact or an address is saved."""

import frappe

from cronus_crm.visibility import ownership
from cronus_crm.visibility.replaced.replacement import Call, replaces

# The DocTypes of ERPs by which the framework judges a contact or an address that has a field for one.
PARTIES = frozenset({"Customer", "Supplier", "Company", "Sales Partner"})


@replaces("frappe.contacts.address_and_contact.set_link_title")
def set_link_title(call: Call):
	"""Writes the titles of linked documents into a contact or an address.

	15 and 16 load each of these documents for it, whoever may read it. Titles of what the rule governs are
	taken out again (`link_titles.clear_link_titles`), so those are not loaded in the first place: that was
	half the time in which an ERP tells a contact. Held by tests/test_contact_saves.py.
	"""
	if all(ownership.is_governed(link.link_doctype) for link in call["doc"].links):
		return None
	return call()


@replaces("frappe.contacts.address_and_contact.get_permitted_and_not_permitted_links")
def get_permitted_and_not_permitted_links(call: Call) -> dict[str, list]:
	"""The fields of contacts and addresses that link to customers and the like of an ERP: those whose DocType
	the user may read, and the others.

	No hole: 15 and 16 read all rights of all the user's roles before they look whether there is such a field.
	Without the DocTypes of an ERP there is none, and that was most of the time in which an ERP tells many
	contacts. Held by tests/test_contact_saves.py.
	"""
	if any(field.options in PARTIES for field in frappe.get_meta(call["doctype"]).get_link_fields()):
		return call()
	return {"permitted_links": [], "not_permitted_links": []}
