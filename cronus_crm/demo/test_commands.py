"""`bench --site SITE cronus …`, each in a process of its own as from the command line."""

import subprocess
import sys
from pathlib import Path

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import entries
from cronus_crm.demo import company_facts, demo_company, demo_users

DATA = Path(__file__).parent / "test_data"


def cronus(*args: str) -> subprocess.CompletedProcess:
	command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
	return subprocess.run([*command, "cronus", *args], capture_output=True, text=True, timeout=120)


@pytest.fixture
def stray_entry():
	"""An entry of the ledger without document, for other processes to see."""
	entry = frappe.generate_hash(length=10)
	columns = {"name": entry, "kind": "Invoice", "source_doctype": "Invoice", "source_name": entry}
	columns |= {"posting_date": "2026-01-01", "cancelled": 0}
	frappe.qb.into(frappe.qb.DocType(entries.ENTRY)).columns(*columns).insert(*columns.values()).run()
	frappe.db.commit()
	yield entry
	frappe.db.delete(entries.ENTRY, {"name": entry})
	frappe.db.commit()


def test_verify_fails_at_a_difference_and_rebuild_repairs_it(stray_entry):
	found = cronus("verify")
	assert found.returncode == 1
	assert stray_entry in found.stdout
	assert cronus("rebuild").returncode == 0
	repaired = cronus("verify")
	assert repaired.returncode == 0, repaired.stdout + repaired.stderr


def test_an_order_of_dates_must_be_given():
	done = cronus("load-pipeline", str(DATA / "iso"))
	assert done.returncode == 2
	assert "--date-order" in done.stderr


def test_what_a_person_can_put_right_is_told_in_one_line():
	done = cronus("load-pipeline", str(DATA / "iso"), "--date-order", "dmy")
	assert done.returncode == 1
	assert "“2016-10-20”" in done.stderr
	assert "Traceback" not in done.stderr
	done = cronus("load-pipeline", "nowhere", "--date-order", "ymd")
	assert done.returncode == 1
	assert "accounts.csv" in done.stderr
	done = cronus("demo", "--password-file", "nowhere")
	assert done.returncode == 1
	assert "nowhere" in done.stderr


def test_users_are_printed_for_programs_to_read():
	done = cronus("demo", "--users")
	assert done.returncode == 0
	lines = [line.split("\t") for line in done.stdout.splitlines()]
	# Nobody without a demo; with one somebody of each role, and the contact who signs in at the portal.
	assert len(lines) == (8 if demo_company.demo_exists() else 0)
	assert all(role.startswith("Cronus ") for role, _email in lines[:7])
	assert all(email.endswith("@example.com") for _role, email in lines)


def test_a_password_that_is_too_easy_is_refused(tmp_path):
	if demo_company.demo_exists():
		pytest.skip("this site has a demo already")
	(tmp_path / "password").write_text("123\n")
	done = cronus("demo", "--password-file", str(tmp_path / "password"))
	assert done.returncode == 1
	assert "Traceback" not in done.stderr
	assert not frappe.db.exists("User", demo_users.make_email_address(company_facts.ADMINISTRATOR))


def test_there_is_nothing_to_clear_without_a_demo():
	if demo_company.demo_exists():
		pytest.skip("this site has a demo, which is not the tests' to remove")
	done = cronus("demo", "--clear")
	assert done.returncode == 0
