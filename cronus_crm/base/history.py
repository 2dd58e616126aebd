"""The entry of history: what a company did before it had Cronus, entered through the REST API.

A request with the header `Cronus-History: 1` enters documents of the past. They keep the number that they had
(the field `name`), count in the series of their own year, plan nothing that would be over already, tell
nobody, and are not measured by today's credit limit. The rest holds for them as for all documents.

A batch of an ERP says so itself (:func:`entering`).

Whoever enters history needs the right *Import* of the DocType, which the framework has for bringing records
in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time

import frappe
from frappe import _
from frappe.utils import getdate

from cronus_crm.base.arguments import read_date
from cronus_crm.base.company import company_now

HEADER = "Cronus-History"

_entering: ContextVar[bool] = ContextVar("cronus_entering_history", default=False)


def is_entered(doctype: str) -> bool:
	"""Whether what is written now is history of this DocType: by the header of the request, or by its batch.

	Raises frappe.PermissionError where it is and the user may not import the DocType.
	"""
	if not _entering.get() and not _has_header():
		return False
	require_right(doctype)
	return True


def _has_header() -> bool:
	request = getattr(frappe.local, "request", None)
	return bool(request) and (request.headers.get(HEADER) or "").lower() in ("1", "true")


@contextmanager
def entering() -> Iterator[None]:
	"""What is written in the block is history."""
	before = _entering.set(True)
	try:
		yield
	finally:
		_entering.reset(before)


def has_right(doctype: str) -> bool:
	"""Whether the user may enter history of this DocType."""
	return frappe.has_permission(doctype, "import")


def describe_right(doctype: str) -> str:
	"""Why a user may not enter history, as plain text."""
	return _("You may not enter history: that needs the right to import {0}.").format(_(doctype))


def require_right(doctype: str) -> None:
	"""Raises frappe.PermissionError where the user may not enter history of this DocType."""
	if not has_right(doctype):
		frappe.throw(describe_right(doctype), frappe.PermissionError)


def read_moment(doctype: str, on: str | None) -> datetime:
	"""The moment of something that is recorded about a record of this DocType: the beginning of the day `on`
	(YYYY-MM-DD), for history; without a day, now.

	Raises frappe.PermissionError for a day from a user without the right to enter history, and
	frappe.ValidationError for a text that is no day, and for a day that is ahead.
	"""
	day = read_date(on, "on")
	if not day:
		return company_now()
	require_right(doctype)
	if day > getdate():
		frappe.throw(_("{0} is ahead: history has happened.").format(frappe.bold(on)))
	return datetime.combine(day, time())
