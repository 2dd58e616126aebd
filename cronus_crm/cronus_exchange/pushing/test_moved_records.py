"""Records that the ERP gives to others: a contact that changes the customer, a branch, a parent, a family."""

import frappe
import pytest

from cronus_crm.cronus_exchange.differing import drift
from cronus_crm.cronus_exchange.merging.customer_merges import merge_customers
from tests.push_helper import customer, row
from tests.scaffold import make_customer


@pytest.fixture
def told(erp):
	"""A contact of a customer and its branch, and another customer."""
	erp.tell(
		customer("A"),
		customer("B"),
		row("branch", "A/1", customer="A", branch_name="Norte"),
		row("contact", "P", customer="A", branch="A/1", first_name="Ana", emails=["ana@example.com"]),
	)
	return erp


def list_links(erp) -> list[str]:
	return [link.link_name for link in erp.load("Contact", "P").links]


def name_of(erp, external_id: str, kind: str = "Customer") -> str:
	return erp.find(kind, external_id).record_name


def link_by_hand(erp, *customers: str, without: str | None = None) -> None:
	contact = erp.load("Contact", "P")
	contact.links = [link for link in contact.links if link.link_name != without]
	for name in customers:
		contact.append("links", {"link_doctype": "Cronus Customer", "link_name": name})
	contact.save()
	frappe.db.commit()


def list_differing(erp) -> dict[str, tuple[str, str]]:
	rows = drift.list_drift(erp.name)["rows"]
	return {field["fieldname"]: (field["theirs"], field["ours"]) for row in rows for field in row["fields"]}


def test_a_contact_goes_to_the_customer_that_is_told_and_leaves_the_branch(told):
	result = told.tell_one(row("contact", "P", customer="B"))
	assert (result.outcome, result.changes["customer"]) == (
		"updated",
		[name_of(told, "A"), name_of(told, "B")],
	)
	assert list_links(told) == [name_of(told, "B")]
	assert told.tell(row("contact", "P", 2, customer="B")) == ["unchanged"]
	assert not list_differing(told)
	told.tell(row("contact", "P", customer="A", branch="A/1"))
	assert set(list_links(told)) == {name_of(told, "A"), name_of(told, "A/1", "Branch")}


def test_links_that_people_made_stay(told):
	theirs = make_customer().name
	link_by_hand(told, theirs)
	told.tell(row("contact", "P", customer="B"))
	assert list_links(told) == [name_of(told, "B"), theirs]
	assert not list_differing(told)
	link_by_hand(told, without=theirs)
	frappe.delete_doc("Cronus Customer", theirs)
	frappe.db.commit()


def test_a_contact_that_people_have_given_to_another_customer_stays_there_and_differs(told):
	theirs = make_customer().name
	link_by_hand(told, theirs, without=name_of(told, "A"))
	told.tell(row("contact", "P", customer="B"))
	assert name_of(told, "B") not in list_links(told)
	assert list_differing(told)["customer"] == (name_of(told, "B"), theirs)
	drift.take_theirs(name_of_kept(told), ["customer"])
	assert list_links(told) == [name_of(told, "B")]
	assert not list_differing(told)
	frappe.delete_doc("Cronus Customer", theirs)
	frappe.db.commit()


def name_of_kept(erp) -> str:
	return erp.find("Contact", "P").name


def test_a_contact_that_is_told_with_the_same_customer_keeps_its_links(told):
	before = list_links(told)
	assert told.tell(row("contact", "P", customer="A", designation="Gerente")) == ["updated"]
	assert list_links(told) == before


def test_a_contact_always_has_a_customer(told):
	result = told.tell_one(row("contact", "P", customer=None))
	assert (result.outcome, result.code, result.field) == ("refused", "missing_field", "customer")


def test_a_contact_of_a_merged_customer_is_where_it_is_told(told):
	merge_customers(name_of(told, "B"), [name_of(told, "A")])
	frappe.db.commit()
	assert told.tell(row("contact", "P", 2, customer="A", designation="Gerente")) == ["updated"]
	assert told.find("Contact", "P").state == "In Step"
	assert set(list_links(told)) == {name_of(told, "B"), name_of(told, "A/1", "Branch")}


def test_a_branch_stays_with_its_customer(told):
	result = told.tell_one(row("branch", "A/1", customer="B"))
	assert (result.outcome, result.code, result.field) == ("refused", "conflict", "customer")
	assert told.load("Branch", "A/1").customer == name_of(told, "A")


def test_a_customer_gets_another_parent_as_the_conflict_rule_says(told):
	told.tell(customer("D", parent_customer="A", account_type="Department"))
	assert told.tell(customer("D", parent_customer="B")) == ["updated"]
	assert told.load("Customer", "D").parent_customer == name_of(told, "B")
	told.load("Customer", "D").update({"parent_customer": name_of(told, "A")}).save()
	frappe.db.commit()
	told.tell(customer("D", 2, parent_customer="B"))
	assert list_differing(told) == {"parent_customer": (name_of(told, "B"), name_of(told, "A"))}


def test_a_product_goes_to_another_family(erp):
	for family in ("Tornillos", "Tuercas"):
		erp.tell(row("product", f"{erp.name}-A", product_name="Tornillo", family=family))
	assert erp.load("Product", f"{erp.name}-A").family == "Tuercas"
