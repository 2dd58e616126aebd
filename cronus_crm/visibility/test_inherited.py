"""Branches, contacts and addresses are seen through what they belong to."""

import frappe
import pytest

from cronus_crm.visibility import rule
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)

CUSTOMER, PROSPECT, BRANCH = "Cronus Customer", "Cronus Prospect", "Cronus Customer Branch"


def insert(doctype: str, **fields):
	return frappe.get_doc({"doctype": doctype, **fields}).insert(ignore_permissions=True)


def link_to(doctype: str, name: str) -> dict:
	return {"link_doctype": doctype, "link_name": name}


def make_contact(*links: dict):
	return insert("Contact", first_name=unique("Ana"), links=list(links))


def make_address(*links: dict):
	return insert(
		"Address",
		address_title=unique("Office"),
		address_line1="1 High Street",
		city="Puebla",
		country="Mexico",
		links=list(links),
	)


def make_branch(customer: str):
	return insert(BRANCH, branch_name=unique("Branch"), customer=customer)


def make_prospect(seller: str):
	return insert(PROSPECT, prospect_name=unique("Prospect"), seller=seller)


def sees(user: str, doc) -> bool:
	"""What the list in both forms, the form and a link say of a user and a document, which must agree."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		allowed = frappe.has_permission(doc.doctype, "read")
		listed = allowed and bool(frappe.get_list(doc.doctype, filters={"name": doc.name}, order_by=None))
		with rule.few_by_name():
			named = allowed and bool(frappe.get_list(doc.doctype, filters={"name": doc.name}, order_by=None))
		read = frappe.has_permission(doc.doctype, "read", doc=doc.name)
		linked = rule.can_see(doc.doctype, doc.name)
	finally:
		frappe.set_user(before)
	assert bool(listed) == bool(named) == bool(read) == linked, (listed, named, read, linked)
	return linked


def may_write(user: str, doc) -> bool:
	return bool(frappe.has_permission(doc.doctype, "write", doc=doc.name, user=user))


@pytest.fixture
def team():
	frappe.set_user("Administrator")
	boss = make_seller(roles=(SELLER, MANAGER))
	seller, other = make_seller(boss.name), make_seller()
	return frappe._dict(boss=boss, seller=seller, other=other)


def test_a_branch_follows_its_customer(team):
	branch = make_branch(make_customer(team.seller.name).name)
	assert sees(team.seller.user, branch)
	assert sees(team.boss.user, branch)
	assert sees(make_user(BILLING), branch)
	assert sees(make_user(ADMINISTRATOR), branch)
	assert not sees(team.other.user, branch)
	assert not sees(make_user(), branch)


@pytest.mark.parametrize("make", [make_contact, make_address])
def test_a_contact_follows_any_record_that_it_belongs_to(team, make):
	customer = make_customer(team.seller.name).name
	for target in (
		(CUSTOMER, customer),
		(PROSPECT, make_prospect(team.seller.name).name),
		(BRANCH, make_branch(customer).name),
		("Cronus Opportunity", make_opportunity(team.seller.name, customer).name),
		("Cronus Seller", team.seller.name),
	):
		contact = make(link_to(*target))
		assert sees(team.seller.user, contact), target
		assert may_write(team.seller.user, contact), target
		assert sees(team.boss.user, contact), target
		assert not sees(team.other.user, contact), target
		assert not may_write(team.other.user, contact), target


def test_one_of_several_records_in_sight_is_enough(team):
	mine, theirs = make_customer(team.seller.name).name, make_customer(team.other.name).name
	shared = make_contact(link_to(CUSTOMER, mine), link_to(CUSTOMER, theirs))
	assert sees(team.seller.user, shared)
	assert sees(team.other.user, shared)


def test_whoever_bills_sees_contacts_of_customers_and_not_of_prospects(team):
	billing = make_user(BILLING)
	assert sees(billing, make_contact(link_to(CUSTOMER, make_customer(team.seller.name).name)))
	assert not sees(billing, make_contact(link_to(PROSPECT, make_prospect(team.seller.name).name)))


@pytest.mark.parametrize("make", [make_contact, make_address])
def test_what_belongs_to_nothing_of_ours_is_its_creators(team, make):
	frappe.set_user(team.seller.user)
	own = make()
	frappe.set_user("Administrator")
	assert sees(team.seller.user, own)
	assert not sees(team.boss.user, own)
	assert not sees(team.other.user, own)
	assert sees(make_user(ADMINISTRATOR), own)


@pytest.mark.parametrize("make", [make_contact, make_address])
def test_roles_of_other_apps_keep_what_they_had(team, make):
	free, ours = make(), make(link_to(CUSTOMER, make_customer(team.seller.name).name))
	for role in ("System Manager", "Sales User"):
		user = make_user(role)
		assert sees(user, free), role
		assert may_write(user, free), role
		assert not sees(user, ours), role
	both = make_user(SELLER, "Sales User")
	assert sees(both, free)
	assert not sees(both, ours)


def test_a_creator_does_not_keep_a_contact_of_a_customer_that_has_moved(team):
	customer = make_customer(team.seller.name)
	frappe.set_user(team.seller.user)
	contact = insert("Contact", first_name="Ana", links=[link_to(CUSTOMER, customer.name)])
	assert sees(team.seller.user, contact)
	frappe.set_user("Administrator")
	frappe.get_doc(CUSTOMER, customer.name).update({"seller": team.other.name}).save()
	assert not sees(team.seller.user, contact)
	assert sees(team.other.user, contact)


def test_a_large_and_a_small_team_are_answered_alike(team, monkeypatch):
	"""The criterion has one form for each; both must say the same."""
	mine = make_contact(link_to(CUSTOMER, make_customer(team.seller.name).name))
	frappe.set_user(team.seller.user)
	free = make_contact()
	frappe.set_user("Administrator")
	theirs = make_contact(link_to(CUSTOMER, make_customer(team.other.name).name))
	forms = set()
	for number_of_sellers in (1, 10_000):
		monkeypatch.setattr(frappe.db, "count", lambda *_args, n=number_of_sellers, **_kwargs: n)
		forms.add(rule.sql_condition(team.seller.user, "Contact"))
		seen = [sees(team.seller.user, contact) for contact in (mine, free, theirs)]
		assert seen == [True, True, False]
	assert len(forms) == 2


def test_rows_of_a_contact_follow_it(team):
	contact = insert(
		"Contact",
		first_name=unique("Ana"),
		email_ids=[{"email_id": "ana@example.com", "is_primary": 1}],
		links=[link_to(CUSTOMER, make_customer(team.seller.name).name)],
	)
	for doctype in ("Contact Email", "Dynamic Link"):
		for user, expected in ((team.seller.user, 1), (team.boss.user, 1), (team.other.user, 0)):
			frappe.set_user(user)
			found = frappe.get_list(
				doctype, filters={"parent": contact.name}, parent_doctype="Contact", order_by=None
			)
			assert len(found) == expected, (doctype, user)


def test_the_links_of_a_contact_keep_no_titles_of_ours(team):
	customer = make_customer(team.seller.name)
	country = frappe.get_all("Country", pluck="name", limit=1, order_by="name asc")[0]
	for make in (make_contact, make_address):
		contact = make(link_to(CUSTOMER, customer.name), link_to("Country", country))
		contact.save()
		titles = {
			row.link_doctype: row.link_title for row in frappe.get_doc(contact.doctype, contact.name).links
		}
		assert not titles[CUSTOMER]
		assert titles["Country"] == country


def test_a_name_with_quotes_and_percent_signs_is_only_a_name(team):
	"""In the SQL that the rule writes, whatever the form."""
	strange = make_seller(seller_name=unique("O'Neil 100% \\ %s"))
	contact = make_contact(link_to(CUSTOMER, make_customer(strange.name).name))
	assert sees(strange.user, contact)
	assert not sees(team.seller.user, contact)


def test_guests_see_nothing(team):
	frappe.set_user("Guest")
	for doctype in ("Contact", "Address", BRANCH, PROSPECT):
		criterion = rule.build_criterion(doctype)
		table = frappe.qb.DocType(doctype)
		assert not frappe.qb.from_(table).select(table.name).where(criterion).limit(1).run()


def test_open_customers_are_read_with_their_contacts(team):
	frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
	customer = make_customer(team.seller.name)
	prospect_contact = make_contact(link_to(PROSPECT, make_prospect(team.seller.name).name))
	stranger = make_user(SELLER)
	for doc in (
		customer,
		make_branch(customer.name),
		make_contact(link_to(CUSTOMER, customer.name)),
		make_address(link_to(CUSTOMER, customer.name)),
	):
		assert sees(team.other.user, doc)
		assert not may_write(team.other.user, doc)
		assert not sees(stranger, doc)
	assert not sees(team.other.user, prospect_contact)
