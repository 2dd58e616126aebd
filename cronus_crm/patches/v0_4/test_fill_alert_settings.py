import frappe

from cronus_crm.patches.v0_4 import fill_alert_settings

SETTINGS = "Cronus CRM Settings"


def test_an_older_site_has_alerts_and_makes_no_activities_of_them():
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ("like", "%alert%")})
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ("like", "activity_on%")})
	frappe.db.set_single_value(SETTINGS, "alert_pays_late", 0)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	fill_alert_settings.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.alert_no_purchase_days, settings.alert_below_percent) == (90, 50)
	assert (settings.alert_no_credit, settings.alert_pays_late) == (1, 0)
	assert not settings.activity_on_no_purchase
