import frappe
import pytest
from frappe.utils import flt

from cronus_crm.cronus_billing.money import credit_limit
from tests.scaffold import (
	BILLING,
	MANAGER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	pay,
)

SETTINGS = "Cronus CRM Settings"


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def customer(seller):
	"""May owe 300."""
	return make_customer(seller, credit_limit=300).name


@pytest.fixture
def policy():
	def set_policy(name):
		frappe.db.set_single_value(SETTINGS, "credit_limit_policy", name)
		frappe.clear_document_cache(SETTINGS, SETTINGS)

	yield set_policy
	frappe.db.rollback()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def bill(seller, customer, **fields):
	return invoice_of(issue_proforma(seller, customer=customer), **fields)


def test_an_invoice_above_the_limit_is_refused_until_something_is_paid(seller, customer, policy):
	policy("Refuse")
	first = bill(seller, customer)
	with pytest.raises(frappe.ValidationError, match="has a credit limit of"):
		bill(seller, customer)
	pay(first, 100)
	bill(seller, customer)
	assert credit_limit.lock_limit_and_owed(customer)[1] == 300


def test_a_credit_note_makes_room(seller, customer, policy):
	policy("Refuse")
	credit_note_of(bill(seller, customer), quantity=1)
	bill(seller, customer)
	assert credit_limit.lock_limit_and_owed(customer)[1] == 300


@pytest.mark.parametrize(("chosen", "told"), [("Warn", True), ("Ignore", False), ("", True)])
def test_the_settings_say_whether_it_is_told_or_ignored(seller, customer, policy, chosen, told):
	policy(chosen)
	bill(seller, customer)
	frappe.clear_messages()
	assert bill(seller, customer).docstatus == 1
	assert any("credit limit" in str(message) for message in frappe.get_message_log()) == told


def test_a_customer_without_a_limit_owes_what_it_wants(seller, policy):
	policy("Refuse")
	customer = make_customer(seller).name
	assert [bill(seller, customer).docstatus for _invoice in range(3)] == [1, 1, 1]


def test_what_is_owed_in_another_currency_counts_at_its_rate(seller, customer, policy):
	policy("Refuse")
	bill(seller, customer, issue=False)
	proforma = issue_proforma(seller, customer=customer, currency="EUR", exchange_rate=1.5)
	invoice_of(proforma)
	assert flt(credit_limit.lock_limit_and_owed(customer)[1], 2) == 300


def test_a_manager_lets_it_through_with_a_reason_that_is_noted(seller, customer, policy):
	policy("Refuse")
	bill(seller, customer)
	above = bill(seller, customer, issue=False)
	above.credit_override = 1
	above.save()
	with pytest.raises(frappe.ValidationError, match="Write the reason"):
		above.submit()
	above.reload()
	above.update({"credit_override": 1, "credit_override_reason": "Pays <b>tomorrow</b>"}).save()
	above.submit()
	comments = frappe.get_all(
		"Comment", {"reference_name": above.name, "comment_type": "Comment"}, pluck="content"
	)
	assert any("has a credit limit of" in text and "tomorrow" in text for text in comments)
	assert not any("<b>tomorrow" in text for text in comments)


@pytest.mark.parametrize(("role", "kept"), [(MANAGER, 1), (BILLING, 0)])
def test_only_managers_write_the_override(seller, policy, role, kept):
	user = make_user(role)
	own = make_seller(user=user) if role == MANAGER else None
	whose = make_seller(parent=own.name).name if own else seller
	draft = bill(whose, make_customer(whose).name, issue=False)
	frappe.set_user(user)
	draft = frappe.get_doc("Invoice", draft.name)
	draft.update({"credit_override": 1, "credit_override_reason": "Good customer"}).save()
	draft.reload()
	assert draft.credit_override == kept
