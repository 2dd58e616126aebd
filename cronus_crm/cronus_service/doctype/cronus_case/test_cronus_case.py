"""A case: its folio, its account, its state, and what only the server writes."""

from datetime import timedelta

import frappe
import pytest

from cronus_crm.base.company import company_now, company_today
from tests.scaffold import AGENT, SELLER, make_case, make_customer, make_seller, make_user, unique

CASE = "Cronus Case"


@pytest.fixture
def seller(site):
	return make_seller()


def make_team(*users: str, **fields):
	members = [{"user": user} for user in users]
	return frappe.get_doc(
		{"doctype": "Cronus Service Team", "team_name": unique("Team"), "members": members, **fields}
	).insert()


def make_prospect(seller: str):
	return frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), "seller": seller}
	).insert()


def test_the_folio_has_the_year(site):
	first, second = make_case(), make_case()
	year = company_today().year
	assert first.name.startswith(f"CS-{year}-")
	assert int(second.name.rsplit("-")[-1]) == int(first.name.rsplit("-")[-1]) + 1


def test_a_new_case_is_new_and_has_the_seller_and_the_name_of_its_customer(seller):
	customer = make_customer(seller.name)
	case = make_case(customer.name)
	assert (case.state, case.category, case.priority) == ("New", "New", "Medium")
	assert (case.seller, case.account_name) == (seller.name, customer.customer_name)
	assert abs(case.opened_on - company_now()) < timedelta(minutes=1)


def test_accounts_of_all_kinds(seller):
	customer, prospect = make_customer(seller.name), make_prospect(seller.name)
	of_prospect = make_case(customer.name, account_kind="Prospect", prospect=prospect.name)
	assert (of_prospect.customer, of_prospect.account_name) == (None, prospect.prospect_name)
	assert of_prospect.seller == seller.name
	supplier = make_case(account_kind="Supplier", account_name="Papelera Andina", customer="")
	assert (supplier.customer or None, supplier.seller) == (None, None)
	known = make_customer(seller.name, account_type="Supplier")
	assert (make_case(known.name).account_kind, make_case(known.name).seller) == ("Supplier", seller.name)
	theirs = make_case(customer.name, account_kind="Department", account_name="Compras")
	assert (theirs.customer, theirs.seller, theirs.account_name) == (customer.name, seller.name, "Compras")
	kept = make_customer(seller.name, account_type="Department", parent_customer=customer.name)
	of_kept = make_case(kept.name)
	assert (of_kept.account_kind, of_kept.account_name) == ("Department", kept.customer_name)
	ours = make_case(account_kind="Department", account_name="Bodega", customer="")
	assert (ours.customer or None, ours.seller) == (None, None)


@pytest.mark.parametrize("kind", ["Customer", "Prospect", "Supplier", "Department"])
def test_a_case_without_an_account_says_what_is_missing(kind):
	with pytest.raises(frappe.MandatoryError, match="Say whom the case is for"):
		make_case(account_kind=kind, customer="", account_name="")


def test_a_branch_is_one_of_the_customer(seller):
	branch = frappe.get_doc(
		{
			"doctype": "Cronus Customer Branch",
			"branch_name": unique("Branch"),
			"customer": make_customer(seller.name).name,
		}
	).insert()
	with pytest.raises(frappe.ValidationError, match="is no branch of"):
		make_case(make_customer(seller.name).name, branch=branch.name)
	assert make_case(branch.customer, branch=branch.name).branch == branch.name


def test_the_contact_gives_its_name_and_addresses(seller):
	customer = make_customer(seller.name)
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Rosa",
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer.name}],
			"email_ids": [{"email_id": "rosa@example.com", "is_primary": 1}],
			"phone_nos": [{"phone": "+593 99 123 4567", "is_primary_mobile_no": 1}],
		}
	).insert()
	case = make_case(customer.name, contact=contact.name)
	assert (case.contact_name, case.contact_email) == ("Rosa", "rosa@example.com")
	assert case.contact_phone == "+593 99 123 4567"


