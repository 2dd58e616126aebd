"""Two sources that tell the same customer, and own the same fields of it."""

import frappe
import pytest

from cronus_crm.cronus_exchange.differing import drift
from cronus_crm.cronus_exchange.owning.owned_fields import find_owners
from tests.push_helper import customer

CUSTOMER = "Cronus Customer"


@pytest.fixture
def both(sources):
	"""Two sources that own names of customers, among others, and have told one customer, the first one
	first."""
	one, other = sources(), sources()
	one.tell(customer("C-1", customer_name="Acme", tax_id=one.name))
	assert other.tell(customer("99", customer_name="ACME S.A.", tax_id=one.name)) == ["unchanged"]
	return frappe._dict(one=one, other=other, name=one.find("Customer", "C-1").record_name)


def read_name(both) -> str:
	return frappe.db.get_value(CUSTOMER, both.name, "customer_name")


def list_fields(teller) -> dict[str, frappe._dict]:
	rows = drift.list_drift(teller.name)["rows"]
	return {field["fieldname"]: frappe._dict(field) for row in rows for field in row["fields"]}


def test_what_another_source_owns_and_has_told_is_a_difference_that_names_it(both):
	assert read_name(both) == "Acme"
	field = list_fields(both.other)["customer_name"]
	assert (field.theirs, field.ours, field.owner, field.is_owned) == (
		"ACME S.A.",
		"Acme",
		both.one.name,
		False,
	)
	assert not list_fields(both.one)
	assert both.other.find("Customer", "99").state == "Differs"


def test_its_owner_goes_on_writing_it(both):
	assert both.one.tell(customer("C-1", customer_name="Acme Ltda.")) == ["updated"]
	both.other.tell(customer("99", customer_name="ACME 2"))
	assert read_name(both) == "Acme Ltda."
	field = list_fields(both.other)["customer_name"]
	assert (field.theirs, field.ours) == ("ACME 2", "Acme Ltda.")


def test_of_customers_of_its_own_each_source_writes_all_that_it_owns(both):
	assert both.other.tell(customer("7", customer_name="Bazar")) == ["created"]
	assert both.other.tell(customer("7", customer_name="Bazar Sol")) == ["updated"]
	assert both.other.load("Customer", "7").customer_name == "Bazar Sol"


def test_theirs_is_not_taken_of_what_belongs_to_another_source_but_ours_is_kept(both):
	key = both.other.find("Customer", "99").name
	with pytest.raises(frappe.ValidationError, match=both.one.name):
		drift.take_theirs(key, ["customer_name"])
	drift.take_ours(key, ["customer_name"])
	assert not list_fields(both.other)


def test_what_the_owner_has_never_told_the_other_one_writes_until_it_does(both):
	assert both.other.tell(customer("99", credit_limit=100)) == ["updated"]
	assert find_owners(CUSTOMER, both.name)["credit_limit"] == both.other.name
	assert both.one.tell(customer("C-1", customer_name="Acme", credit_limit=500)) == ["updated"]
	both.other.tell(customer("99", credit_limit=200))
	assert frappe.db.get_value(CUSTOMER, both.name, "credit_limit") == 500
	assert find_owners(CUSTOMER, both.name)["credit_limit"] == both.one.name


def test_a_source_that_is_off_owns_nothing_any_more(both):
	frappe.db.set_value("Cronus Source", both.one.name, "enabled", 0)
	frappe.db.commit()
	assert find_owners(CUSTOMER, both.name)["customer_name"] == both.other.name
	assert both.other.tell(customer("99", customer_name="ACME 2")) == ["updated"]
	assert read_name(both) == "ACME 2"
