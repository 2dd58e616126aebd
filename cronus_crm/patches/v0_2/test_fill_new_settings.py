import frappe

from cronus_crm.patches.v0_2 import fill_new_settings

SETTINGS = "Cronus CRM Settings"


def test_settings_that_were_never_saved_begin_as_on_a_new_site():
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ("in", ("stalled_days", "win_on_invoice"))})
	frappe.db.set_single_value(SETTINGS, {"light_grace_days": 0, "remind_overdue": 0})
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	fill_new_settings.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.stalled_days, settings.win_on_invoice) == (14, 1)
	assert (settings.light_grace_days, settings.remind_overdue) == (0, 0)
