"""The agenda: what the calendar of activities reads and writes on the server.

Dates and hours are in the system's time zone in both directions, as in the database; the calendar converts
them to the user's time zone.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint

from cronus_crm.base.arguments import parse_moment, read_list
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_crm.doctype.cronus_activity.cronus_activity import MAX_DAYS

# A browser does not draw more of them in reasonable time.
MAX_EVENTS = 3000

# The calendar asks for a month with the days around it, and for a year at most in its list view.
_LONGEST_VIEW = timedelta(days=400)

# An activity of the whole day keeps its date in every time zone, so the range is widened by a day on both
# sides.
_TIME_ZONE_MARGIN = timedelta(days=1)

_DOCTYPE = "Cronus Activity"
_FIELDS = (
	"name",
	"subject",
	"activity_type",
	"state",
	"seller",
	"customer_name",
	"place",
	"starts_on",
	"ends_on",
	"all_day",
	"color",
	"text_color",
)


def get_events(
	doctype: str,
	start: str,
	end: str,
	field_map: str | dict | None = None,
	filters: str | list | None = None,
	fields: str | list | None = None,
) -> list[dict]:
	"""The activities that overlap a range of time and that the user may see, ordered by their start.

	The arguments are those that the framework's calendar sends.
	start, end: the range, in the system's time zone.
	filters: those of the view, on fields of the activity that the user may read.
	doctype, field_map, fields: ignored, as they are always the same.

	Of more than MAX_EVENTS only the first are returned, and a message says so.
	Raises frappe.ValidationError for a range that is empty or too long, and for a filter on another field.
	"""
	starts, ends = _parse_range(start, end)
	events = frappe.get_list(
		_DOCTYPE,
		fields=list(_FIELDS),
		filters=[
			*_check_filters(filters),
			# Bounds the index range: no activity lasts longer than MAX_DAYS.
			[_DOCTYPE, "starts_on", ">=", starts - timedelta(days=MAX_DAYS)],
			[_DOCTYPE, "starts_on", "<", ends],
		],
		or_filters=[[_DOCTYPE, "ends_on", ">=", starts], [_DOCTYPE, "starts_on", ">=", starts]],
		order_by="starts_on asc, name asc",
		limit=MAX_EVENTS + 1,
	)
	if len(events) > MAX_EVENTS:
		frappe.msgprint(
			_(
				"Here are more than {0} activities, of which the first are shown. Filter by seller or type."
			).format(MAX_EVENTS),
			title=_("Too many activities"),
			indicator="orange",
			alert=True,
		)
	return [_build_event(event) for event in events[:MAX_EVENTS]]


def move_activity(name: str, starts_on: str, ends_on: str | None = None, all_day: int | str = 0) -> dict:
	"""Changes start and end of an activity, after it was dragged or resized in the calendar.

	starts_on, ends_on: in the system's time zone; of an activity of whole days, its first and its last day.

	Returns {"starts_on", "ends_on"} as saved. Raises frappe.PermissionError without the right to write the
	activity, frappe.ValidationError for one that is not pending or for times that it does not accept.
	"""
	activity = frappe.get_doc(_DOCTYPE, name, for_update=True)
	activity.check_permission("write")
	if activity.state != "Pending":
		frappe.throw(
			_("{0} is no longer pending: what is over keeps its date.").format(
				frappe.bold(as_html(activity.subject))
			)
		)
	activity.update({"starts_on": starts_on, "ends_on": ends_on, "all_day": cint(all_day)})
	activity.save()
	return {"starts_on": activity.starts_on, "ends_on": activity.ends_on}


def _parse_range(start: str, end: str) -> tuple[datetime, datetime]:
	"""The range that was sent, widened by the margin; raises frappe.ValidationError if it is not valid."""
	starts, ends = parse_moment(start), parse_moment(end)
	if not starts or not ends or ends <= starts or ends - starts > _LONGEST_VIEW:
		frappe.throw(_("The agenda shows a range of dates of {0} days at most.").format(_LONGEST_VIEW.days))
	return starts - _TIME_ZONE_MARGIN, ends + _TIME_ZONE_MARGIN


def _check_filters(filters: str | list | None) -> list[list]:
	"""The filters of the view; raises frappe.ValidationError for a field that the user may not read."""
	filters = read_list(filters, "filters")
	allowed = {"name", "owner", "creation", "modified", "_user_tags", "_assign", "_liked_by", "_comments"}
	allowed.update(frappe.get_meta(_DOCTYPE).get_permitted_fieldnames(permission_type="read"))
	checked = []
	for condition in filters:
		is_condition = isinstance(condition, list | tuple) and len(condition) >= 4
		if not is_condition or condition[0] != _DOCTYPE or condition[1] not in allowed:
			refused = frappe.bold(frappe.utils.escape_html(str(condition[1] if is_condition else condition)))
			frappe.throw(_("The agenda cannot be filtered by {0}.").format(refused))
		checked.append(list(condition[:4]))
	return checked


def _build_event(activity: "frappe._dict") -> "frappe._dict":
	"""An activity as the calendar expects it: with an end, and without conversion of whole days."""
	activity.ends_on = activity.ends_on or activity.starts_on
	activity.convert_to_user_tz = 0 if activity.all_day else 1
	return activity
