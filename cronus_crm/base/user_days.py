"""The days of whoever asks: where today begins and ends in their time zone.

The database keeps the hours of the system's time zone. An activity of the whole day is of that date wherever
one looks from: its hours are not converted.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from frappe.utils import get_system_timezone, now_datetime

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class UserDays:
	"""A moment, and the days around it as one user lives them.

	now: the moment, in the system's time zone and without one, as the database has it.
	today: the user's date.
	zone, system: the two time zones.
	"""

	now: datetime
	today: date
	zone: ZoneInfo
	system: ZoneInfo

	def start_of_day(self, day: date) -> datetime:
		"""When the user's day begins, as the database would have it."""
		return datetime.combine(day, time.min, self.zone).astimezone(self.system).replace(tzinfo=None)

	@property
	def next_week(self) -> date:
		"""The first day of the next week, by the system's setting of the day on which weeks begin."""
		first = frappe.get_system_settings("first_day_of_the_week") or "Monday"
		return self.today + timedelta(days=(_WEEKDAYS.index(first) - self.today.weekday() - 1) % 7 + 1)


def get_user_days(user: str | None = None, now: datetime | None = None) -> UserDays:
	"""The days of a user (by default, of the session's) around a moment (by default, the present)."""
	user = user or frappe.session.user
	now = now or now_datetime()
	system = ZoneInfo(get_system_timezone())
	zone = _load_zone(frappe.get_cached_value("User", user, "time_zone")) or system
	today = now.replace(tzinfo=system).astimezone(zone).date()
	return UserDays(now, today, zone, system)


def _load_zone(name: str | None) -> ZoneInfo | None:
	try:
		return ZoneInfo(name) if name else None
	except (ZoneInfoNotFoundError, ValueError):  # a user of long ago, with a name that is no longer in use
		return None
