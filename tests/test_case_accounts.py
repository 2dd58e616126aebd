"""Cases follow their account: its name, its seller, conversion of a prospect, and merging of customers."""

import frappe

from cronus_crm.cronus_crm.prospects import conversion
from cronus_crm.cronus_exchange.merging import customer_merges
from tests.scaffold import make_case, make_customer, make_seller, unique

CASE = "Cronus Case"


def test_cases_in_course_take_the_new_name_of_their_customer(site):
	customer = make_customer()
	open_one, closed = make_case(customer.name), make_case(customer.name, state="Closed")
	former = customer.customer_name
	customer.update({"customer_name": unique("Nuevo nombre")}).save()
	assert open_one.reload().account_name == customer.customer_name
	assert closed.reload().account_name == former


def test_the_cases_of_a_prospect_become_the_customers_and_go_back(site):
	seller = make_seller()
	prospect = frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), "seller": seller.name}
	).insert()
	case = make_case(account_kind="Prospect", prospect=prospect.name, customer="")
	conversion.convert_prospect(prospect.name)
	case.reload()
	customer = frappe.db.get_value("Cronus Prospect", prospect.name, "customer")
	assert (case.account_kind, case.customer, case.prospect) == ("Customer", customer, None)
	conversion.undo_conversion(prospect.name)
	case.reload()
	assert (case.account_kind, case.customer, case.prospect) == ("Prospect", None, prospect.name)
	assert case.seller == seller.name


def test_the_cases_of_a_merged_customer_have_the_seller_of_the_one_that_stays(site):
	staying, leaving = make_customer(make_seller().name), make_customer(make_seller().name)
	case = make_case(leaving.name)
	(merge,) = customer_merges.merge_customers(staying.name, [leaving.name])
	case.reload()
	assert (case.customer, case.seller) == (staying.name, staying.seller)
	# An old number is led to the one that stays.
	assert make_case(leaving.name).customer == staying.name
	customer_merges.undo_merge(merge)
	case.reload()
	assert (case.customer, case.seller) == (leaving.name, leaving.seller)
