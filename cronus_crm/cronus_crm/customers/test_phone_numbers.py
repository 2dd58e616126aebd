import frappe
import pytest

from cronus_crm.cronus_crm.customers.phone_numbers import split_phone_numbers
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from cronus_crm.cronus_crm.prospects import duplicates
from cronus_crm.cronus_crm.prospects.conversion import convert_prospect
from tests.scaffold import make_customer, make_seller, unique


@pytest.mark.parametrize(
	("text", "numbers"),
	(
		("02 234 5678", ["02 234 5678"]),
		("+593 2 234-5678 ext. 12", ["+593 2 234-5678#12"]),
		("(02) 2345678 x12", ["(02) 2345678#12"]),
		("022345678 Ext 1234", ["022345678#1234"]),
		("022345678, anexo 7", ["022345678#7"]),
		("099 123 4567 / 098 765 4321", ["099 123 4567", "098 765 4321"]),
		("0991234567 y 0987654321", ["0991234567", "0987654321"]),
		("0991234567; 0987654321", ["0991234567", "0987654321"]),
		("099 123 4567 (Ana)", ["099 123 4567 ( )"]),
		("call the office", []),
		("", []),
		(None, []),
	),
)
def test_the_numbers_in_a_text(text, numbers):
	assert split_phone_numbers(text) == numbers


@pytest.mark.parametrize(
	"phone", ("02 234-5678 ext. 12", "099 123 4567 / 098 765 4321", "0991234567 (solo WhatsApp, 9-17 h)")
)
def test_a_telephone_is_kept_as_it_was_written(phone):
	seller = make_seller().name
	assert make_customer(seller, phone=phone).phone == phone
	prospect = make_prospect(seller, prospect_name=unique("Prospect"), phone=phone)
	branch = {"doctype": "Cronus Customer Branch", "branch_name": "x", "phone": phone}
	assert frappe.get_doc({**branch, "customer": make_customer(seller).name}).insert().phone == phone
	conversion = convert_prospect(prospect.name)
	assert frappe.db.get_value("Cronus Customer", conversion["customer"], "phone") == phone
	contact = frappe.get_doc("Contact", conversion["contact"])
	assert [row.phone for row in contact.phone_nos] == split_phone_numbers(phone)
	assert contact.phone == split_phone_numbers(phone)[0]


def test_the_first_number_is_the_one_that_is_compared():
	alone = duplicates.normalise_phone("099 123 4567", "EC")
	for text in ("099 123 4567 ext. 12", "099 123 4567 / 098 765 4321", "0991234567 y 0987654321"):
		assert duplicates.normalise_phone(text, "EC") == alone
