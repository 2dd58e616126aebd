"""The answers to the setup wizard."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

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


def test_the_jobs_of_a_new_site_run_though_its_zone_was_another_when_it_was_made():
	mark_set_up(False)
	frappe.db.set_single_value("System Settings", "time_zone", "Asia/Kolkata")
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.db.sql("update `tabScheduled Job Type` set creation = %s, last_execution = null", now_datetime())
	site_setup.complete_setup_wizard("es")
	jobs = frappe.get_all(
		"Scheduled Job Type", {"cron_format": "*/5 * * * *"}, pluck="name", order_by="name asc"
	)
	assert jobs
	in_five_minutes = add_to_date(now_datetime(), minutes=5)
	assert all(frappe.get_doc("Scheduled Job Type", name).is_event_due(in_five_minutes) for name in jobs)


def test_a_site_that_is_set_up_is_left_alone():
	mark_set_up()
	frappe.db.set_single_value("System Settings", "country", "Panama")
	site_setup.complete_setup_wizard("es")
	assert frappe.db.get_single_value("System Settings", "country") == "Panama"
