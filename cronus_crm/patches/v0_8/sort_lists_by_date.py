"""Lists were sorted by their last change, and each user's settings have kept that: they are forgotten where
they are the framework's own choice, so that lists show the newest by date."""

import json

import frappe
from frappe.model.utils.user_settings import sync_user_settings

SORTED_BY_DATE = (
	"Cronus Customer",
	"Cronus Customer Branch",
	"Cronus Customer Import",
	"Cronus Delivery Note",
	"Cronus Opportunity",
	"Cronus Order",
	"Cronus Payment",
	"Cronus Sales Note",
	"Invoice",
	"Proforma",
)


def execute() -> None:
	# Settings that were changed lately are in the cache until a job stores them.
	sync_user_settings()
	settings = frappe.qb.Table("__UserSettings")
	rows = (
		frappe.qb.from_(settings)
		.select(settings.user, settings.doctype, settings.data)
		.where(settings.doctype.isin(SORTED_BY_DATE))
		.run()
	)
	for user, doctype, data in rows:
		kept = forget_framework_order(data)
		if kept is not None:
			mine = (settings.user == user) & (settings.doctype == doctype)
			frappe.qb.update(settings).set(settings.data, kept).where(mine).run()
			# The framework reads the settings from here first.
			frappe.cache.hdel("_user_settings", f"{doctype}::{user}")


def forget_framework_order(data: str) -> str | None:
	"""The settings of a user for a DocType without the order by the last change, as JSON; None where nothing
	is to be forgotten."""
	try:
		values = json.loads(data or "{}")
	except ValueError:
		return None
	of_list = values.get("List") if isinstance(values, dict) else None
	if not isinstance(of_list, dict) or of_list.get("sort_by") != "modified":
		return None
	of_list.pop("sort_by")
	of_list.pop("sort_order", None)
	return json.dumps(values)
