"""What the framework would do besides when a contact is saved."""

import frappe

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
