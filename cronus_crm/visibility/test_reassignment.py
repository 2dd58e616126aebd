"""A record changes hands by those who may reassign, within what they see."""

import frappe
import pytest

from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	new_proforma,
	unique,
)


@pytest.fixture
def team():
	"""A head without the manager's role, a manager below, and two sellers below the manager."""
	frappe.set_user("Administrator")
	head = make_seller()
	manager = make_seller(head.name, roles=(SELLER, MANAGER))
	one, two = make_seller(manager.name), make_seller(manager.name)
	return frappe._dict(head=head, manager=manager, one=one, two=two, stranger=make_seller())


def make_activity(seller: str):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"activity_type": "Call",
			"subject": "Call",
			"starts_on": "2030-01-08 10:00:00",
			"seller": seller,
		}
	).insert(ignore_permissions=True)


def make_prospect(seller: str):
	return frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), "seller": seller}
	).insert(ignore_permissions=True)


MAKERS = {
	"Cronus Prospect": make_prospect,
	"Cronus Customer": make_customer,
	"Cronus Opportunity": make_opportunity,
	"Cronus Activity": make_activity,
	"Proforma": lambda seller: new_proforma(seller).insert(ignore_permissions=True),
}


def give(doc, seller: str | None, user: str) -> None:
	"""As the user does in the form."""
	frappe.set_user(user)
	frappe.get_doc(doc.doctype, doc.name).update({"seller": seller}).save()


@pytest.mark.parametrize("doctype", MAKERS)
def test_a_manager_reassigns_within_the_team(team, doctype):
	doc = MAKERS[doctype](team.one.name)
	give(doc, team.two.name, team.manager.user)
	assert frappe.db.get_value(doctype, doc.name, "seller") == team.two.name


@pytest.mark.parametrize("doctype", MAKERS)
def test_a_seller_does_not_reassign(team, doctype):
	"""Neither by giving nor by clearing; nor does one with people below but without the role."""
	doc = MAKERS[doctype](team.one.name)
	with pytest.raises(frappe.PermissionError):
		give(doc, None, team.one.user)
	with pytest.raises(frappe.PermissionError, match="Only a sales manager"):
		give(doc, team.two.name, team.head.user)
	frappe.set_user("Administrator")
	assert frappe.db.get_value(doctype, doc.name, "seller") == team.one.name


def test_nobody_takes_over_within_the_team(team):
	doc = make_customer(team.one.name)
	with pytest.raises(frappe.PermissionError):
		give(doc, team.two.name, team.two.user)


def test_a_manager_gives_nothing_to_another_team(team):
	doc = make_customer(team.one.name)
	with pytest.raises(frappe.PermissionError):
		give(doc, team.stranger.name, team.manager.user)


def test_an_administrator_reassigns_between_teams(team):
	doc = make_customer(team.one.name)
	give(doc, team.stranger.name, make_user(ADMINISTRATOR))
	assert frappe.db.get_value("Cronus Customer", doc.name, "seller") == team.stranger.name


def test_a_seller_names_another_of_the_team_on_creation(team):
	frappe.set_user(team.head.user)
	made = frappe.get_doc(
		{"doctype": "Cronus Customer", "customer_name": unique("New"), "seller": team.two.name}
	).insert()
	assert made.seller == team.two.name


def test_whoever_made_a_record_without_seller_takes_it(team):
	user = make_user(SELLER)
	frappe.set_user(user)
	doc = frappe.get_doc({"doctype": "Cronus Customer", "customer_name": unique("Early")}).insert()
	frappe.set_user("Administrator")
	seller = make_seller(user=user)
	give(doc, seller.name, user)
	assert frappe.db.get_value("Cronus Customer", doc.name, "seller") == seller.name


def test_whoever_bills_corrects_the_seller_of_a_draft(team):
	doc = new_proforma(team.one.name).insert(ignore_permissions=True)
	billing = make_user(BILLING)
	give(doc, team.stranger.name, billing)
	assert frappe.db.get_value("Proforma", doc.name, "seller") == team.stranger.name
	with pytest.raises(frappe.PermissionError, match="Only a sales manager"):
		give(make_customer(team.one.name), team.two.name, billing)


def test_the_system_is_not_asked(team):
	doc = make_customer(team.one.name)
	frappe.set_user(team.two.user)
	stored = frappe.get_doc("Cronus Customer", doc.name)
	stored.seller = team.two.name
	stored.save(ignore_permissions=True)
	assert stored.seller == team.two.name
