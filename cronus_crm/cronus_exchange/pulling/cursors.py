"""Where a reader of changes is: the cursor that it gets with each page and gives back for the next one.

At first it reads everything that stands here, DocType by DocType in the order of names, then what changed
since it began.
"""

import base64
import binascii
import json
from dataclasses import dataclass

import frappe
from frappe import _


@dataclass(frozen=True)
class Cursor:
	"""number: up to where the log of changes is read. doctype, name: while everything is read for the first
	time, the DocType whose turn it is (its place in the list of pages.py) and the last name of it; doctype is
	None after that."""

	number: int
	doctype: int | None = None
	name: str = ""

	def write(self) -> str:
		values = json.dumps([self.number, self.doctype, self.name], ensure_ascii=False, separators=(",", ":"))
		return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
	"""The cursor that was written so. Raises frappe.ValidationError for a text that is none of ours."""
	try:
		values = json.loads(base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}"))
		number, doctype, name = values
		if _is_place(number) and (doctype is None or _is_place(doctype)) and isinstance(name, str):
			return Cursor(number, doctype, name)
	except (ValueError, TypeError, binascii.Error, RecursionError):
		pass
	frappe.throw(
		_("{0} is no cursor of this address. Give the one of the last answer, or none to begin anew.").format(
			frappe.bold("cursor")
		)
	)


def _is_place(value) -> bool:
	return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62
