"""What a site that had cases gets with cases by e-mail."""

import frappe

from cronus_crm.patches.v0_9 import fill_settings_of_case_mail

SETTINGS = "Cronus Service Settings"


def test_older_settings_get_the_defaults_and_keep_the_rest(site):
	frappe.get_doc(SETTINGS).update({"close_after_days": 3}).save()
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ("like", "%acknowledge%")})
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	fill_settings_of_case_mail.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.acknowledge_mail, settings.max_acknowledgements, settings.close_after_days) == (0, 5, 3)


def test_what_was_saved_stays(site):
	frappe.get_doc(SETTINGS).update({"acknowledge_mail": 1, "max_acknowledgements": 0}).save()
	fill_settings_of_case_mail.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.acknowledge_mail, settings.max_acknowledgements) == (1, 0)
