"""The working time of the company: which hours of its working days, in its time zone.

It counts whole minutes, as they pass: a minute is worked when the clock on the company's wall shows working
hours of a working day. So what a change of that clock repeats counts twice, and what it leaves out does not.

Moments given and returned are aware of their time zone; seconds are cut off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import escape_html

from cronus_crm.base.present_records import get_settings
from cronus_crm.base.time_zones import system_zone
from cronus_crm.base.working_days import TIME_OF_DAY, WEEKDAYS, WorkingDays

# What a row of the settings says instead of a weekday.
EVERY_DAY = "Every working day"

_MINUTE = timedelta(minutes=1)
_WHOLE_DAY = 24 * 60

# (minute of the day in which it begins, that in which it is over)
Span = tuple[int, int]

# Where the settings say nothing: nine to six.
DEFAULT_SPANS: tuple[Span, ...] = ((9 * 60, 18 * 60),)


@dataclass(frozen=True)
class WorkingHours:
	"""The working time of a company.

	days: its working days. spans: the hours of each weekday (0 for Monday), in order and without overlap; a
	weekday without any has DEFAULT_SPANS. zone: the time zone of its clock.
	"""

	days: WorkingDays
	spans: Mapping[int, tuple[Span, ...]]
	zone: ZoneInfo

	@classmethod
	def from_settings(cls) -> "WorkingHours":
		"""The working time in the settings of the company, in the time zone of the system."""
		return cls(WorkingDays.from_settings(), read_spans(get_settings().working_hours), system_zone())

	@classmethod
	def day_and_night(cls) -> "WorkingHours":
		"""All hours of all days, holidays too."""
		return cls(WorkingDays(range(7)), {day: ((0, _WHOLE_DAY),) for day in range(7)}, system_zone())

	def minutes_between(self, begins: datetime, ends: datetime) -> int:
		"""The minutes that are worked from one moment to another; 0 where the second is not after the
		first."""
		begins, ends = cut_seconds(begins), cut_seconds(ends)
		passed = timedelta()
		if begins < ends:
			for opens, closes in self._find_worked(begins):
				if opens >= ends:
					break
				passed += min(closes, ends) - opens
		return passed // _MINUTE

	def moment_after(self, begins: datetime, minutes: int) -> datetime:
		"""The first moment at which so many minutes have been worked; `begins` itself for none.

		Raises frappe.ValidationError where the holidays leave no working day for ten years.
		"""
		moment, left = cut_seconds(begins), minutes * _MINUTE
		if left <= timedelta():
			return moment.astimezone(self.zone)
		for opens, closes in self._find_worked(moment):
			if closes - opens >= left:
				return (opens + left).astimezone(self.zone)
			left -= closes - opens
		raise AssertionError("working time does not end")

	def _find_worked(self, begins: datetime) -> Iterator[tuple[datetime, datetime]]:
		"""The stretches of working time from a moment on, without end, in UTC."""
		begins = begins.astimezone(UTC)
		day = begins.astimezone(self.zone).date()
		while True:
			day = self.days.next_working_day(day)
			for opens, closes in self._find_worked_of(day):
				if closes > begins:
					yield max(opens, begins), closes
			day += timedelta(days=1)

	def _find_worked_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
		spans = self.spans.get(day.weekday()) or DEFAULT_SPANS
		midnight, next_midnight = self._find_midnight(day), self._find_midnight(day + timedelta(days=1))
		if next_midnight - midnight != timedelta(days=1):
			yield from self._walk_odd_day(spans, midnight, next_midnight)
			return
		for opens, closes in spans:
			yield midnight + opens * _MINUTE, midnight + closes * _MINUTE

	def _walk_odd_day(
		self, spans: tuple[Span, ...], midnight: datetime, next_midnight: datetime
	) -> Iterator[tuple[datetime, datetime]]:
		"""The working time of a day on which the clock changes, looked at minute by minute."""
		begun, moment = None, midnight
		while moment < next_midnight:
			wall = moment.astimezone(self.zone)
			minute = wall.hour * 60 + wall.minute
			is_worked = any(opens <= minute < closes for opens, closes in spans)
			if is_worked and begun is None:
				begun = moment
			elif not is_worked and begun is not None:
				yield begun, moment
				begun = None
			moment += _MINUTE
		if begun is not None:
			yield begun, next_midnight

	def _find_midnight(self, day: date) -> datetime:
		return datetime.combine(day, time(), self.zone).astimezone(UTC)


def cut_seconds(moment: datetime) -> datetime:
	"""The minute in which a moment lies."""
	return moment.replace(second=0, microsecond=0)


def read_spans(rows: list) -> dict[int, tuple[Span, ...]]:
	"""The hours of each weekday in rows of the settings (`weekday`, `from_time`, `to_time`).

	Rows of a weekday stand for that day instead of those of EVERY_DAY. Weekdays without rows are left out.
	"""
	by_name: dict[str, list[Span]] = {}
	for row in rows or ():
		span = (read_minute(row.from_time), read_minute(row.to_time))
		by_name.setdefault(row.weekday, []).append(span)
	found = {}
	for number, name in enumerate(WEEKDAYS):
		if spans := by_name.get(name.capitalize()) or by_name.get(EVERY_DAY):
			found[number] = tuple(sorted(spans))
	return found


def read_minute(clock: str) -> int:
	"""The minute of the day of a time such as "9:30"; "24:00" is the end of the day."""
	hours, minutes = clock.split(":")
	return int(hours) * 60 + int(minutes)


def check_hours(doc) -> None:
	"""Checks the table `working_hours` of the settings.

	Raises frappe.ValidationError, naming the row, for what is not a time of day, ends before it begins, or
	overlaps another row of the same weekday.
	"""
	for row in doc.working_hours:
		for value, also in ((row.from_time, None), (row.to_time, "24:00")):
			if not TIME_OF_DAY.fullmatch(value or "") and (value or "") != also:
				frappe.throw(
					_(
						"Working hours, row {0}: {1} is not a time of day. Write hours and minutes, as 09:30."
					).format(row.idx, frappe.bold(escape_html(value or "")))
				)
		if read_minute(row.from_time) >= read_minute(row.to_time):
			frappe.throw(
				_("Working hours, row {0}: {1} is not after {2}. Hours past midnight are two rows.").format(
					row.idx, frappe.bold(row.to_time), frappe.bold(row.from_time)
				)
			)
	_refuse_overlaps(doc.working_hours)


def _refuse_overlaps(rows: list) -> None:
	ordered = sorted(rows, key=lambda row: (row.weekday, read_minute(row.from_time)))
	for before, row in pairwise(ordered):
		if before.weekday == row.weekday and read_minute(row.from_time) < read_minute(before.to_time):
			frappe.throw(
				_("Working hours, rows {0} and {1}: both contain {2}. Leave the hour in one of them.").format(
					*sorted((before.idx, row.idx)), frappe.bold(row.from_time)
				)
			)
