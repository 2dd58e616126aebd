"""A customer, a prospect or a product with a new name bears it wherever it is in course, and nowhere in what
was issued or finished."""

import frappe
import pytest

from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects import duplicates
from tests.scaffold import (
	activity_of,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	new_proforma,
	pay,
	unique,
)

NAME = "Ñandú y 'Hijos' 100%_ \\ S.A."


@pytest.fixture
def seller():
	return make_seller().name


def plan(**fields):
	activity = {"doctype": "Cronus Activity", "subject": "Visit", "activity_type": "Visit"}
	return frappe.get_doc({**activity, "starts_on": "2040-05-01 10:00:00", **fields}).insert()


def test_a_customer_bears_its_new_name_in_what_is_in_course(seller):
	customer = make_customer(seller)
	old = customer.customer_name
	of_customer = {"customer": customer.name, "seller": seller}
	invoice = invoice_of(issue_proforma(seller, customer=customer.name))
	paid = invoice_of(issue_proforma(seller, customer=customer.name))
	pay(paid)
	visit, done = plan(**of_customer, subject=f"Visit {old}"), plan(**of_customer, state="Done")
	draft = new_proforma(seller, customer=customer.name).insert()
	sale = make_opportunity(seller, customer.name)
	won = make_opportunity(seller, customer.name, stage="Won")
	branch = frappe.get_doc(
		{"doctype": "Cronus Customer Branch", "branch_name": "North", "customer": customer.name}
	).insert()
	customer.update({"customer_name": NAME}).save()
	collection = frappe.get_doc("Cronus Activity", activity_of(invoice).name)
	assert (collection.customer_name, collection.subject) == (NAME, f"Collect {invoice.name} from {NAME}")
	for doc in (visit, draft, sale, branch):
		assert doc.reload().customer_name == NAME
	assert visit.subject == f"Visit {old}"  # a person wrote it
	for doc in (done, invoice, paid, won):
		assert doc.reload().customer_name == old
	assert old in activity_of(paid).subject
	sale.update({"value": 7}).save()
	assert sale.customer_name == NAME


def test_a_prospect_bears_its_new_name_in_what_is_in_course(seller):
	prospect = make_prospect(seller, prospect_name="Ana", company_name="Ana Ltd")
	visit = plan(prospect=prospect.name, seller=seller)
	issued = proforma_for(prospect)
	draft = new_proforma(None, customer="none")
	draft.update({"prospect": prospect.name, "customer": None})
	draft.insert()
	opportunity = frappe.get_doc(
		{"doctype": "Cronus Opportunity", "title": "x", "prospect": prospect.name, "stage": "Initial contact"}
	).insert()
	prospect.reload().update({"prospect_name": "Ana María", "company_name": NAME}).save()
	assert visit.reload().customer_name == "Ana María"
	assert draft.reload().customer_name == NAME
	assert opportunity.reload().prospect_name == "Ana María"
	assert activity_of(issued).subject == f"Follow up {issued.name} of {NAME}"
	assert issued.reload().customer_name == "Ana Ltd"


def test_what_a_merged_prospect_had_bears_the_name_of_the_one_that_stays(seller):
	one, other = make_prospect(seller, prospect_name="One"), make_prospect(seller, prospect_name="Other")
	visit = plan(prospect=one.name, seller=seller)
	follow_up = activity_of(proforma_for(one))
	duplicates.merge_prospects(one.name, other.name)
	assert visit.reload().customer_name == "Other"
	subject = frappe.db.get_value("Cronus Activity", follow_up.name, "subject")
	assert subject == follow_up.subject.replace("One", "Other")


def test_so_does_what_a_merged_customer_had(seller):
	one, other = make_customer(seller), make_customer(seller)
	sale = make_opportunity(seller, one.name)
	frappe.rename_doc("Cronus Customer", one.name, other.name, merge=True, force=True, show_alert=False)
	assert (sale.reload().customer, sale.customer_name) == (other.name, other.customer_name)


def test_a_product_bears_its_new_name_in_drafts(seller):
	code = unique("CODE")
	ensure_product(code, product_name="Blind")
	lines = [{"product": code, "quantity": 1, "price": 5}]
	issued = new_proforma(seller).update({"items": lines}).insert().submit()
	draft = new_proforma(seller)
	draft.update({"items": [*lines, {**lines[0], "description": "Blind, red"}]})
	draft.insert()
	frappe.get_doc("Cronus Product", code).update({"product_name": "Curtain"}).save()
	assert [row.description for row in draft.reload().items] == ["Curtain", "Blind, red"]
	assert issued.reload().items[0].description == "Blind"
