import frappe

from cronus_crm.visibility import rule
from tests.scaffold import ADMINISTRATOR, SELLER, make_seller


def test_a_role_that_was_taken_away_is_gone_though_the_cache_has_it():
	user = make_seller(roles=(SELLER,)).user
	# As a transaction leaves it that began before the role was taken away.
	frappe.cache.hset("roles", user, [SELLER, ADMINISTRATOR])
	begin_request()
	assert ADMINISTRATOR not in frappe.get_roles(user)
	assert SELLER in frappe.get_roles(user)
	assert not rule.get_scope("Cronus Customer", user).everything


def begin_request() -> None:
	frappe.local.request_cache.clear()
	frappe.local.cache.clear()
