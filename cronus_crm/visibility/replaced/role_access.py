"""Which roles a user has."""

import frappe
from frappe.utils.caching import request_cache

from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.permissions.get_roles")
def get_roles(call: Call):
	"""The roles of a user.

	15 and 16 keep them in Redis, and whoever misses them there puts back what its own transaction sees: one
	that began before a role was taken away leaves it to the user for good. Here the first question of each
	request reads them from the database. Held closed by cronus_crm/visibility/test_roles_in_cache.py.
	"""
	_forget_roles(call["user"] or frappe.session.user)
	return call()


@request_cache
def _forget_roles(user: str) -> None:
	# Written away, not read.
	frappe.cache.hdel("roles", user)
