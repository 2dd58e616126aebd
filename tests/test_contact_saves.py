"""What the framework would do besides when a contact is saved."""

import inspect
import re

import frappe
from frappe.contacts import address_and_contact

from cronus_crm.visibility.replaced.contact_access import PARTIES
from tests.scaffold import make_customer, unique


def make_contact(**fields):
	return frappe.get_doc({"doctype": "Contact", "first_name": unique("Ana"), **fields})


def test_a_contact_does_not_load_the_customers_that_it_links_to(site, monkeypatch):
	customer, note = make_customer(), frappe.get_doc({"doctype": "Note", "title": unique("Nota")}).insert()
	loaded, get_doc = [], frappe.get_doc

	def noted(*args, **kwargs):
		loaded.append(args[:1])
		return get_doc(*args, **kwargs)

	link = {"link_doctype": "Cronus Customer", "link_name": customer.name}
	contact, other = make_contact(links=[link]), make_contact()
	monkeypatch.setattr(frappe, "get_doc", noted)
	contact.insert()
	assert ("Cronus Customer",) not in loaded
	# What no rule governs has its title.
	other.append("links", {"link_doctype": "Note", "link_name": note.name})
	other.insert()
	assert other.links[0].link_title == note.title


def test_whether_a_user_may_read_a_contact_is_asked_without_all_rights_of_all_roles(site, monkeypatch):
	asked, get_doctypes = [], frappe.permissions.get_doctypes_with_read
	monkeypatch.setattr(
		frappe.permissions, "get_doctypes_with_read", lambda: asked.append(1) or get_doctypes()
	)
	make_contact().insert()
	assert not asked
	assert address_and_contact.has_permission(make_contact(), "read", frappe.session.user)


def test_a_contact_with_a_field_for_a_company_is_judged_by_that_as_ever(site, monkeypatch):
	field = frappe._dict(fieldname="company", options="Company", fieldtype="Link")
	monkeypatch.setattr(frappe.get_meta("Contact"), "get_link_fields", lambda: [field])
	found = address_and_contact.get_permitted_and_not_permitted_links("Contact")
	assert found == {"permitted_links": [], "not_permitted_links": [field]}


def test_the_framework_judges_contacts_by_the_same_doctypes_as_we_think():
	original = inspect.unwrap(address_and_contact.get_permitted_and_not_permitted_links)
	(named,) = re.findall(r"df\.options not in \((.*)\)", inspect.getsource(original))
	assert {name.strip('" ') for name in named.split(",")} == PARTIES
