"""The search finds what the user sees, and nothing else; its index follows what happens to records."""

import frappe
import pytest

from cronus_crm.base.search_terms import read_question
from cronus_crm.cronus_crm.doctype.cronus_customer import cronus_customer
from cronus_crm.cronus_crm.sellers.hand_over import hand_over
from cronus_crm.visibility import record_search, search_index
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	VIEWER,
	ensure_product,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)

CUSTOMER = "Cronus Customer"


@pytest.fixture
def mark():
	"""A word that no other record has."""
	return "q" + frappe.generate_hash(length=9)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	return frappe._dict(manager=manager, ana=make_seller(manager.name), sol=make_seller())


def found(text: str, user: str = "Administrator", doctype: str | None = None) -> list[str]:
	"""Names of what a user finds; doctype: only of this one."""
	frappe.set_user(user)
	try:
		groups = record_search.search_records(text, 10)
	finally:
		frappe.set_user("Administrator")
	return [
		record["name"]
		for group in groups
		if doctype in (None, group["doctype"])
		for record in group["records"]
	]


def make_contact(customer, **values):
	return frappe.get_doc(
		{
			"doctype": "Contact",
			"links": [{"link_doctype": CUSTOMER, "link_name": customer.name}],
			**values,
		}
	).insert()


def test_each_kind_is_found_by_what_people_know(mark, team):
	customer = make_customer(
		team.ana.name,
		customer_name=f"Ferretería {mark} Ñandú",
		phone="+593 2 555 8811",
		tax_id=f"{mark}-001",
		email=f"compras@{mark}.example.com",
		code=f"EXT-{mark}",
	)
	for text in (f"ferreteria {mark}", f"{mark} ñandu", mark[2:], f"{mark}001", f"EXT-{mark}", customer.name):
		assert found(text, doctype=CUSTOMER) == [customer.name], text
	for text in ("02 555 8811", "5558811", "+59325558811"):
		assert customer.name in found(text), text
	prospect = frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": f"Rosa {mark}", "seller": team.ana.name}
	).insert()
	contact = make_contact(customer, first_name="Inés", last_name=mark, phone_nos=[{"phone": "099 778 6655"}])
	opportunity = make_opportunity(team.ana.name, customer.name, title=f"Bodega {mark}")
	product = ensure_product(f"SKU-{mark}", product_name=f"Silla {mark}")
	assert {prospect.name, contact.name, opportunity.name, product, customer.name} <= {*found(mark)}
	assert contact.name in found("0997786655")
	proforma = issue_proforma(team.ana.name, customer=customer.name)
	assert proforma.name in found(proforma.name)
	assert proforma.name in found(proforma.name.replace("-", " ").lower())


def test_everybody_finds_their_own(mark, team):
	mine, theirs = (
		make_customer(one.name, customer_name=f"{mark} {one.name}") for one in (team.ana, team.sol)
	)
	contact = make_contact(mine, first_name=mark)
	both = {mine.name, theirs.name}
	assert {*found(mark, team.ana.user)} == {mine.name, contact.name}
	assert {*found(mark, team.manager.user)} == {mine.name, contact.name}
	assert {*found(mark, team.sol.user)} == {theirs.name}
	assert both <= {*found(mark, make_user(BILLING))}
	assert found(mark, make_user(VIEWER)) == found(mark, make_user()) == found(mark, "Guest") == []


def test_what_is_hidden_takes_no_place_among_the_results(mark, team):
	for _number in range(60):
		make_customer(team.sol.name, customer_name=f"{mark} uno")
	last = make_customer(team.ana.name, customer_name=f"zona {mark}")
	contact = make_contact(last, first_name="Zoe", last_name=mark)
	assert {*found(mark, team.ana.user)} == {last.name, contact.name}
	frappe.set_user(team.ana.user)
	assert record_search.find_names(CUSTOMER, read_question(mark), 1) == [last.name]


def test_the_rule_decides_though_the_index_is_wrong(mark, team):
	"""Holders only make a search fast: an index that is behind shows nobody what is not theirs."""
	customer = make_customer(team.sol.name, customer_name=mark)
	frappe.db.set_value(CUSTOMER, customer.name, "seller", team.ana.name, update_modified=False)
	search_index.index_records(CUSTOMER, [customer.name])
	frappe.db.set_value(CUSTOMER, customer.name, "seller", team.sol.name, update_modified=False)
	assert found(mark, team.ana.user) == []
	frappe.set_user(team.ana.user)
	assert record_search.find_names(CUSTOMER, read_question(mark), 5) == []


