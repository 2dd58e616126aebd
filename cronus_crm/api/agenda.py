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
	"""The visible activities that overlap a range of time, ordered by their start.

	start, end: the range, in the system's time zone. filters: those of the view, on fields of the activity
	that the user may read. doctype, field_map, fields: sent by the framework's calendar and ignored.

	Gives at most MOST_EVENTS activities; a message tells the user when there are more.
	Raises frappe.ValidationError for an invalid or too long range and for an invalid filter.
	"""
	return calendar.get_events(doctype, start, end=end, field_map=field_map, filters=filters, fields=fields)


@frappe.whitelist(methods=["POST"])
def move(name: str, starts_on: str, ends_on: str | None = None, all_day: int | str = 0) -> dict:
	"""Changes the time of an activity, after it was dragged or resized in the calendar.

	starts_on, ends_on: in the system's time zone; for an all-day activity, the first and the last day.

	Gives back both as saved. Raises frappe.PermissionError without the right to write the activity, and what
	saving it raises.
	"""
	return calendar.move_activity(name, starts_on, ends_on=ends_on, all_day=all_day)
