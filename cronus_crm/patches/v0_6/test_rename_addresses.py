import frappe
import pytest

from cronus_crm import hooks
from cronus_crm.api.former_addresses import NEW_ADDRESSES
from cronus_crm.patches.v0_6 import rename_addresses

FORMER_CARD = "cronus_crm.cronus_analytics.summary_cards.amount_won"


def scheduled() -> set[str]:
	events = hooks.scheduler_events
	lists = [*events["cron"].values(), *(jobs for name, jobs in events.items() if name != "cron")]
	return {job for jobs in lists for job in jobs}


def test_jobs_are_renamed_to_jobs_that_there_are():
	assert set(rename_addresses.NEW_JOBS.values()) <= scheduled()


def test_a_number_card_calls_the_method_of_today():
	card = frappe.get_doc(
		{
			"doctype": "Number Card",
			"label": frappe.generate_hash(),
			"type": "Custom",
			"method": FORMER_CARD,
			"show_percentage_stats": 0,
		}
	).insert()
	rename_addresses.execute()
	assert frappe.db.get_value("Number Card", card.name, "method") == NEW_ADDRESSES[FORMER_CARD]
	assert frappe.get_attr(NEW_ADDRESSES[FORMER_CARD])


def test_a_job_that_was_stopped_stays_so_under_its_new_name():
	former = "cronus_crm.cronus_analytics.proof.verify_lately"
	new = rename_addresses.NEW_JOBS[former]
	frappe.db.delete(rename_addresses.JOB, {"method": new})
	job = frappe.get_doc(
		{"doctype": rename_addresses.JOB, "method": former, "frequency": "Daily Long", "stopped": 1}
	).insert()
	rename_addresses.execute()
	assert not frappe.db.exists(rename_addresses.JOB, job.name)
	row = frappe.db.get_value(rename_addresses.JOB, {"method": new}, ["name", "stopped"], as_dict=True)
	assert row == {"name": "verify.verify_lately", "stopped": 1}


def test_a_job_that_is_there_under_both_names_is_one():
	former = "cronus_crm.cronus_analytics.customer_files.delete_old"
	new = rename_addresses.NEW_JOBS[former]
	frappe.db.delete(rename_addresses.JOB, {"method": ("in", (former, new))})
	for name, method in (("former", former), ("today", new)):
		job = frappe.get_doc({"doctype": rename_addresses.JOB, "method": method, "frequency": "Daily"})
		job.name = f"{name}.{frappe.generate_hash(length=6)}"
		job.db_insert()
	rename_addresses.execute()
	assert frappe.db.count(rename_addresses.JOB, {"method": ("in", (former, new))}) == 1


@pytest.mark.parametrize(
	("text", "renamed"),
	[
		('x("cronus_crm.cronus_crm.agenda.move")', 'x("cronus_crm.api.agenda.move")'),
		('x("cronus_crm.cronus_crm.agenda.move_all")', 'x("cronus_crm.cronus_crm.agenda.move_all")'),
		('x("other.cronus_crm.cronus_crm.agenda.move")', 'x("other.cronus_crm.cronus_crm.agenda.move")'),
		(
			"GET /api/method/cronus_crm.cronus_crm.pending.page?x",
			"GET /api/method/cronus_crm.api.pending.get_page?x",
		),
	],
)
def test_a_script_of_the_site_asks_at_the_address_of_today(text, renamed):
	script = frappe.get_doc(
		{"doctype": "Client Script", "name": frappe.generate_hash(), "dt": "Cronus Customer", "script": text}
	).insert()
	before = frappe.db.get_value("Client Script", script.name, "modified")
	rename_addresses.execute()
	assert frappe.db.get_value("Client Script", script.name, ["script", "modified"]) == (renamed, before)
