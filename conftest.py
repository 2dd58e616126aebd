"""The tests run on a real site: its name in CRONUS_SITE, the bench's `sites` folder as the working directory.

Each test is rolled back. Tests that must commit (several processes, HTTP) make data of their own, with names
that nothing else uses.
"""

import os

import frappe
import pytest


@pytest.fixture(scope="session", autouse=True)
def site():
	name = os.environ.get("CRONUS_SITE")
	if not name:
		pytest.exit("CRONUS_SITE is not set: run the tests with scripts/test", returncode=4)
	frappe.init(site=name, sites_path=os.getcwd())
	frappe.connect()
	frappe.flags.in_test = True
	yield name
	frappe.destroy()


@pytest.fixture(autouse=True)
def each_alone(site):
	frappe.set_user("Administrator")
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.clear_messages()
	frappe.local.request_cache.clear()
