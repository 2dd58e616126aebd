import frappe
import pytest

from tests.scaffold import make_customer


def make_branch(customer: str, **fields):
	return frappe.get_doc(
		{"doctype": "Cronus Customer Branch", "customer": customer, "branch_name": "North", **fields}
	).insert()


def test_a_branch_is_trimmed_and_knows_the_name_of_its_customer():
	customer = make_customer()
	branch = make_branch(customer.name, branch_name=" North ", code=" ")
	assert (branch.branch_name, branch.code, branch.customer_name) == ("North", None, customer.customer_name)


def test_a_code_is_of_one_branch_of_its_customer():
	customer, other = make_customer(), make_customer()
	make_branch(customer.name, code="001")
	make_branch(other.name, code="001")
	with pytest.raises(frappe.DuplicateEntryError, match="001"):
		make_branch(customer.name, branch_name="South", code=" 001 ")


def test_a_second_branch_of_the_same_name_is_pointed_out_and_allowed():
	customer = make_customer()
	make_branch(customer.name)
	assert frappe.get_message_log() == []
	second = make_branch(customer.name)
	assert "another branch with the name" in str(frappe.get_message_log())
	frappe.clear_messages()
	second.city = "Quito"
	second.save()
	assert frappe.get_message_log() == []