def test_priority_and_team_come_from_the_type_then_from_the_author_then_from_the_settings(site):
	agent = make_user(AGENT)
	of_type, of_agent, usual = make_team(), make_team(agent), make_team()
	kind = frappe.get_doc(
		{"doctype": "Cronus Case Type", "type_name": unique("Type"), "priority": "High", "team": of_type.name}
	).insert()
	case = make_case(case_type=kind.name)
	assert (case.priority, case.team) == ("High", of_type.name)
	assert make_case(case_type=kind.name, priority="Low").priority == "Low"
	frappe.get_doc("Cronus Service Settings").update({"default_team": usual.name}).save()
	assert make_case().team == usual.name
	frappe.set_user(agent)
	assert make_case().team == of_agent.name


def test_the_category_decides_when_a_case_closed_and_since_when_it_waits(site):
	case = make_case()
	case.update({"state": "Waiting for the customer"}).save()
	assert (case.category, case.closed_on) == ("Waiting for them", None)
	assert abs(case.waiting_since - company_now()) < timedelta(minutes=1)
	case.update({"state": "Open"}).save()
	assert case.waiting_since is None
	case.update({"state": "Solved"}).save()
	assert case.closed_on and case.waiting_since
	case.update({"state": "Closed"}).save()
	assert case.closed_on and not case.waiting_since
	case.update({"state": "Open"}).save()
	assert (case.category, case.closed_on, case.waiting_since) == ("Open", None, None)


def test_the_name_of_a_state_is_the_companys(site):
	frappe.get_doc(
		{
			"doctype": "Cronus Case State",
			"state_name": "En taller",
			"category": "Waiting for us",
			"position": 45,
		}
	).insert()
	assert make_case(state="En taller").category == "Waiting for us"
	state = frappe.get_doc("Cronus Case State", "En taller")
	state.category = "Solved"
	with pytest.raises(frappe.ValidationError, match="its category stays"):
		state.save()


def test_a_state_that_is_not_in_use_is_not_chosen_anew(site):
	case = make_case(state="Open")
	frappe.get_doc("Cronus Case State", "Open").update({"disabled": 1}).save()
	case.update({"subject": "Otro"}).save()
	with pytest.raises(frappe.ValidationError, match="no longer in use"):
		make_case(state="Open")


def test_what_a_client_sends_for_the_servers_fields_is_not_heard(seller):
	forged = {
		"opened_on": "2020-01-01 00:00:00",
		"closed_on": "2020-01-01 00:00:00",
		"merged_into": make_case().name,
		"message_id": "<forged@example.com>",
		"first_answer_state": "Met",
		"times_reopened": 9,
		"seller": make_seller().name,
		"category": "Closed",
	}
	case = make_case(make_customer(seller.name).name, **forged)
	for _way in range(2):
		assert case.opened_on.year > 2020
		assert (case.closed_on, case.merged_into, case.message_id) == (None, None, None)
		assert (case.first_answer_state or "", case.times_reopened or 0) == ("", 0)
		assert (case.seller, case.category) == (seller.name, "New")
		case.update(forged).save()
		case.reload()


def test_an_agent_is_somebody_who_can_work_on_cases(site):
	agent, seller = make_user(AGENT), make_user(SELLER)
	case = make_case()
	case.agent = seller
	with pytest.raises(frappe.ValidationError, match="cannot work on cases"):
		case.save()
	case.reload()
	case.update({"agent": agent}).save()
	assert assigned(case.name) == [agent]


def test_the_agent_is_assigned_and_the_former_one_no_longer(site):
	one, other = make_user(AGENT), make_user(AGENT)
	case = make_case(agent=one)
	assert assigned(case.name) == [one]
	case.reload()
	case.update({"agent": other}).save()
	assert assigned(case.name) == [other]
	case.reload()
	case.update({"agent": None}).save()
	assert assigned(case.name) == []


def assigned(case: str) -> list[str]:
	about = {"reference_type": CASE, "reference_name": case, "status": "Open"}
	return sorted(frappe.get_all("ToDo", about, pluck="allocated_to"))


@pytest.mark.parametrize(
	"doctype, field",
	[
		("Cronus Case", "contact_email"),
		("Cronus Case", "branch"),
		("Cronus Customer Branch", "email"),
	],
)
def test_what_a_sender_and_a_contact_are_found_by_has_an_index(site, doctype, field):
	assert frappe.db.get_column_index(f"tab{doctype}", field)
