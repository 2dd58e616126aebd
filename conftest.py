"""The tests run on a real site: its name in CRONUS_SITE, the bench's `sites` folder as the working directory.
Processes side by side (pytest -n) need a site each: their names in CRONUS_SITE, with commas.

Each test is rolled back. Tests that must commit (several processes, HTTP) make data of their own, with names
that nothing else uses.
"""

import os
import sys
from collections import Counter

import frappe
import pytest
from frappe.utils.password import get_encryption_key

from tests.serving import serve

# Environment variable with the name of a guard to be removed for this run: see tests/visibility/mutation.py.
WITHOUT = "CRONUS_WITHOUT"


def pytest_make_parametrize_id(val) -> str | None:
	"""What is long by design, such as a file that is too large, is not written out in the name of a test."""
	return f"{val[:40]!r}… ({len(val)})" if isinstance(val, str | bytes) and len(val) > 100 else None


# Files of one test, or a few, that take a minute each.
LONG_STORIES = (
	*("test_masters_story", "test_billing_story", "test_totals_story", "test_interrupted_imports"),
	*("test_hostile_requests", "test_browser_accessibility", "test_install"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""The long stories come first, then the files with the most tests: of two processes side by side, one
	would wait for the other at the end."""
	numbers = Counter(item.path for item in items)
	items.sort(key=lambda item: (item.path.stem not in LONG_STORIES, -numbers[item.path]))


def pytest_configure():
	"""Removes the guard before any test imports what it is in. For the same reason nothing of the app is
	imported above."""
	if guard := os.environ.get(WITHOUT):
		from tests.visibility.mutations import MUTATIONS

		MUTATIONS[guard].apply()


@pytest.fixture(scope="session", autouse=True)
def site():
	names = os.environ.get("CRONUS_SITE")
	if not names:
		pytest.exit("CRONUS_SITE is not set: run the tests with scripts/test", returncode=4)
	name = names.split(",")[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))]
	from cronus_crm.base import lock_waits
	from cronus_crm.visibility.replaced.replacement import replace_all

	frappe.init(site=name, sites_path=os.getcwd())
	frappe.connect()
	lock_waits.disable_snapshot_isolation()
	frappe.flags.in_test = True
	# As before each request and each job.
	replace_all()
	frappe.in_test = True  # where 16 looks for it
	# Products of tests that name no tax have none.
	if not frappe.db.get_single_value("Cronus CRM Settings", "default_tax"):
		frappe.db.set_single_value("Cronus CRM Settings", "default_tax", "VAT 0 %")
		frappe.db.commit()
	# Made before a server reads the site's configuration, which 16 keeps for a minute.
	get_encryption_key()
	yield name
	frappe.destroy()


@pytest.fixture(autouse=True)
def isolated_test(site):
	from cronus_crm.visibility import rule

	frappe.set_user("Administrator")
	frappe.local.lang = "en"
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback()
	# Settings are remembered with the values that were just rolled back.
	frappe.db.value_cache.clear()
	# So is an account that sends mail: by one that is gone, the notices of later tests would be sent at once,
	# and the framework commits as it sends.
	frappe.local.outgoing_email_account = {}
	frappe.clear_messages()
	rule.clear_team_cache()


@pytest.fixture(scope="session")
def server(site):
	"""Address of the test site, served over HTTP by a process of its own."""
	command = ("-m", "frappe.utils.bench_helper", "frappe", "--site", site, "serve", "--noreload", "--port")
	if guard := os.environ.get(WITHOUT):
		with serve(site, sys.executable, "-m", "tests.visibility.serve", "{port}", guard) as address:
			yield address
	else:
		with serve(site, sys.executable, *command, "{port}") as address:
			yield address
