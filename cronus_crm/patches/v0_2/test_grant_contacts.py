import frappe
from frappe.permissions import add_permission, reset_perms

from cronus_crm import install, uninstall
from cronus_crm.patches.v0_2 import forget_link_titles, grant_contacts
from tests.scaffold import make_customer, unique


def rights_of(role: str, doctype: str) -> set[str]:
	"""What the site's own rules give a role."""
	rules = frappe.get_all("Custom DocPerm", filters={"parent": doctype, "role": role}, fields=["*"])
	return {right for rule in rules for right in ("read", "write", "create", "delete") if rule[right]}


def take_all_grants() -> None:
	for doctype in ("Contact", "Address"):
		reset_perms(doctype)


def test_a_site_of_before_gets_the_rights_of_a_new_one():
	take_all_grants()
	grant_contacts.execute()
	for doctype in ("Contact", "Address"):
		assert rights_of("Cronus Seller", doctype) == {"read", "write", "create"}
		assert rights_of("Sales User", doctype) == {"read", "write", "create"}


def test_granting_again_changes_nothing():
	install.grant_rights()
	before = frappe.get_all("Custom DocPerm", pluck="name", order_by="name asc")
	grant_contacts.execute()
	assert frappe.get_all("Custom DocPerm", pluck="name", order_by="name asc") == before


def test_uninstalling_gives_the_framework_its_rules_back():
	take_all_grants()
	install.grant_rights()
	uninstall._remove_permissions("Contact")
	assert not frappe.get_all("Custom DocPerm", filters={"parent": "Contact"})


def test_uninstalling_leaves_rules_that_the_site_had_made():
	take_all_grants()
	add_permission("Contact", "Desk User")
	add_permission("Address", "System Manager")
	frappe.db.set_value("Custom DocPerm", {"parent": "Address", "role": "System Manager"}, "delete", 0)
	install.grant_rights()
	for doctype in ("Contact", "Address"):
		uninstall._remove_permissions(doctype)
		assert not rights_of("Cronus Seller", doctype)
	assert rights_of("Desk User", "Contact") == {"read"}
	assert rights_of("System Manager", "Address") == {"read", "write", "create"}


def test_titles_that_links_of_contacts_kept_are_forgotten():
	customer = make_customer()
	link = {"link_doctype": "Cronus Customer", "link_name": customer.name}
	contact = frappe.get_doc({"doctype": "Contact", "first_name": unique("Ana"), "links": [link]}).insert()
	row = {"parent": contact.name, "parenttype": "Contact"}
	frappe.db.set_value("Dynamic Link", row, "link_title", customer.customer_name)
	forget_link_titles.execute()
	assert not frappe.db.get_value("Dynamic Link", row, "link_title")
