"""What the framework does besides whenever a contact or an address is saved."""

from cronus_crm.visibility import ownership
from cronus_crm.visibility.replaced.replacement import Call, replaces


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
