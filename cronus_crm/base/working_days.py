"""The company's calendar: on which days people work."""

import re
from collections.abc import Container
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate

TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def check_time_of_day(doc, *fieldnames: str) -> None:
	"""Refuses what is not a time of day such as 9:30 or 16:00 in these fields; empty is allowed."""
	for fieldname in fieldnames:
		value = doc.get(fieldname)
		if value and not TIME_OF_DAY.fullmatch(value):
			frappe.throw(
				_("{0}: {1} is not a time of day. Write hours and minutes, such as 09:30.").format(
					frappe.bold(_(doc.meta.get_label(fieldname))), frappe.bold(value)
				)
			)


class WorkingDays:
	"""A calendar of working days.

	weekdays: the days of the week that are worked, 0 for Monday to 6 for Sunday; at least one.
	holidays: dates that are not worked.
	"""

	def __init__(self, weekdays: Container[int], holidays: Container[date] = ()):
		if not any(day in weekdays for day in range(7)):
			raise ValueError("no working day in the week")
		self.weekdays = weekdays
		self.holidays = holidays

	@classmethod
	def from_settings(cls) -> "WorkingDays":
		"""The calendar of the settings."""
		settings = frappe.get_cached_doc("Cronus CRM Settings")
		weekdays = {number for number, day in enumerate(WEEKDAYS) if settings.get(day)}
		# The settings refuse a week without work; a site whose settings were never saved has none yet.
		return cls(weekdays or set(range(5)), {getdate(row.date) for row in settings.holidays})

	def is_working(self, day: date) -> bool:
		return day.weekday() in self.weekdays and day not in self.holidays

	def next_working_day(self, day: date) -> date:
		"""That day if it is worked, otherwise the next one that is."""
		# Whoever lists years of holidays gets an error rather than an endless search.
		for offset in range(3660):
			if self.is_working(candidate := day + timedelta(days=offset)):
				return candidate
		frappe.throw(
			_(
				"There is no working day in the ten years after {0}: look at the holidays in the settings."
			).format(day)
		)

	def add_days(self, day: date, number: int) -> date:
		"""The date that many working days after a day; with 0, that day or the next one that is worked."""
		result = self.next_working_day(day) if number == 0 else day
		for _step in range(number):
			result = self.next_working_day(result + timedelta(days=1))
		return result
