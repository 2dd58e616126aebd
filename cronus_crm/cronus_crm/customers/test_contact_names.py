import frappe
import pytest

from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from cronus_crm.cronus_crm.prospects.conversion import convert_prospect, undo_conversion
from tests.scaffold import make_customer, make_seller

NAMES = (
	"a" * 139,
	"María " + "b" * 133,
	"Ana <ana@example.com>",
	'"La Oficina" de Ana',
	"D'Angelo `x` \\ %s {0}",
	"100 % _x_",
	"🍎 Manzana",
	"\u202eabc",
	"5 < 3 > 2",
	".*(",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_prospect_is_converted_whatever_its_name(name):
	seller = make_seller().name
	made = [
		convert_prospect(make_prospect(seller, prospect_name=name).name, opportunity=True)
		for _time in range(2)
	]
	again = make_prospect(seller, prospect_name=name)
	conversion = convert_prospect(again.name, customer=made[0]["customer"])
	assert len({conversion["contact"], *(found["contact"] for found in made)}) == 3
	assert all(len(found["contact"]) <= 140 for found in made)
	assert undo_conversion(again.name) == "Open"


@pytest.mark.parametrize("name", NAMES)
def test_contacts_and_addresses_are_named_whatever_the_people_are_called(name):
	customer = make_customer(make_seller().name, customer_name=name)
	links = [{"link_doctype": "Cronus Customer", "link_name": customer.name}]
	address = {
		"doctype": "Address",
		"address_line1": "x",
		"city": "Quito",
		"country": "Ecuador",
		"links": links,
	}
	made = set()
	for _time in range(3):
		made.add(frappe.get_doc({"doctype": "Contact", "first_name": name, "links": links}).insert().name)
		made.add(frappe.get_doc(dict(address)).insert().name)
		made.add(frappe.get_doc({**address, "address_title": name}).insert().name)
	assert len(made) == 9
