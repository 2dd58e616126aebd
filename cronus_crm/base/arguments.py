"""Parses arguments that a client sends to our methods and reports: JSON values, dates and filters, with
errors that name the argument."""

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import frappe
import frappe.model
from frappe import _

# The years of a date, such as a birth date, or an end that stands for "never".
ANY_YEARS = range(1900, 2200)

# The first year of the dates of sales, and how many years after the present one the last of them is. Dates
# outside are typing errors, such as a year of two digits that was given a wrong century.
_FIRST_BUSINESS_YEAR, _YEARS_AHEAD = 1970, 20

# Limit of amounts: the columns of the database hold twelve digits before the decimal point.
MAX_AMOUNT = 10**12

_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?", re.ASCII)

# The filters of our reports that are dates.
_DATE_FILTERS = frozenset({"from_date", "to_date", "as_of"})

# Fields of every DocType, which its description does not name.
_FIELDS_OF_ALL = frozenset((*frappe.model.default_fields[1:], *frappe.model.optional_fields))


def read_list(value: Any, name: str) -> list:
	"""Parses a list argument, which a client sends as a list or as JSON. None and "" give an empty list.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return _parse_argument(value, name, list | tuple, _("a list")) or []


def read_names(value: Any, name: str) -> list[str]:
	"""Parses an argument that is a list of names of documents: each once, in their order.

	Raises what `read_list` raises, also for an item that is no text.
	"""
	names = read_list(value, name)
	if not all(isinstance(item, str | int) for item in names):
		_throw_expected(name, _("a list of names"))
	return list(dict.fromkeys(map(str, names)))


def read_mapping(value: Any, name: str) -> "frappe._dict":
	"""Parses a mapping argument, which a client sends as a mapping or as JSON. None and "" give an empty one.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return frappe._dict(_parse_argument(value, name, dict, _("values by name")) or {})


def read_filters(value: Any, doctype: str | None = None) -> list | dict:
	"""Parses the argument `filters`, those of a list: a list of conditions, or a mapping from field to value.
	A list of names becomes the condition that the name is one of them, to which others can be added.

	doctype: that of the list, whose fields the mappings must name; without it, this is not checked.

	Raises frappe.ValidationError for anything else, and for a field that there is not.
	"""
	expected = _("a list of conditions, or values by field")
	filters = _parse_argument(value, "filters", list | tuple | dict, expected) or []
	if not isinstance(filters, dict):
		if filters and all(isinstance(item, str) for item in filters):
			filters = [["name", "in", filters]]
		if not all(map(_may_be_condition, filters)):
			_throw_expected("filters", expected)
	if doctype:
		mappings = [filters] if isinstance(filters, dict) else filters
		_check_fields(doctype, (name for each in mappings if isinstance(each, dict) for name in each))
	return filters


def _may_be_condition(item: Any) -> bool:
	"""Whether the framework can read an item of a list of filters: 16 ends in an error at anything else."""
	if isinstance(item, list | tuple):
		return 2 <= len(item) <= 5 and isinstance(item[0], str)
	return isinstance(item, dict)


def _check_fields(doctype: str, names: Iterable) -> None:
	meta = frappe.get_meta(doctype)
	for name in names:
		if not meta.has_field(name) and name not in _FIELDS_OF_ALL:
			text = frappe.bold(frappe.utils.escape_html(str(name)))
			frappe.throw(
				_("{0}: {1} is no field of {2}. Write its label.").format(_("Filters"), text, _(doctype))
			)


def business_years() -> range:
	"""The years in which the dates of documents, opportunities and activities may be."""
	return range(_FIRST_BUSINESS_YEAR, frappe.utils.getdate().year + _YEARS_AHEAD + 1)


def parse_date(text: str, years: range = ANY_YEARS) -> date | None:
	"""Parses a date in the form YYYY-MM-DD. Gives None for any other text, for a day that does not exist, and
	for a year outside `years`."""
	parts = _DATE.fullmatch(text.strip())
	if not parts or int(parts[1]) not in years:
		return None
	try:
		return date(*map(int, parts.groups()))
	except ValueError:
		return None


def parse_moment(text: str, years: range = ANY_YEARS) -> datetime | None:
	"""Parses a date with or without a time of day, in the form YYYY-MM-DD HH:MM:SS, without a time zone;
	seconds may be left out, and T may stand between. Gives None as `parse_date` does."""
	parts = _MOMENT.fullmatch(text.strip())
	if not parts or not (day := parse_date(parts[1], years)):
		return None
	*time, fraction = parts.groups()[1:]
	hour, minute, second = (int(part or 0) for part in time)
	if hour > 23 or minute > 59 or second > 59:
		return None
	return datetime(day.year, day.month, day.day, hour, minute, second, int((fraction or "0").ljust(6, "0")))


