import json

import frappe
from frappe.model.utils.user_settings import get_user_settings, update_user_settings

from cronus_crm.patches.v0_8 import sort_lists_by_date
from tests.scaffold import make_seller


def test_the_order_of_the_framework_is_forgotten_and_that_of_the_user_stays():
	frappe.set_user(make_seller().user)
	filters = [["Invoice", "state", "=", "Issued", False]]
	update_user_settings(
		"Invoice", {"List": {"sort_by": "modified", "sort_order": "desc", "filters": filters}}
	)
	chosen = {"List": {"sort_by": "grand_total", "sort_order": "desc"}, "last_view": "List"}
	update_user_settings("Proforma", chosen)
	for _run in range(2):
		sort_lists_by_date.execute()
		assert json.loads(get_user_settings("Invoice")) == {"List": {"filters": filters}}
		assert json.loads(get_user_settings("Proforma")) == chosen


def test_settings_that_are_no_settings_stay():
	for data in (None, "", "[]", '"x"', "{", '{"List": "x"}', '{"List": {"sort_by": "name"}}'):
		assert sort_lists_by_date.forget_framework_order(data) is None
