"""What a new site begins with, and what an old one keeps."""

import frappe
import pytest

from cronus_crm.patches.v0_8 import set_first_choices

SYSTEM, WEBSITE = "System Settings", "Website Settings"


@pytest.fixture
def old_site(site):
	"""A site as the setup wizard of the framework leaves it."""
	frappe.db.delete("Version", {"ref_doctype": SYSTEM})
	frappe.db.set_single_value(SYSTEM, {"float_precision": "3", "time_format": "HH:mm:ss"})
	frappe.db.set_single_value(WEBSITE, "app_name", "Frappe")
	frappe.defaults.clear_default("cronus_site_name")


def read() -> tuple:
	settings = frappe.get_doc(SYSTEM)
	return settings.float_precision, settings.time_format, frappe.db.get_single_value(WEBSITE, "app_name")


def test_what_nobody_has_chosen_is_set(old_site):
	frappe.db.set_single_value("Cronus CRM Settings", "company_name", "Ñandú <b>")
	set_first_choices.execute()
	assert read() == ("2", "HH:mm", "Ñandú b")
	assert frappe.db.get_default("time_format") == "HH:mm"
	rule = {"parent": "Customize Form", "role": "Cronus Administrator", "write": 1}
	assert frappe.db.exists("Custom DocPerm", rule)


def test_what_somebody_has_chosen_stays(old_site):
	# Chosen once and put back: the history says that it was a choice.
	version = {"ref_doctype": SYSTEM, "docname": SYSTEM}
	changed = {"changed": [["float_precision", "2", "3"], ["time_format", "HH:mm", "HH:mm:ss"]]}
	frappe.get_doc({"doctype": "Version", **version, "data": frappe.as_json(changed)}).insert()
	frappe.db.set_single_value(WEBSITE, "app_name", "Mi portal")
	set_first_choices.execute()
	assert read() == ("3", "HH:mm:ss", "Mi portal")


def test_a_new_name_of_the_company_follows(old_site):
	set_first_choices.execute()
	frappe.get_doc("Cronus CRM Settings").update({"company_name": "Primero"}).save()
	assert read()[2] == "Primero"
	frappe.get_doc("Cronus CRM Settings").update({"company_name": "Segundo"}).save()
	assert read()[2] == "Segundo"
