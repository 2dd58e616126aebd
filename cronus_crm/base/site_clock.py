"""The clock of the site, when its time zone changes.

The framework keeps moments in the site's time zone, without saying so. Where the zone moves west, whatever
has just been written lies ahead of the new present by hours, and the framework runs a scheduled job when the
next date of its pattern *after its last run, or else its creation*, has come: no job would run until then.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import now_datetime

JOB = "Scheduled Job Type"


def on_settings_update(doc: Document, method: str | None = None) -> None:
	"""Event of System Settings, however they are saved: brings the scheduled jobs back to the present."""
	# Not the framework's present, which may still be that of the former zone.
	bring_jobs_back(datetime.now(ZoneInfo(doc.time_zone)).replace(tzinfo=None) if doc.time_zone else None)


def after_migrate() -> None:
	"""Hook `after_migrate`: for a zone that was changed past the form, and for a clock that was set back."""
	bring_jobs_back()


def bring_jobs_back(now: datetime | None = None) -> None:
	"""Sets what lies ahead of `now` in the scheduled jobs to it. now: a moment in the site's time zone, by
	default the present. Does not commit."""
	now = now or now_datetime()
	job = DocType(JOB)
	for field in (job.creation, job.last_execution):
		frappe.qb.update(job).set(field, now).where(field > now).run()
