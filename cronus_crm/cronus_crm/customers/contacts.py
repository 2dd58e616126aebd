"""Contacts and addresses of customers and branches: the framework's DocTypes, connected by Dynamic Link."""

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.contacts.doctype.address_template.address_template import get_default_address_template
from frappe.contacts.doctype.contact.contact import get_contact_display_list
from frappe.model.document import Document

from cronus_crm.base.phone_texts import show_phones
from cronus_crm.visibility import rule, search_index

DOCTYPES_WITH_CONTACTS = ("Cronus Customer", "Cronus Customer Branch")


def list_contacts_and_addresses(doc: Document) -> dict:
	"""Contacts and addresses of a document that the session's user may see.

	Returns {"contact_list", "addr_list"}, in the format of the framework's templates. The caller must have
	checked that the user may read the document.
	"""
	contacts = get_contact_display_list(doc.doctype, doc.name)
	_hide_invisible_addresses(contacts)
	for contact in contacts:
		_show_phones(contact, doc.get("country"))
	return {"contact_list": contacts, "addr_list": _list_addresses(doc)}


def _show_phones(contact: dict, country: str | None) -> None:
	"""Writes the telephones of a contact in the form in which they are shown. country: that of its
	company."""
	for row in (contact, *contact.get("phone_nos", ())):
		for fieldname in ("phone", "mobile_no"):
			if row.get(fieldname):
				row[fieldname] = show_phones(row[fieldname], country)


def _list_addresses(doc: Document) -> list[dict]:
	if not frappe.has_permission("Address", "read"):
		return []
	addresses = frappe.get_list(
		"Address",
		filters=[
			["Dynamic Link", "link_doctype", "=", doc.doctype],
			["Dynamic Link", "link_name", "=", doc.name],
		],
		fields=["*"],
		order_by="is_primary_address desc, creation asc",
	)
	# A new site has no template, and without one the framework refuses to display an address.
	has_template = frappe.db.exists("Address Template", {"is_default": 1})
	for address in addresses:
		address.phone = show_phones(address.phone, address.country)
		address.display = (
			get_address_display(address)
			if has_template
			else frappe.render_template(get_default_address_template(), address)
		)
	return addresses


def _hide_invisible_addresses(contacts: list[dict]) -> None:
	"""Removes from contacts the address that the user may not see; the framework adds it unchecked."""
	if not contacts:
		return
	addresses = dict(
		frappe.get_all(
			"Contact",
			filters={"name": ("in", [contact.name for contact in contacts])},
			fields=["name", "address"],
			as_list=True,
			order_by=None,
		)
	)
	for contact in contacts:
		address = addresses.get(contact.name)
		if address and not rule.can_see("Address", address):
			contact.address = None


def unlink_contacts_and_addresses(doc: Document) -> None:
	"""Deletes the links of contacts and addresses to a document that is being deleted; they stay
	themselves."""
	links = {"link_doctype": doc.doctype, "link_name": doc.name}
	contacts = frappe.get_all(
		"Dynamic Link", filters={**links, "parenttype": "Contact"}, pluck="parent", order_by="parent asc"
	)
	# Directly in the table: the user who may delete the document need not have the right to write its
	# contacts.
	frappe.db.delete("Dynamic Link", {**links, "parenttype": ("in", ("Contact", "Address"))})
	search_index.index_records("Contact", contacts)


def extend_contact_dashboard(data: dict) -> dict:
	"""Hook `override_doctype_dashboards`: adds activities and opportunities to the connections of a
	contact."""
	ours = ["Cronus Activity", "Cronus Opportunity"]
	data.setdefault("fieldname", "contact")
	data.setdefault("non_standard_fieldnames", {}).update(dict.fromkeys(ours, "contact"))
	data.setdefault("transactions", []).append({"label": _("Follow-up"), "items": ours})
	return data
