"""What a client sends to a method of ours as JSON, read without surprises."""

from typing import Any

import frappe
from frappe import _


def read_list(value: Any, name: str) -> list:
	"""A list that a client sends, as one or as its JSON; empty where it sends nothing.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return _read(value, name, list | tuple, _("a list")) or []


def read_mapping(value: Any, name: str) -> "frappe._dict":
	"""Values by name that a client sends, as such or as their JSON; empty where it sends nothing.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return frappe._dict(_read(value, name, dict, _("values by name")) or {})


def read_filters(value: Any, name: str = "filters") -> list | dict:
	"""Filters of a list: conditions in a list, or values by field.

	Raises frappe.ValidationError, naming the argument, for anything else.
	"""
	return _read(value, name, list | tuple | dict, _("a list of conditions, or values by field")) or []


def _read(value: Any, name: str, kind, wanted: str) -> Any:
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
