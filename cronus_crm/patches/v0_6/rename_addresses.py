"""Replaces former dotted paths that a site has stored: methods of Number Cards, scheduled jobs, and addresses
in the site's own scripts.
"""

import re

import frappe
from frappe.query_builder import DocType

from cronus_crm.api.former_addresses import NEW_ADDRESSES

# Scheduled jobs, former to new path. A job that is renamed before the framework syncs `scheduler_events`
# keeps whether it is stopped and when it last ran. Without this Frappe 16 fails when two names end alike.
NEW_JOBS = {
	"cronus_crm.cronus_crm.follow_up.announce_pending": (
		"cronus_crm.cronus_crm.activities.follow_up.announce_pending"
	),
	"cronus_crm.cronus_crm.reminders.give_due": (
		"cronus_crm.cronus_crm.activities.reminders.send_due_reminders"
	),
	"cronus_crm.cronus_crm.reminders.give_daily": (
		"cronus_crm.cronus_crm.activities.reminders.send_daily_notices"
	),
	"cronus_crm.cronus_crm.standing.refresh_lights": (
		"cronus_crm.cronus_crm.activities.traffic_light.refresh_lights"
	),
	"cronus_crm.cronus_crm.standing.mark_stalled": (
		"cronus_crm.cronus_crm.activities.traffic_light.mark_stalled"
	),
	"cronus_crm.cronus_crm.repetition.resume_missed": (
		"cronus_crm.cronus_crm.activities.repetition.resume_missed"
	),
	"cronus_crm.cronus_analytics.customer_files.delete_old": (
		"cronus_crm.cronus_analytics.files.customer_files.delete_old"
	),
	"cronus_crm.cronus_analytics.proof.verify_lately": (
		"cronus_crm.cronus_analytics.ledger.verify.verify_lately"
	),
	"cronus_crm.cronus_analytics.proof.verify_everything": (
		"cronus_crm.cronus_analytics.ledger.verify.verify_everything"
	),
	"cronus_crm.cronus_analytics.customer_alerts.refresh": (
		"cronus_crm.cronus_analytics.figures.customer_alerts.refresh_alerts"
	),
}

JOB = "Scheduled Job Type"

# Fields that may contain an address of ours, alone or in a script.
PLACES = (
	("Number Card", "method"),
	("Client Script", "script"),
	("Server Script", "script"),
	("Custom HTML Block", "script"),
	("Web Form", "client_script"),
	("Web Page", "javascript"),
	("Report", "javascript"),
	("Report", "report_script"),
	("Print Format", "html"),
)

_FORMER = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, NEW_ADDRESSES)) + r")(?![\w.])")


def execute() -> None:
	"""Idempotent. `modified` is not changed."""
	for former, new in NEW_JOBS.items():
		_rename_job(former, new)
	for doctype, fieldname in PLACES:
		if frappe.db.has_column(doctype, fieldname):
			_rename_in_field(doctype, fieldname)


def _rename_job(former: str, new: str) -> None:
	for name in frappe.get_all(JOB, {"method": former}, pluck="name", order_by="name asc"):
		if frappe.db.exists(JOB, {"method": new}):
			frappe.delete_doc(JOB, name)
			continue
		frappe.db.set_value(JOB, name, "method", new, update_modified=False)
		# The name that the framework gives to a scheduled job: the last two parts of the path.
		short = ".".join(new.split(".")[-2:])
		if short != name:
			frappe.rename_doc(JOB, name, short, force=True, show_alert=False, rebuild_search=False)


def _rename_in_field(doctype: str, fieldname: str) -> None:
	table = DocType(doctype)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table[fieldname])
		.where(table[fieldname].like(r"%cronus\_crm.cronus\_%"))
		.orderby(table.name)
		.run()
	)
	for name, text in rows:
		renamed = _FORMER.sub(lambda match: NEW_ADDRESSES[match[1]], text)
		if renamed != text:
			frappe.db.set_value(doctype, name, fieldname, renamed, update_modified=False)