def test_customers_that_are_open_to_all_are_found_by_all(mark, team):
	customer = make_customer(team.sol.name, customer_name=mark)
	contact = make_contact(customer, first_name=mark)
	frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
	assert {*found(mark, team.ana.user)} == {customer.name, contact.name}


def test_a_customer_without_a_seller_is_found_by_who_made_it(mark):
	user = make_user(SELLER)
	frappe.set_user(user)
	customer = make_customer(customer_name=mark)
	frappe.set_user("Administrator")
	assert found(mark, user) == [customer.name]
	assert found(mark, make_user(SELLER)) == []


def test_the_index_follows_the_record(mark, team):
	customer = make_customer(team.ana.name, customer_name=f"{mark}uno")
	contact = make_contact(customer, first_name=f"{mark}ana")
	customer.update({"customer_name": f"{mark}dos", "phone": "02 555 1234"}).save()
	assert found(f"{mark}uno") == []
	assert found(f"{mark}dos") == [customer.name]
	customer.update({"seller": team.sol.name}).save()
	assert found(f"{mark}dos", team.ana.user) == found(f"{mark}ana", team.ana.user) == []
	assert found(f"{mark}dos", team.sol.user) == [customer.name]
	assert found(f"{mark}ana", team.sol.user) == [contact.name]
	frappe.delete_doc("Contact", contact.name)
	cronus_customer.delete_customers([customer.name])
	assert found(mark) == []
	assert not frappe.db.sql("select 1 from `__cronus_search_record` where name = %s", customer.name)


def test_the_index_follows_a_renaming(mark, team):
	product = ensure_product(f"{mark}A", product_name="Mesa")
	frappe.rename_doc("Cronus Product", product, f"{mark}B")
	assert found(f"{mark}b") == [f"{mark}B"]
	assert found(f"{mark}a") == []
	customer = make_customer(team.ana.name, customer_name=mark)
	frappe.rename_doc("Cronus Seller", team.ana.name, unique("Renamed"))
	assert found(mark, team.ana.user, CUSTOMER) == [customer.name]


def test_the_index_follows_what_is_handed_over(mark, team):
	customer = make_customer(team.ana.name, customer_name=mark)
	opportunity = make_opportunity(team.ana.name, customer.name, title=mark)
	contact = make_contact(customer, first_name=mark)
	other = make_seller(team.manager.name)
	hand_over(team.ana.name, other.name)
	assert {*found(mark, other.user)} == {customer.name, opportunity.name, contact.name}
	assert found(mark, team.ana.user) == []


def test_several_words_are_all_in_the_record(mark):
	one = make_customer(customer_name=f"Comercial García {mark}")
	make_customer(customer_name=f"Comercial López {mark}")
	assert found(f"garcia {mark}") == found(f"{mark} garcía comer") == [one.name]
	assert found(f"garcia lopez {mark}") == []


def test_a_short_word_is_the_beginning_of_one(mark):
	one = make_customer(customer_name=f"{mark} SA")
	make_customer(customer_name=f"{mark} Casa")
	assert found(f"{mark} sa") == [one.name]


@pytest.mark.parametrize(
	"text", ["", " ", "a", "%", "%%%", "_", "__", "'", "\\", "´¨", "🍎🍌", '"; drop', "\0", "¿?"]
)
def test_nothing_is_found_by_signs(text):
	make_customer(customer_name="% _ ' 🍎 Signos")
	assert found(text) == []


def test_a_very_long_text_is_answered(mark):
	make_customer(customer_name=mark)
	assert found(f"{mark} " * 50_000) == found(mark)
	assert found("x" * 1_000_000) == []


def test_a_title_is_the_text_that_a_person_wrote(mark):
	"""The framework stores some texts as HTML, with entities."""
	make_customer(customer_name=f"{mark} <i>& Hijos</i>")
	(group,) = record_search.search_records(f"{mark} hijos", 5)
	assert group["records"][0]["title"] == f"{mark} <i>& Hijos</i>"
	assert record_search.search_records(f"{mark} amp", 5) == []


def test_the_index_is_built_again_in_batches(mark):
	customer = make_customer(customer_name=mark)
	search_index.remove_records(CUSTOMER, [customer.name])
	assert found(mark) == []
	search_index.index_records(CUSTOMER, [customer.name, "not there"])
	assert found(mark) == [customer.name]
	before = frappe.db.sql("select count(*) from `__cronus_search_term`")
	search_index.index_records(CUSTOMER, [customer.name])
	assert frappe.db.sql("select count(*) from `__cronus_search_term`") == before
