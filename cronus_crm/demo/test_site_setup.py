"""The answers to the setup wizard."""

import frappe
import pytest

from cronus_crm.demo import company_facts, site_setup
from tests.scaffold import mark_set_up

pytestmark = pytest.mark.usefixtures("no_commit")


def test_a_new_site_is_set_up():
	mark_set_up(False)
	frappe.db.set_single_value("System Settings", {"country": None, "language": "en"})
	site_setup.complete_setup_wizard("es")
	settings = frappe.get_doc("System Settings")
	assert (settings.setup_complete, settings.language, settings.country) == (1, "es", company_facts.COUNTRY)
	assert settings.time_zone == company_facts.TIME_ZONE
	assert frappe.db.get_default("lang") == "es"
	assert frappe.is_setup_complete()


def test_a_site_that_is_set_up_is_left_alone():
	mark_set_up()
	frappe.db.set_single_value("System Settings", "country", "Panama")
	site_setup.complete_setup_wizard("es")
	assert frappe.db.get_single_value("System Settings", "country") == "Panama"
