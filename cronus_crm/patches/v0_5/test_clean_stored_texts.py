import frappe

from cronus_crm.patches.v0_5 import clean_stored_texts
from tests.scaffold import issue_proforma, make_customer, make_seller

SCRIPT = '"<img src=x onerror=alert(1)>"'


def test_scripts_of_before_are_gone_and_other_texts_are_as_they_were():
	seller = make_seller()
	customer = make_customer(seller.name, notes="5 < 6 & <b>bold</b>")
	proforma = issue_proforma(seller.name)
	frappe.db.set_value("Cronus Customer", customer.name, "city", SCRIPT, update_modified=False)
	frappe.db.set_value("Proforma", proforma.name, "notes", SCRIPT, update_modified=False)
	frappe.db.set_value("Cronus Document Item", proforma.items[0].name, "description", SCRIPT)
	before = frappe.db.get_value("Cronus Customer", customer.name, ["notes", "modified"])

	clean_stored_texts.execute()

	for doctype, name, fieldname in (
		("Cronus Customer", customer.name, "city"),
		("Proforma", proforma.name, "notes"),
		("Cronus Document Item", proforma.items[0].name, "description"),
	):
		stored = frappe.db.get_value(doctype, name, fieldname)
		assert "onerror" not in stored and "img" in stored
	assert frappe.db.get_value("Cronus Customer", customer.name, ["notes", "modified"]) == before
	clean_stored_texts.execute()
