import frappe

from cronus_crm.patches.v0_7 import compare_by_country
from tests.scaffold import make_customer, make_seller


def test_telephones_are_compared_by_the_country_of_the_customer():
	customer = make_customer(make_seller().name, country="Chile", phone="2 2345 6789")
	frappe.db.set_value("Cronus Customer", customer.name, "phone_key", "223456789")
	compare_by_country.execute()
	assert frappe.db.get_value("Cronus Customer", customer.name, "phone_key") == "+56223456789"


def test_a_tax_id_of_everybody_makes_no_doubles():
	customer = make_customer(make_seller().name)
	frappe.db.set_value("Cronus Customer", customer.name, "tax_key", "9999999999999")
	compare_by_country.execute()
	assert frappe.db.get_value("Cronus Customer", customer.name, "tax_key") is None
