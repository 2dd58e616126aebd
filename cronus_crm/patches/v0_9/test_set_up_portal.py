"""What an existing site gets with the portal: everything switched off, and the types of the app offered."""

import frappe

from cronus_crm.cronus_service.portal import ratings
from cronus_crm.patches.v0_9 import set_up_portal
from tests.outside import set_service
from tests.scaffold import make_case, unique

SETTINGS, TYPE = "Cronus Service Settings", "Cronus Case Type"


def make_old_site() -> str:
	"""As a site was before; gives back a type of its own."""
	fields = ("in", set_up_portal.FIELDS)
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": fields})
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	frappe.db.set_value(TYPE, {"name": ("!=", "")}, "for_customers", 0)
	return frappe.get_doc({"doctype": TYPE, "type_name": unique("Own")}).insert().name


def test_a_site_of_before_has_everything_switched_off(site):
	own = make_old_site()
	frappe.db.set_single_value(SETTINGS, "close_after_days", 3)
	set_up_portal.execute()
	settings = frappe.get_doc(SETTINGS)
	switches = ("public_form_enabled", "portal_enabled", "portal_shows_promises", "ask_satisfaction")
	assert [settings.get(switch) for switch in switches] == [0, 0, 0, 0]
	assert (settings.portal_scope, settings.ask_after_days, settings.correct_within_days) == (
		"Own cases",
		1,
		7,
	)
	assert settings.close_after_days == 3
	assert frappe.db.get_value(TYPE, "Fault", "for_customers") == 1
	assert frappe.db.get_value(TYPE, own, "for_customers") == 0


def test_what_was_chosen_since_stays(site):
	make_old_site()
	frappe.db.set_value(TYPE, "Question", "for_customers", 1)
	frappe.get_doc(SETTINGS).update({"portal_enabled": 1, "ask_after_days": 0}).save()
	set_up_portal.execute()
	settings = frappe.get_doc(SETTINGS)
	assert (settings.portal_enabled, settings.ask_after_days) == (1, 0)
	assert frappe.db.get_value(TYPE, "Fault", "for_customers") == 0


def test_cases_of_before_are_not_asked_about(site):
	case = make_case(contact_email="olga@example.com", state="Closed")
	assert case.rating_due is None
	set_service(ask_satisfaction=1)
	case.reload()
	case.save()
	assert case.rating_due is None
	assert ratings.may_rate(case)
