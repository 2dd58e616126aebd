"""What an existing site gets with the service module."""

import frappe

from cronus_crm.patches.v0_9 import set_up_service

SETTINGS = "Cronus Service Settings"


def test_a_site_without_settings_gets_those_of_a_new_one_and_the_board(site):
	frappe.db.delete("Singles", {"doctype": SETTINGS})
	frappe.delete_doc("Kanban Board", "Cases", ignore_missing=True)
	frappe.db.delete("Custom DocPerm", {"parent": "Contact", "role": "Cronus Service Agent"})
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	set_up_service.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.close_after_days, settings.reopen_within_days) == (7, 14)
	assert frappe.db.exists("Kanban Board", "Cases")
	assert frappe.db.exists(
		"Custom DocPerm", {"parent": "Contact", "role": "Cronus Service Agent", "write": 1}
	)


def test_what_was_saved_stays(site):
	frappe.get_doc(SETTINGS).update({"close_after_days": 0, "reopen_within_days": 3}).save()
	set_up_service.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.close_after_days, settings.reopen_within_days) == (0, 3)
