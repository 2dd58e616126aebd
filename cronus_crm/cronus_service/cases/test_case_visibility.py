"""Who sees a case: those who work on it, and whoever sees its account."""

import frappe
import pytest

from cronus_crm.visibility import rule
from tests.scaffold import (
	ADMINISTRATOR,
	AGENT,
	BILLING,
	LEAD,
	MANAGER,
	SELLER,
	VIEWER,
	make_case,
	make_customer,
	make_seller,
	make_user,
	unique,
)

CASE, CUSTOMER, SETTINGS = "Cronus Case", "Cronus Customer", "Cronus Service Settings"


def sees(user: str, name: str) -> bool:
	"""What the list, the criterion, the form and a link say of a user and a case, which must agree."""
	frappe.set_user(user)
	rule.clear_team_cache()
	try:
		doc = frappe.get_doc(CASE, name)
		allowed = frappe.has_permission(CASE, "read")
		listed = allowed and bool(frappe.get_list(CASE, filters={"name": name}, order_by=None))
		read = frappe.has_permission(CASE, "read", doc=name)
		permitted = bool(allowed and rule.permits(doc))
		linked = rule.can_see(CASE, name)
	finally:
		frappe.set_user("Administrator")
	assert bool(listed) == bool(read) == permitted == linked, (listed, read, permitted, linked)
	return linked


def make_team(*users: str) -> str:
	members = [{"user": user} for user in users]
	doc = {"doctype": "Cronus Service Team", "team_name": unique("Team"), "members": members}
	return frappe.get_doc(doc).insert().name


def limit_agents(limited: bool = True) -> None:
	frappe.get_doc(SETTINGS).update({"agents_see_their_team": int(limited)}).save()
	frappe.db.value_cache.clear()


@pytest.fixture
def people(site):
	boss = make_seller(roles=(SELLER, MANAGER))
	seller = make_seller(boss.name)
	return frappe._dict(
		boss=boss.user,
		seller=seller.user,
		seller_name=seller.name,
		other=make_seller().user,
		agent=make_user(AGENT),
		lead=make_user(LEAD),
		billing=make_user(BILLING),
		viewer=make_user(VIEWER),
		administrator=make_user(ADMINISTRATOR),
		nobody=make_user(),
	)


def who_sees(people, name: str) -> set[str]:
	return {who for who, user in people.items() if who != "seller_name" and sees(user, name)}


def test_agents_and_whoever_sees_the_customer_see_its_case(people):
	case = make_case(make_customer(people.seller_name).name)
	assert who_sees(people, case.name) == {"seller", "boss", "agent", "lead", "billing", "administrator"}
	assert not rule.permits(case, user="Guest")


def test_a_case_of_nobodys_account_is_for_those_who_work_on_cases(people):
	case = make_case(account_kind="Supplier", account_name="Papelera", customer="")
	assert who_sees(people, case.name) == {"agent", "lead", "billing", "administrator"}


def test_by_the_setting_agents_see_what_is_theirs_and_their_teams(people):
	limit_agents()
	mine, other_team = make_team(people.agent), make_team()
	customer = make_customer(people.seller_name).name
	of_team, of_others = make_case(customer, team=mine), make_case(customer, team=other_team)
	given = make_case(customer, team=other_team, agent=people.agent)
	without = make_case(customer)
	assert sees(people.agent, of_team.name)
	assert sees(people.agent, given.name)
	assert not sees(people.agent, of_others.name)
	assert not sees(people.agent, without.name)
	for case in (of_team, of_others, given, without):
		assert {"lead", "seller", "boss", "administrator"} <= who_sees(people, case.name)
	limit_agents(False)
	assert sees(people.agent, of_others.name)


def test_whoever_has_raised_a_case_keeps_it_in_sight(people):
	limit_agents()
	frappe.set_user(people.agent)
	case = frappe.get_doc(
		{"doctype": CASE, "subject": "x", "customer": make_customer(people.seller_name).name}
	).insert()
	frappe.set_user("Administrator")
	frappe.db.set_value(CASE, case.name, "team", make_team())
	assert sees(people.agent, case.name)


def test_an_agent_who_also_sells_sees_both(people):
	limit_agents()
	both = make_seller(roles=(SELLER, AGENT))
	team = make_team(both.user)
	of_customer = make_case(make_customer(both.name).name, team=make_team())
	of_team = make_case(make_customer(people.seller_name).name, team=team)
	assert sees(both.user, of_customer.name)
	assert sees(both.user, of_team.name)


def test_a_foreign_case_is_not_taken_over_by_sending_another_team(people):
	limit_agents()
	case = make_case(make_customer(people.seller_name).name, team=make_team())
	frappe.set_user(people.agent)
	doc = frappe.get_doc(CASE, case.name)
	for values in ({"agent": people.agent}, {"team": make_team_as_administrator(people)}):
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(CASE, doc.name).update(values).save()


def make_team_as_administrator(people) -> str:
	before = frappe.session.user
	frappe.set_user("Administrator")
	try:
		return make_team(people.agent)
	finally:
		frappe.set_user(before)


def test_a_seller_comments_and_does_not_change_the_case(people):
	case = make_case(make_customer(people.seller_name).name)
	frappe.set_user(people.seller)
	doc = frappe.get_doc(CASE, case.name)
	assert not doc.has_permission("write")
	with pytest.raises(frappe.PermissionError):
		doc.update({"subject": "Mine"}).save()
	assert doc.add_comment("Comment", "Es un cliente antiguo").name
	frappe.set_user(people.other)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(CASE, case.name).add_comment("Comment", "x")


def test_a_case_moves_with_its_customer(people):
	customer = make_customer(people.seller_name)
	case = make_case(customer.name)
	successor = make_seller()
	assert not sees(successor.user, case.name)
	customer.reload()
	customer.update({"seller": successor.name}).save()
	assert sees(successor.user, case.name)
	assert not sees(people.seller, case.name)
	# Past the controller, as when the work of a seller is handed over.
	customer.db_set("seller", people.seller_name)
	assert sees(people.seller, case.name)
	assert not sees(successor.user, case.name)


def test_customers_that_are_open_to_all_do_not_open_their_cases(people):
	case = make_case(make_customer(people.seller_name).name)
	frappe.get_doc("Cronus CRM Settings").update({"customers_open_to_all": 1}).save()
	frappe.db.value_cache.clear()
	assert rule.permits(frappe.get_doc(CUSTOMER, case.customer), user=people.other)
	assert not sees(people.other, case.name)


def test_agents_find_whom_a_case_is_for_and_do_not_see_what_was_sold(people):
	customer = make_customer(people.seller_name)
	frappe.set_user(people.agent)
	assert frappe.get_doc(CUSTOMER, customer.name).has_permission("read")
	assert not frappe.get_doc(CUSTOMER, customer.name).has_permission("write")
	for doctype in ("Proforma", "Invoice", "Cronus Opportunity", "Cronus Sales Entry", "Cronus Payment"):
		assert not frappe.has_permission(doctype, "read"), doctype
