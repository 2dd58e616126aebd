"""How many users may work in each module, and who does."""

import frappe

from cronus_crm.seats import capacity_page


@frappe.whitelist()
def read_capacity() -> dict:
	"""The seats of each module. The limits themselves are in *Cronus Capacity*.

	Gives back `capacity` (`module` and `limit` of the smallest limit; None where there is none) and
	`modules`: of each its `module`, `limit` (0: none), `used`, and `holders` (`user`, `full_name`, and the
	`roles` by which they are in).

	Raises frappe.PermissionError for whoever does not have the role Cronus Administrator.
	"""
	return capacity_page.read_capacity()
