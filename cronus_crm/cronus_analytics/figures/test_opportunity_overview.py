"""The head of an opportunity shows what surrounds it, and of that what its reader may see."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from cronus_crm.cronus_analytics.figures.opportunity_overview import read_overview
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_opportunity, make_seller


@pytest.fixture
def seller():
	return make_seller()


def plan(opportunity, seller, **fields):
	activity = {
		"doctype": "Cronus Activity",
		"activity_type": "Call",
		"subject": "Something",
		"seller": seller,
	}
	activity |= {"opportunity": opportunity.name, "starts_on": add_to_date(now_datetime(), days=1)}
	return frappe.get_doc(activity | fields).insert()


def names(rows):
	return [row["name"] for row in rows]


def test_activities_documents_and_people_stand_together(seller):
	customer = make_customer(seller.name, phone="0999123456")
	opportunity = make_opportunity(seller.name, customer=customer.name)
	later = plan(opportunity, seller.name, starts_on=add_to_date(now_datetime(), days=3))
	first = plan(opportunity, seller.name)
	done = plan(opportunity, seller.name, state="Done")
	proforma = issue_proforma(seller.name, customer=customer.name, opportunity=opportunity.name)
	invoice = invoice_of(proforma)
	frappe.set_user(seller.user)
	overview = read_overview(opportunity.name)
	assert names(overview["upcoming"])[:2] == [first.name, later.name]
	assert done.name in names(overview["past"])
	assert {(row["doctype"], row["name"]) for row in overview["documents"]} == {
		("Proforma", proforma.name),
		("Invoice", invoice.name),
	}
	assert [(person["docname"], person["phone"]) for person in overview["people"]] == [
		(customer.name, customer.phone)
	]


def test_what_is_of_another_is_left_out(seller):
	colleague = make_seller()
	opportunity = make_opportunity(seller.name, customer=make_customer(seller.name).name)
	plan(opportunity, colleague.name)
	issue_proforma(colleague.name, customer=opportunity.customer, opportunity=opportunity.name)
	frappe.set_user(seller.user)
	overview = read_overview(opportunity.name)
	assert (overview["upcoming"], overview["documents"]) == ([], [])
	frappe.set_user(colleague.user)
	with pytest.raises(frappe.PermissionError):
		read_overview(opportunity.name)