def read_date(value: Any, name: str) -> date | None:
	"""Parses a date argument. None and "" give None.

	Raises frappe.ValidationError, naming the argument, for a value that is not in the form YYYY-MM-DD.
	"""
	if value is None or value == "":
		return None
	if isinstance(value, datetime):
		return value.date()
	if isinstance(value, date):
		return value
	if not isinstance(value, str) or not (parsed := parse_date(value)):
		frappe.throw(describe_wrong_date(frappe.bold(name), value, ANY_YEARS))
	return parsed


def read_moment(value: Any, name: str, years: range = ANY_YEARS) -> datetime:
	"""Parses an argument that is a date and time; see `parse_moment` for its form.

	Raises frappe.ValidationError, naming the argument, for anything else, also for none.
	"""
	if isinstance(value, datetime):
		return value
	if not isinstance(value, str) or not (parsed := parse_moment(value, years)):
		frappe.throw(describe_wrong_moment(frappe.bold(name), value, years))
	return parsed


def read_filter_values(filters: Any) -> "frappe._dict":
	"""The filters of one of our reports: texts and numbers by name, dates as dates.

	Raises frappe.ValidationError, naming the filter, for a list or a mapping, and for a date that is not in
	the form YYYY-MM-DD.
	"""
	# The framework sends an empty list for none.
	found = read_mapping(filters or None, "filters")
	for name, value in found.items():
		if name in _DATE_FILTERS:
			found[name] = read_date(value, name)
		elif value is not None and not isinstance(value, str | int | float):
			frappe.throw(_("{0} has to be one text or number.").format(frappe.bold(show_value(name))))
	return found


def is_number(value: Any) -> bool:
	"""Whether a value is a number, or a text such as -12.50 with a point for decimals and no other separator.
	False for an infinite one and for one that is too large for the database."""
	if isinstance(value, str):
		if not _NUMBER.fullmatch(value.strip()):
			return False
		value = float(value)
	if not isinstance(value, int | float | Decimal):
		return False
	return math.isfinite(value) and abs(value) < MAX_AMOUNT


def read_number(value: Any, name: str) -> float:
	"""Parses an argument that is a number. Raises frappe.ValidationError, naming the argument, for anything
	else, see `is_number`."""
	if not is_number(value):
		frappe.throw(describe_wrong_number(frappe.bold(name), value))
	return float(value)


def describe_wrong_number(label: str, value: Any) -> str:
	"""As `describe_wrong_date`, of a number."""
	return _(
		"{0}: {1} is not a number. Write it with a point for decimals, and at most twelve digits before."
	).format(label, frappe.bold(show_value(value)))


def describe_wrong_date(label: str, value: Any, years: range) -> str:
	"""The message that a value is not a date of these years. label: of the field or argument, as HTML."""
	return _("{0}: {1} is not a date from {2} to {3}. Write it as YYYY-MM-DD.").format(
		label, frappe.bold(show_value(value)), years[0], years[-1]
	)


def describe_wrong_moment(label: str, value: Any, years: range) -> str:
	"""As `describe_wrong_date`, of a date and time."""
	return _(
		"{0}: {1} is not a date and time from {2} to {3}. Write it as YYYY-MM-DD HH:MM:SS, without time zone."
	).format(label, frappe.bold(show_value(value)), years[0], years[-1])


def show_value(value: Any) -> str:
	"""A value that was refused, for a message: the beginning of its text, as HTML."""
	return frappe.utils.escape_html(str(value)[:140])


def _parse_argument(value: Any, name: str, kind, expected: str) -> Any:
	"""kind: the type or types that are accepted; expected: their translated name, for the error message."""
	if value is None or value == "":
		return None
	try:
		# JSON that is nested too deeply raises RecursionError instead of ValueError.
		parsed = frappe.parse_json(value)
	except (ValueError, RecursionError):
		parsed = value
	if parsed is not None and not isinstance(parsed, kind):
		_throw_expected(name, expected)
	return parsed


def _throw_expected(name: str, expected: str) -> NoReturn:
	frappe.throw(_("{0} has to be {1}, as JSON.").format(frappe.bold(name), expected))
