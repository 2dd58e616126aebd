import frappe
import pytest

from cronus_crm.api.masters import hand_over
from cronus_crm.visibility import rule
from tests.scaffold import MANAGER, SELLER, make_customer, make_opportunity, make_seller


@pytest.fixture
def team():
	"""A manager, and two sellers who report to that one."""
	manager = make_seller(roles=(SELLER, MANAGER))
	team = frappe._dict(manager=manager, former=make_seller(manager.name), new=make_seller(manager.name))
	frappe.local.request_cache.clear()
	return team


def give(manager, to, *records):
	frappe.set_user(manager.user)
	rule.clear_team_cache()
	for record in records:
		doc = frappe.get_doc(record.doctype, record.name)
		doc.seller = to
		doc.save()
	frappe.set_user("Administrator")
	rule.clear_team_cache()


def notices_of(seller):
	return frappe.get_all(
		"Notification Log",
		{"for_user": seller.user},
		["subject", "document_type", "document_name", "link"],
		order_by="creation asc",
	)


def test_both_are_told_and_only_the_new_one_gets_a_link(team):
	customer = make_customer(team.former.name)
	give(team.manager, team.new.name, customer)
	(told,) = notices_of(team.new)
	assert (told.document_type, told.document_name) == ("Cronus Customer", customer.name)
	assert customer.customer_name in told.subject
	(told,) = notices_of(team.former)
	assert team.new.name in told.subject
	assert customer.customer_name in told.subject
	assert (told.document_type, told.document_name, told.link) == (None, None, None)
	assert not notices_of(team.manager)


def test_a_former_one_who_still_sees_the_record_gets_its_link(team):
	customer = make_customer(team.manager.name)
	above = make_seller(roles=(SELLER, MANAGER))
	frappe.db.set_value("Cronus Seller", team.manager.name, "parent_cronus_seller", above.name)
	frappe.get_doc("Cronus Seller", team.manager.name).save()
	give(above, team.new.name, customer)
	(told,) = notices_of(team.manager)
	assert told.document_name == customer.name


def test_many_records_of_one_request_are_one_notice(team):
	customers = [make_customer(team.former.name) for _number in range(3)]
	give(team.manager, team.new.name, *customers, make_opportunity(team.former.name, customers[0].name))
	for seller, linked in ((team.new, True), (team.former, False)):
		(told,) = notices_of(seller)
		assert "<strong>4</strong> records" in told.subject
		assert told.document_name is None
		assert bool(told.link) is linked


def test_what_was_rolled_back_is_not_told(team):
	customer = make_customer(team.former.name)
	frappe.db.savepoint("before_giving")
	give(team.manager, team.new.name, customer)
	frappe.db.rollback(save_point="before_giving")
	give(team.manager, team.new.name, make_customer(team.former.name))
	(told,) = notices_of(team.new)
	assert told.document_name != customer.name
	assert "gave it to you" in told.subject


def test_whoever_takes_a_record_is_not_told_of_it(team):
	give(team.manager, team.manager.name, make_customer(team.former.name))
	assert not notices_of(team.manager)
	assert len(notices_of(team.former)) == 1


def test_a_record_without_seller_is_told_to_the_new_one_alone(team):
	customer = make_customer(None)
	doc = frappe.get_doc("Cronus Customer", customer.name)
	frappe.db.set_value("Cronus Customer", doc.name, "seller", None)
	doc.reload().seller = team.new.name
	doc.save()
	assert len(notices_of(team.new)) == 1


def test_a_hand_over_tells_the_former_one_without_a_link(team):
	for _number in range(3):
		make_customer(team.former.name)
	frappe.set_user(team.manager.user)
	rule.clear_team_cache()
	hand_over(team.former.name, team.new.name)
	frappe.set_user("Administrator")
	(told,) = notices_of(team.new)
	assert told.link == "/app/cronus-customer"
	(told,) = notices_of(team.former)
	assert (told.document_name, told.link) == (None, None)
