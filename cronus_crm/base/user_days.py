"""The days of a user: when a date begins and ends in the user's time zone.

The database keeps times in the time zone of the system. The date of an all-day activity is the same in every
time zone: it is not converted.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe

from cronus_crm.base.company import company_now
from cronus_crm.base.time_zones import system_zone, user_zone
from cronus_crm.base.week_start import WEEKDAYS


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

	def clock(self, moment: datetime | None = None) -> datetime:
		"""A moment of the system's time zone (by default, now) by the user's clock, without tzinfo."""
		return (moment or self.now).replace(tzinfo=self.system).astimezone(self.zone).replace(tzinfo=None)

	def at_same_hour(self, moment: datetime, day: date) -> datetime:
		"""The moment of a date at which the user's clock shows the hour that it shows at `moment`.

		So an appointment at ten stays at ten, though the clocks of the user or of the company have changed in
		between. An hour that a change leaves out is an hour later. All moments are of the system's time zone.
		"""
		return self.at_clock(datetime.combine(day, self.clock(moment).time()))

	def at_clock(self, local: datetime) -> datetime:
		"""The moment of the system's time zone at which the user's clock shows a date and hour."""
		return local.replace(tzinfo=self.zone).astimezone(self.system).replace(tzinfo=None)

	@property
	def next_week(self) -> date:
		"""The first day of the next week. The system settings say on which weekday a week begins."""
		first = frappe.get_system_settings("first_day_of_the_week") or "Monday"
		return self.today + timedelta(days=(WEEKDAYS.index(first) - self.today.weekday() - 1) % 7 + 1)


def get_user_days(user: str | None = None, now: datetime | None = None) -> UserDays:
	"""The days of a user (by default, the session's user) around a moment (by default, now).

	now: naive, in the system's time zone.
	"""
	user = user or frappe.session.user
	now = now or company_now()
	system, zone = system_zone(), user_zone(user)
	today = now.replace(tzinfo=system).astimezone(zone).date()
	return UserDays(now, today, zone, system)
