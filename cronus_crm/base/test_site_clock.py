from datetime import timedelta

import frappe
from frappe.core.doctype.scheduled_job_type.scheduled_job_type import ScheduledJobType
from frappe.utils import add_to_date, now_datetime

from cronus_crm.base import site_clock

SWEEP = "cronus_crm.cronus_crm.activities.follow_up.announce_pending"


def our_jobs() -> list[ScheduledJobType]:
	jobs = frappe.get_all(
		"Scheduled Job Type", {"method": ("like", "cronus_crm.%")}, pluck="name", order_by="name asc"
	)
	return [frappe.get_doc("Scheduled Job Type", name) for name in jobs]


def move_to(zone: str) -> None:
	settings = frappe.get_doc("System Settings")
	settings.update({"time_zone": zone, "language": "en"})
	settings.save()


def test_a_site_whose_zone_moves_west_sweeps_within_five_minutes(site):
	move_to("Asia/Kolkata")
	now = now_datetime()
	# As just installed: none has run.
	frappe.db.sql("update `tabScheduled Job Type` set creation = %s, last_execution = null", now)
	move_to("America/Guayaquil")
	frappe.clear_document_cache("System Settings", "System Settings")
	assert now - now_datetime() > timedelta(hours=10)
	(sweep,) = (job for job in our_jobs() if job.method == SWEEP)
	assert sweep.is_event_due(add_to_date(now_datetime(), minutes=5))
	assert all(job.is_event_due(add_to_date(now_datetime(), days=8)) for job in our_jobs())


def test_jobs_that_have_run_go_on_after_the_zone_moves_west(site):
	move_to("Asia/Kolkata")
	frappe.db.sql("update `tabScheduled Job Type` set last_execution = %s", now_datetime())
	move_to("America/Guayaquil")
	frappe.clear_document_cache("System Settings", "System Settings")
	assert all(job.last_execution <= now_datetime() for job in our_jobs())


def test_what_lies_behind_stays(site):
	job = our_jobs()[0]
	before = add_to_date(now_datetime(), days=-3).replace(microsecond=0)
	job.db_set({"creation": before, "last_execution": before}, update_modified=False)
	site_clock.after_migrate()
	job.reload()
	assert (job.creation, job.last_execution) == (before, before)
