"""What an existing site gets for integrators."""

import frappe

from cronus_crm.patches.v0_9 import let_integrators_in


def test_integrators_write_contacts_and_the_rights_of_others_stay(site):
	frappe.db.delete("Custom DocPerm", {"parent": "Contact", "role": "Cronus Integrator"})
	before = frappe.get_all("Custom DocPerm", {"parent": "Contact"}, pluck="name", order_by="name asc")
	let_integrators_in.execute()
	rule = {"parent": "Contact", "role": "Cronus Integrator", "write": 1, "create": 1}
	assert frappe.db.exists("Custom DocPerm", rule)
	after = frappe.get_all("Custom DocPerm", {"parent": "Contact"}, pluck="name", order_by="name asc")
	assert set(before) <= set(after)
