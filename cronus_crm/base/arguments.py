"""What a client sends to a method of ours, read without surprises: JSON, and dates."""

import re
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _

# The first and the last year of a date: a birth date may be old, and a due date far ahead.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?")


def read_list(value: Any, name: str) -> list:
	"""A list that a client sends, as one or as its JSON; empty where it sends nothing.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return _parse_argument(value, name, list | tuple, _("a list")) or []


def read_mapping(value: Any, name: str) -> "frappe._dict":
	"""Values by name that a client sends, as such or as their JSON; empty where it sends nothing.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return frappe._dict(_parse_argument(value, name, dict, _("values by name")) or {})


def read_filters(value: Any, name: str = "filters") -> list | dict:
	"""Filters of a list: conditions in a list, or values by field.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return (
		_parse_argument(value, name, list | tuple | dict, _("a list of conditions, or values by field")) or []
	)


def parse_date(text: str) -> date | None:
	"""The day that a text names as YYYY-MM-DD; None for any other text, a day that there is not, or a year
	before 1900 or after 2199."""
	parts = _DATE.fullmatch(text.strip())
	if not parts or not FIRST_YEAR <= int(parts[1]) <= LAST_YEAR:
		return None
	try:
		return date(*map(int, parts.groups()))
	except ValueError:
		return None


def read_date(value: Any, name: str) -> date | None:
	"""A date that a client sends; None where it sends nothing.

	Raises frappe.ValidationError, naming the argument, for one that is not written as YYYY-MM-DD.
	"""
	if value is None or value == "":
		return None
	if isinstance(value, datetime):
		return value.date()
	if isinstance(value, date):
		return value
	if not isinstance(value, str) or not (read := parse_date(value)):
		frappe.throw(
			_("{0}: {1} is not a date from 1900 to 2199. Write it as YYYY-MM-DD.").format(
				frappe.bold(name), frappe.bold(frappe.utils.escape_html(str(value)[:140]))
			)
		)
	return read


def _parse_argument(value: Any, name: str, kind, wanted: str) -> Any:
	if value is None or value == "":
		return None
	try:
		# Nested deeper than the interpreter counts, it is no argument of ours.
		read = frappe.parse_json(value)
	except (ValueError, RecursionError):
		read = value
	if read is not None and not isinstance(read, kind):
		frappe.throw(_("{0} has to be {1}, as JSON.").format(frappe.bold(name), wanted))
	return read
