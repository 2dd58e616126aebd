"""Contacts and addresses of customers and of their branches; they are the framework's, tied by its links."""

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.contacts.doctype.address_template.address_template import get_default_address_template
from frappe.contacts.doctype.contact.contact import get_contact_display_list
from frappe.model.document import Document

from cronus_crm.visibility import rule

HAVE_PEOPLE = ("Cronus Customer", "Cronus Customer Branch")


def contacts_and_addresses_of(doc: Document) -> dict:
	"""Contacts and addresses of a document that the session's user may see.

	Gives back `contact_list` and `addr_list`, as the framework's templates want them. The caller has checked
	that the user may read the document.
	"""
	contacts = get_contact_display_list(doc.doctype, doc.name)
	_hide_unseen_addresses(contacts)
	return {"contact_list": contacts, "addr_list": _addresses(doc)}


def _addresses(doc: Document) -> list[dict]:
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
	# Until somebody makes a template, a site has none, and the framework refuses to show any address.
	has_template = frappe.db.exists("Address Template", {"is_default": 1})
	for address in addresses:
		address.display = (
			get_address_display(address)
			if has_template
			else frappe.render_template(get_default_address_template(), address)
		)
	return addresses


def _hide_unseen_addresses(contacts: list[dict]) -> None:
	"""The framework writes out the address of a contact without asking whose it is."""
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
	"""Unties contacts and addresses from a document that is being deleted; they stay."""
	# By the table: no one of them changes but for this row, and its author need not be able to write it.
	frappe.db.delete(
		"Dynamic Link",
		{
			"link_doctype": doc.doctype,
			"link_name": doc.name,
			"parenttype": ("in", ("Contact", "Address")),
		},
	)


def extend_contact_dashboard(data: dict) -> dict:
	"""Hook `override_doctype_dashboards`: a contact shows its activities and opportunities among its
	connections."""
	ours = ["Cronus Activity", "Cronus Opportunity"]
	data.setdefault("fieldname", "contact")
	data.setdefault("non_standard_fieldnames", {}).update(dict.fromkeys(ours, "contact"))
	data.setdefault("transactions", []).append({"label": _("Follow-up"), "items": ours})
	return data
