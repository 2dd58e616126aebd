"""The working days of the company: days of the week and holidays, from the settings."""

import re
from collections.abc import Container
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate

from cronus_crm.base.present_records import get_settings

TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def check_time_of_day(doc, *fieldnames: str) -> None:
	"""Raises frappe.ValidationError when one of these fields is not a time of day such as 9:30 or 16:00.
	Empty fields are allowed."""
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

	weekdays: the working days of the week, 0 for Monday to 6 for Sunday; at least one, otherwise ValueError.
	holidays: dates that are not working days.
	"""

	def __init__(self, weekdays: Container[int], holidays: Container[date] = ()):
		if not any(day in weekdays for day in range(7)):
			raise ValueError("no working day in the week")
		self.weekdays = weekdays
		self.holidays = holidays

	@classmethod
	def from_settings(cls) -> "WorkingDays":
		"""The calendar in the settings of the company."""
		settings = get_settings()
		weekdays = {number for number, day in enumerate(WEEKDAYS) if settings.get(day)}
		# The settings refuse a week without working days, but a site may never have saved them: Monday to
		# Friday.
		return cls(weekdays or set(range(5)), {getdate(row.date) for row in settings.holidays})

	def is_working(self, day: date) -> bool:
		"""True for a working day."""
		return day.weekday() in self.weekdays and day not in self.holidays

	def next_working_day(self, day: date) -> date:
		"""The day itself if it is a working day, otherwise the next working day.

		Raises frappe.ValidationError when there is none within ten years.
		"""
		# Ends the search when the holidays cover years.
		for offset in range(3660):
			if self.is_working(candidate := day + timedelta(days=offset)):
				return candidate
		frappe.throw(
			_(
				"There is no working day in the ten years after {0}: look at the holidays in the settings."
			).format(day)
		)

	def add_days(self, day: date, number: int) -> date:
		"""The date `number` working days after a day; with 0, see :meth:`next_working_day`."""
		result = self.next_working_day(day) if number == 0 else day
		for _step in range(number):
			result = self.next_working_day(result + timedelta(days=1))
		return result
