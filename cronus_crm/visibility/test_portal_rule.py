"""Who is a contact of which account, and what that shows in the portal."""

import frappe
import pytest

from cronus_crm.visibility import portal_rule
from tests.outside import make_contact, make_person, make_website_user, set_service
from tests.scaffold import make_case, make_customer, make_user, unique

CASE = "Cronus Case"


@pytest.fixture(autouse=True)
def opened(site):
	set_service(portal_enabled=1, portal_scope="All cases of the account")


def list_accounts(user: str) -> set[str]:
	return {membership.account for membership in portal_rule.list_memberships(CASE, user)}


def sees(user: str, case) -> bool:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		return portal_rule.can_see(CASE, case.name)
	finally:
		frappe.set_user(before)


def test_a_contact_is_one_by_their_address_or_by_the_user_that_is_named():
	customer = make_customer().name
	by_address, by_name = make_website_user(), make_website_user()
	make_contact(customer, by_address.upper())
	make_contact(customer, user=by_name)
	assert list_accounts(by_address) == list_accounts(by_name) == {customer}
	assert list_accounts(make_website_user()) == set()


def test_addresses_that_the_database_takes_for_the_same_are_two():
	customer = make_customer().name
	user = make_website_user()
	make_contact(customer, user)
	assert list_accounts(user) == {customer}
	contact = frappe.get_last_doc("Contact", {"email_id": user})
	frappe.db.set_value("Contact Email", {"parent": contact.name}, "email_id", "ẅ" + user[1:])
	frappe.db.set_value("Contact", contact.name, "user", None)
	assert frappe.db.exists("Contact Email", {"email_id": user, "parent": contact.name})
	assert list_accounts(user) == set()


def test_whoever_is_no_website_user_is_no_contact():
	customer = make_customer().name
	seller, former = make_user("Cronus Seller"), make_website_user()
	for user in (seller, "Guest"):
		make_contact(customer, user=user)
	make_contact(customer, former)
	frappe.db.set_value("User", former, "enabled", 0)
	for user in (seller, former, "Guest", "Administrator"):
		assert list_accounts(user) == set(), user


def test_while_the_portal_is_closed_nobody_is():
	user = make_person()
	set_service(portal_enabled=0)
	assert list_accounts(user) == set()


def test_a_contact_of_a_branch_sees_the_cases_of_the_branch():
	customer = make_customer().name
	branches = [
		frappe.get_doc(
			{"doctype": "Cronus Customer Branch", "customer": customer, "branch_name": unique("Branch")}
		)
		.insert()
		.name
		for _branch in range(2)
	]
	user = make_website_user()
	contact = make_contact(None, user)
	contact.append("links", {"link_doctype": "Cronus Customer Branch", "link_name": branches[0]})
	contact.save()
	own, other, of_customer = (make_case(customer, branch=branch) for branch in (*branches, None))
	assert sees(user, own)
	assert not sees(user, other)
	assert not sees(user, of_customer)


def test_a_contact_of_a_prospect_sees_its_cases():
	prospect = frappe.get_doc({"doctype": "Cronus Prospect", "prospect_name": unique("Prospect")}).insert()
	user = make_website_user()
	contact = make_contact(None, user)
	contact.append("links", {"link_doctype": "Cronus Prospect", "link_name": prospect.name})
	contact.save()
	case = make_case("", account_kind="Prospect", prospect=prospect.name)
	assert sees(user, case)
	assert not sees(user, make_case())
	assert not sees(make_person(), case)


def test_what_is_of_nobodys_account_is_seen_by_nobody():
	user = make_person()
	case = make_case("", account_kind="Other", account_name="Taller", contact_email=user)
	frappe.db.set_value(CASE, case.name, "raised_by", user)
	assert not sees(user, case)


def test_of_two_accounts_each_has_its_own_choice():
	wide, narrow = make_customer().name, make_customer().name
	user = make_website_user()
	make_contact(wide, user)
	make_contact(narrow, user, cronus_portal_access="Own cases")
	assert sees(user, make_case(wide))
	assert not sees(user, make_case(narrow))
	assert sees(user, make_case(narrow, contact_email=user))


def test_whom_the_portal_is_closed_to_sees_not_even_their_own():
	customer = make_customer().name
	user = make_website_user()
	make_contact(customer, user, cronus_portal_access="None")
	assert list_accounts(user) == set()
	assert not sees(user, make_case(customer, contact_email=user))
