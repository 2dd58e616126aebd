"""The agenda: the server's side of the calendar of activities.

Hours come and go in the system's time zone, as the database has them; the calendar converts them.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, get_datetime

from cronus_crm.base.arguments import read_list
from cronus_crm.cronus_crm.doctype.cronus_activity.cronus_activity import MAX_DAYS

# More than these in one view can neither be drawn in reasonable time nor read.
MOST_EVENTS = 3000

# The calendar may show a month with the days of others around it, and asks for no more than a year in a list.
_LONGEST_VIEW = timedelta(days=400)

# Whole days keep their date in every time zone, so the range is asked with a day to spare on both sides.
_ANY_TIME_ZONE = timedelta(days=1)

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
	"""The activities that the user may see and that touch a range of time, in order of their beginning.

	Takes what the framework's calendar sends. start, end: the range, in the system's time zone. filters:
	those of the view, on fields of the activity that the user may read. doctype, field_map and fields are
	always the same here, and are not looked at.

	Of more than MOST_EVENTS the first ones are given, and a message says so.
	Raises frappe.ValidationError for a range or a filter that cannot be answered.
	"""
	starts, ends = _range(start, end)
	events = frappe.get_list(
		_DOCTYPE,
		fields=list(_FIELDS),
		filters=[
			*_check_filters(filters),
			# The index is asked for what begins in the range or may reach into it; nothing lasts longer.
			[_DOCTYPE, "starts_on", ">=", starts - timedelta(days=MAX_DAYS)],
			[_DOCTYPE, "starts_on", "<", ends],
		],
		or_filters=[[_DOCTYPE, "ends_on", ">=", starts], [_DOCTYPE, "starts_on", ">=", starts]],
		order_by="starts_on asc, name asc",
		limit=MOST_EVENTS + 1,
	)
	if len(events) > MOST_EVENTS:
		frappe.msgprint(
			_(
				"Here are more than {0} activities, of which the first are shown. Filter by seller or type."
			).format(MOST_EVENTS),
			title=_("Too many activities"),
			indicator="orange",
			alert=True,
		)
	return [_as_event(event) for event in events[:MOST_EVENTS]]


def move_activity(name: str, starts_on: str, ends_on: str | None = None, all_day: int | str = 0) -> dict:
	"""Gives an activity another time: what the calendar sends after something was dragged or stretched.

	starts_on, ends_on: in the system's time zone; of whole days, the first and the last one.

	Gives back both as they were saved. Raises frappe.PermissionError without the right to write it, and what
	the activity itself refuses.
	"""
	activity = frappe.get_doc(_DOCTYPE, name, for_update=True)
	activity.check_permission("write")
	if activity.state != "Pending":
		frappe.throw(
			_("{0} is no longer pending: what is over keeps its date.").format(
				frappe.bold(frappe.utils.escape_html(activity.subject))
			)
		)
	activity.update({"starts_on": starts_on, "ends_on": ends_on, "all_day": cint(all_day)})
	activity.save()
	return {"starts_on": activity.starts_on, "ends_on": activity.ends_on}


def _range(start: str, end: str) -> tuple[datetime, datetime]:
	try:
		starts, ends = get_datetime(start), get_datetime(end)
	except Exception:
		starts = ends = None
	if not starts or not ends or ends <= starts or ends - starts > _LONGEST_VIEW:
		frappe.throw(_("The agenda shows a range of dates of {0} days at most.").format(_LONGEST_VIEW.days))
	return starts - _ANY_TIME_ZONE, ends + _ANY_TIME_ZONE


def _check_filters(filters: str | list | None) -> list[list]:
	"""The filters of the view; raises frappe.ValidationError for a field that is not the user's to ask."""
	filters = read_list(filters, "filters")
	may_ask = {"name", "owner", "creation", "modified", "_user_tags", "_assign", "_liked_by", "_comments"}
	may_ask.update(frappe.get_meta(_DOCTYPE).get_permitted_fieldnames(permission_type="read"))
	checked = []
	for each in filters:
		is_condition = isinstance(each, list | tuple) and len(each) >= 4
		if not is_condition or each[0] != _DOCTYPE or each[1] not in may_ask:
			asked = frappe.bold(frappe.utils.escape_html(str(each[1] if is_condition else each)))
			frappe.throw(_("The agenda cannot be filtered by {0}.").format(asked))
		checked.append(list(each[:4]))
	return checked


def _as_event(activity: "frappe._dict") -> "frappe._dict":
	"""An activity as the calendar takes it: always with an end, and a whole day without time zone."""
	activity.ends_on = activity.ends_on or activity.starts_on
	activity.convert_to_user_tz = 0 if activity.all_day else 1
	return activity
