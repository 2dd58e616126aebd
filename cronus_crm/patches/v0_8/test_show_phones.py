import frappe

from cronus_crm.patches.v0_8 import show_phones
from tests.scaffold import make_customer, make_seller


def test_telephones_that_are_stored_get_the_form_in_which_they_are_shown():
	customer = make_customer(make_seller().name, country="Mexico", phone="55 1234 5678")
	frappe.db.set_value("Cronus Customer", customer.name, "phone_shown", None, update_modified=False)
	show_phones.execute()
	modified, shown = frappe.db.get_value("Cronus Customer", customer.name, ["modified", "phone_shown"])
	assert shown in ("+52 55 1234 5678", "55 1234 5678")
	assert modified == frappe.utils.get_datetime(customer.modified), "nobody has changed it"
