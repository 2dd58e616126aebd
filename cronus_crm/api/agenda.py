"""The calendar of activities."""

import frappe

from cronus_crm.cronus_crm.activities import calendar


@frappe.whitelist(methods=["GET"])
def get_events(
	doctype: str,
	start: str,
	end: str,
	field_map: str | dict | None = None,
	filters: str | list | None = None,
	fields: str | list | None = None,
) -> list[dict]:
	"""The activities that the user may see and that touch a range of time, in order of their beginning.

	Takes what the framework's calendar sends. start, end: the range, in the system's time zone. filters:
	those of the view, on fields of the activity that the user may read. doctype, field_map and fields are
	always the same here, and are not looked at.

	Of more than MOST_EVENTS the first ones are given, and a message says so.
	Raises frappe.ValidationError for a range or a filter that cannot be answered.
	"""
	return calendar.get_events(doctype, start, end=end, field_map=field_map, filters=filters, fields=fields)


@frappe.whitelist(methods=["POST"])
def move(name: str, starts_on: str, ends_on: str | None = None, all_day: int | str = 0) -> dict:
	"""Gives an activity another time: what the calendar sends after something was dragged or stretched.

	starts_on, ends_on: in the system's time zone; of whole days, the first and the last one.

	Gives back both as they were saved. Raises frappe.PermissionError without the right to write it, and what
	the activity itself refuses.
	"""
	return calendar.move_activity(name, starts_on, ends_on=ends_on, all_day=all_day)
