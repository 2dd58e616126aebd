"""The days of a user: when a date begins and ends in the user's time zone.

The database keeps times in the time zone of the system. The date of an all-day activity is the same in every
time zone: it is not converted.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe.utils import get_system_timezone, now_datetime

from cronus_crm.base.present_records import get_present_value

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class UserDays:
	"""A moment, and the dates around it in the time zone of a user.

	now: the moment in the system's time zone, as a naive datetime like those of the database.
	today: the date of that moment in the user's time zone.
	zone: the time zone of the user. system: that of the system.
	"""

	now: datetime
	today: date
	zone: ZoneInfo
	system: ZoneInfo

	def start_of_day(self, day: date) -> datetime:
		"""The moment when a date begins for the user, as a naive datetime in the system's time zone."""
		return datetime.combine(day, time.min, self.zone).astimezone(self.system).replace(tzinfo=None)

	@property
	def next_week(self) -> date:
		"""The first day of the next week. The system settings say on which weekday a week begins."""
		first = frappe.get_system_settings("first_day_of_the_week") or "Monday"
		return self.today + timedelta(days=(_WEEKDAYS.index(first) - self.today.weekday() - 1) % 7 + 1)


def get_user_days(user: str | None = None, now: datetime | None = None) -> UserDays:
	"""The days of a user (by default, the session's user) around a moment (by default, now).

	now: naive, in the system's time zone.
	"""
	user = user or frappe.session.user
	now = now or now_datetime()
	system = ZoneInfo(get_system_timezone())
	zone = _load_zone(get_present_value("User", user, "time_zone")) or system
	today = now.replace(tzinfo=system).astimezone(zone).date()
	return UserDays(now, today, zone, system)


def _load_zone(name: str | None) -> ZoneInfo | None:
	try:
		return ZoneInfo(name) if name else None
	except (ZoneInfoNotFoundError, ValueError):  # the name of a time zone that no longer exists
		return None
