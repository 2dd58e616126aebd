"""Dates as people write them, in the order that the user has chosen."""

import re
from datetime import date, datetime, time
from functools import cache

from babel import Locale
from frappe import _

from cronus_crm.base.arguments import ANY_YEARS
from cronus_crm.cronus_exchange.reading.rows import Cell
from cronus_crm.cronus_exchange.values.cell_texts import clean_text
from cronus_crm.cronus_exchange.values.formats import Formats, WrongValue

_PARTS = re.compile(r"(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})")
_MONTH_OF_YEAR = re.compile(r"(?P<y1>\d{4})[/.\-](?P<m1>\d{1,2})|(?P<m2>\d{1,2})[/.\-](?P<y2>\d{4})")
# As in “3-abr-2025”, “3 de abril de 2025” and “Apr 3, 2025”.
_DAY_AND_NAME = re.compile(
	r"(?P<day>\d{1,2})[ \-/.]*(?:de )?(?P<month>[^\W\d_]{3,})\.?,?[ \-/]*(?:del? )?(?P<year>\d{2,4})"
)
_NAME_AND_DAY = re.compile(r"(?P<month>[^\W\d_]{3,})\.? (?P<day>\d{1,2}),? (?P<year>\d{2,4})")
_TIME = re.compile(r"[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?Z?$")

# Place of year, month and day among the parts of each order.
_PLACES = {"DD/MM/YYYY": (2, 1, 0), "MM/DD/YYYY": (2, 0, 1), "YYYY-MM-DD": (0, 1, 2)}


def read_date(cell: Cell, formats: Formats) -> date | None:
	"""The date in a cell; None for an empty one.

	A time of day is left out.

	Raises WrongValue for a date that contradicts the chosen order, or does not exist.
	"""
	moment = read_moment(cell, formats)
	return moment.date() if moment else None


def read_moment(cell: Cell, formats: Formats) -> datetime | None:
	"""The date and time in a cell, midnight where it has no time; None for an empty one.

	Raises WrongValue as :func:`read_date`.
	"""
	if isinstance(cell, datetime):
		return _check_year(cell, cell)
	if isinstance(cell, date):
		return _check_year(datetime.combine(cell, time()), cell)
	if isinstance(cell, int | float):
		raise WrongValue(_("{0} is a number and not a date. Format the column as a date.").format(cell))
	text = clean_text(cell, formats)
	if not text:
		return None
	found = _TIME.search(text)
	day = _read_day(text[: found.start()] if found else text, formats)
	return datetime.combine(day, _read_time(found, text) if found else time())


def _read_time(match: re.Match, text: str) -> time:
	hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
	if match[4]:
		hour = hour % 12 + (12 if match[4][0] in "pP" else 0)
	try:
		return time(hour, minute, second)
	except ValueError:
		raise WrongValue(_("{0} has no time of day that exists.").format(text)) from None


def _read_day(text: str, formats: Formats) -> date:
	if match := _PARTS.fullmatch(text):
		year_at, month_at, day_at = _PLACES[formats.date_order]
		parts = match.groups()
		if len(parts[month_at]) > 2 or len(parts[day_at]) > 2:
			raise _contradiction(text, formats)
		return _build(
			_read_year(parts[year_at], text, formats), int(parts[month_at]), int(parts[day_at]), text, formats
		)
	if match := _DAY_AND_NAME.fullmatch(text) or _NAME_AND_DAY.fullmatch(text):
		month = _find_month(match["month"])
		if not month:
			raise _contradiction(text, formats)
		return _build(_read_year(match["year"], text, formats), month, int(match["day"]), text, formats)
	if partial := _MONTH_OF_YEAR.fullmatch(text):
		year, month = int(partial["y1"] or partial["y2"]), int(partial["m1"] or partial["m2"])
	elif re.fullmatch(r"\d{4}", text):
		year, month = int(text), 1
	else:
		raise _contradiction(text, formats)
	if not formats.first_of_partial:
		raise WrongValue(
			_("{0} is only a part of a date. Write the day, or choose that the first one is taken.").format(
				text
			)
		)
	return _build(year, month, 1, text, formats)


@cache
def _list_months() -> dict[str, int]:
	"""Numbers of months by the first letters of their names, in the languages of the templates."""
	names = (Locale(language).months["stand-alone"]["wide"].items() for language in ("en", "es"))
	return {name.lower(): number for months in names for number, name in months}


def _find_month(text: str) -> int | None:
	"""The number of a month by its name, or by at least three first letters of it; None for another word."""
	found = {number for name, number in _list_months().items() if name.startswith(text.lower())}
	if text.lower() == "sept":
		return 9
	return found.pop() if len(found) == 1 else None


def _read_year(digits: str, text: str, formats: Formats) -> int:
	if len(digits) == 4:
		return int(digits)
	if len(digits) == 2 and formats.two_digit_years:
		return int(digits) + (1900 if int(digits) >= 50 else 2000)
	if len(digits) == 2:
		raise WrongValue(
			_("{0} has a year of two digits. Write four, or choose that 50 to 99 are of 1900.").format(text)
		)
	raise _contradiction(text, formats)


def _build(year: int, month: int, day: int, text: str, formats: Formats) -> date:
	if month > 12 and day <= 12:
		raise _contradiction(text, formats)
	try:
		return _check_year(date(year, month, day), text)
	except ValueError:
		raise WrongValue(_("{0} is no day of the calendar.").format(text)) from None


def _check_year(day: date, shown: Cell) -> date:
	if day.year not in ANY_YEARS:
		raise WrongValue(_("{0} is not a date from 1900 to 2199.").format(shown))
	return day


def _contradiction(text: str, formats: Formats) -> WrongValue:
	return WrongValue(_("{0} is not a date in the chosen order {1}.").format(text, _(formats.date_order)))
