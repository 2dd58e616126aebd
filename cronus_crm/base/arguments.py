"""Parses arguments that a client sends to our methods: JSON values and dates, with errors that name the
argument."""

import re
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _

# Limits of a date, both included: a birth date may be long ago, and a due date far ahead.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?")


def read_list(value: Any, name: str) -> list:
	"""Parses a list argument, which a client sends as a list or as JSON. None and "" give an empty list.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return _parse_argument(value, name, list | tuple, _("a list")) or []


def read_mapping(value: Any, name: str) -> "frappe._dict":
	"""Parses a mapping argument, which a client sends as a mapping or as JSON. None and "" give an empty one.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return frappe._dict(_parse_argument(value, name, dict, _("values by name")) or {})


def read_filters(value: Any, name: str = "filters") -> list | dict:
	"""Parses the filters of a list: a list of conditions, or a mapping from field to value.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return (
		_parse_argument(value, name, list | tuple | dict, _("a list of conditions, or values by field")) or []
	)


def parse_date(text: str) -> date | None:
	"""Parses a date in the form YYYY-MM-DD. Gives None for any other text, for a day that does not exist, and
	for a year outside FIRST_YEAR to LAST_YEAR."""
	parts = _DATE.fullmatch(text.strip())
	if not parts or not FIRST_YEAR <= int(parts[1]) <= LAST_YEAR:
		return None
	try:
		return date(*map(int, parts.groups()))
	except ValueError:
		return None


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
		frappe.throw(
			_("{0}: {1} is not a date from 1900 to 2199. Write it as YYYY-MM-DD.").format(
				frappe.bold(name), frappe.bold(frappe.utils.escape_html(str(value)[:140]))
			)
		)
	return parsed


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
		frappe.throw(_("{0} has to be {1}, as JSON.").format(frappe.bold(name), expected))
	return parsed
