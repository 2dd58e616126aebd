import frappe
import pytest

from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import list_tree_children
from tests.scaffold import MANAGER, SELLER, make_seller, make_user, unique


def test_a_person_needs_a_user_and_a_team_does_not():
	fields = {"doctype": "Cronus Seller", "seller_name": unique("Seller")}
	with pytest.raises(frappe.MandatoryError, match="Choose the user"):
		frappe.get_doc(fields).insert()
	assert frappe.get_doc({**fields, "is_group": 1}).insert().name


def test_a_user_is_one_seller():
	seller = make_seller()
	with pytest.raises(frappe.DuplicateEntryError, match="already sells as"):
		make_seller(user=seller.user)


def test_nobody_reports_to_themselves():
	top = make_seller()
	middle = make_seller(top.name)
	low = make_seller(middle.name)
	top.reload()
	top.parent_cronus_seller = low.name
	with pytest.raises(frappe.ValidationError, match="report to themselves"):
		top.save()
	top.reload()
	top.parent_cronus_seller = top.name
	with pytest.raises(frappe.ValidationError, match="report to themselves"):
		top.save()


def test_a_superior_becomes_a_group_and_holds_its_team():
	top = make_seller()
	low = make_seller(top.name)
	top.reload()
	assert top.is_group
	assert top.lft < low.lft < low.rgt < top.rgt


def test_an_unknown_user_is_refused():
	with pytest.raises(frappe.LinkValidationError):
		make_seller(user="nobody-" + make_user())


def test_the_tree_begins_where_the_user_is():
	top = make_seller()
	manager = make_seller(top.name, roles=(SELLER, MANAGER))
	low = make_seller(manager.name)
	make_seller(top.name)
	frappe.set_user(manager.user)
	root = list_tree_children("Cronus Seller")
	assert [node.value for node in root] == [manager.name]
	assert [node.value for node in list_tree_children("Cronus Seller", manager.name)] == [low.name]
