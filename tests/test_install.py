"""The app installs on a site and leaves nothing behind when it goes."""

import json
import subprocess
import sys

import frappe
import pytest

from cronus_crm import install

SITE = "install-test.cronus.localhost"


def bench(*arguments: str) -> str:
	"""Runs a command of the bench and gives back what it printed."""
	command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", *arguments]
	done = subprocess.run(command, capture_output=True, text=True, timeout=600)
	assert done.returncode == 0, done.stdout + done.stderr
	return done.stdout


# What an app may leave on a site: the records of each of these DocTypes, by name, and the tables.
KINDS = (
	"Role",
	"DocType",
	"Module Def",
	"Workspace",
	"Report",
	"Dashboard Chart",
	"Number Card",
	"Custom Field",
	"Property Setter",
	"Custom DocPerm",
	"Print Format",
	"Notification",
	"Scheduled Job Type",
	"File",
	"Page",
	"Desktop Icon",
	"Workspace Sidebar",
)
# Those whose names are random are known by what they are about.
ABOUT = {
	"Has Role": "role",
	"DocShare": "share_doctype",
	"Version": "ref_doctype",
	"Comment": "reference_doctype",
	"Notification Log": "document_type",
	"DefaultValue": "defkey",
}


def inventory() -> dict[str, list[str]]:
	script = (
		"import json, frappe\n"
		f"kinds = {dict.fromkeys(KINDS, 'name') | ABOUT!r}\n"
		"kinds = {k: by for k, by in kinds.items() if frappe.db.exists('DocType', k)}\n"
		"found = {k: sorted({str(x) for x in frappe.get_all(k, pluck=by)}) for k, by in kinds.items()}\n"
		"found['tables'] = sorted(frappe.db.get_tables(cached=False))\n"
		"print('INVENTORY' + json.dumps(found))\n"
	)
	command = [sys.executable, "-c", _on_site(script)]
	done = subprocess.run(command, capture_output=True, text=True, timeout=120)
	assert done.returncode == 0, done.stderr
	return json.loads(done.stdout.split("INVENTORY")[1])


def _on_site(script: str) -> str:
	return f"import frappe\nfrappe.init(site={SITE!r}, sites_path='.')\nfrappe.connect()\n{script}"


def run(script: str) -> None:
	command = [sys.executable, "-c", _on_site(f"{script}\nfrappe.db.commit()")]
	done = subprocess.run(command, capture_output=True, text=True, timeout=120)
	assert done.returncode == 0, done.stderr


USE = """
import sys
sys.path.insert(0, {root!r})
from tests.scaffold import *
seller = make_seller(user="Administrator")
invoice = invoice_of(issue_proforma(seller.name))
invoice.add_comment("Comment", "a comment")
frappe.get_doc("Cronus Seller", seller.name).update({{"enabled": 1}}).save()
frappe.make_property_setter(
	{{"doctype": "Cronus Customer", "fieldname": "city", "property": "reqd", "value": "0"}}
)
field = {{"doctype": "Custom Field", "dt": "Cronus Customer", "fieldname": "x", "fieldtype": "Data"}}
frappe.get_doc({{**field, "label": "X"}}).insert()
frappe.get_doc(
	{{"doctype": "File", "file_name": "a.txt", "content": "a", "attached_to_doctype": "Invoice",
	"attached_to_name": invoice.name, "is_private": 1}}
).insert()
"""


@pytest.fixture
def empty_site(site, request):
	# Always the same password, which the user of an interrupted run has already.
	database = ("--db-password", "install-test", "--mariadb-user-host-login-scope=%")
	bench("new-site", SITE, *database, "--admin-password", "admin", "--force")
	yield
	bench("drop-site", SITE, "--force", "--no-backup")


def test_installed_used_and_uninstalled_the_site_is_as_before(empty_site, pytestconfig):
	before = inventory()
	bench("--site", SITE, "install-app", "cronus_crm")
	installed = inventory()
	assert {"Cronus Seller", "Cronus Administrator"} <= set(installed["Role"])
	assert "Cronus CRM" in installed["Workspace"]
	assert "Cronus Seller Efficiency" in installed["Report"]
	run(USE.format(root=str(pytestconfig.rootpath)))
	bench("--site", SITE, "uninstall-app", "cronus_crm", "--yes", "--no-backup")
	after = inventory()
	left = {kind: set(after[kind]) - set(before[kind]) for kind in before}
	# The framework's own history of its apps, which newer ones have begun before.
	left["Version"].discard("Installed Applications")
	assert {kind: sorted(names) for kind, names in left.items() if names} == {}
	gone = {kind: sorted(set(before[kind]) - set(after[kind])) for kind in before}
	assert {kind: names for kind, names in gone.items() if names} == {}
	bench("--site", SITE, "install-app", "cronus_crm")
	assert set(inventory()["DocType"]) == set(installed["DocType"])


@pytest.mark.parametrize("version", ["14.99.0", "15.44.1", "15.100.9"])
def test_a_frappe_with_published_holes_is_refused(monkeypatch, version):
	monkeypatch.setattr(frappe, "__version__", version)
	with pytest.raises(frappe.ValidationError, match=f"{version}.*15.101 or later"):
		install.before_install()


@pytest.mark.parametrize("version", ["15.101.0", "15.116.0", "16.0.0-beta.2", "16.2.1", "17.0.0-dev"])
def test_other_versions_of_frappe_are_welcome(monkeypatch, version):
	monkeypatch.setattr(frappe, "__version__", version)
	install.before_install()
