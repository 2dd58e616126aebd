import frappe
import pytest

from tests.scaffold import make_seller, make_user, unique


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
