"""The entry of history: what a company did before it had Cronus, entered through the REST API.

A request with the header `Cronus-History: 1` enters documents of the past. They keep the number that they had
(the field `name`), count in the series of their own year, plan nothing that would be over already, tell
nobody, and are not measured by today's credit limit. The rest holds for them as for all documents.

A batch of an ERP that tells the past does the same, for all that is written in `entering`.

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

_is_told: ContextVar[bool] = ContextVar("cronus_history_is_told", default=False)


@contextmanager
def entering(is_history: bool) -> Iterator[None]:
	"""While what is written is history, where `is_history` is True; else the request says so, as always.

	Whoever begins it has asked for the right (see `require_right`).
	"""
	token = _is_told.set(is_history)
	try:
		yield
	finally:
		_is_told.reset(token)


def is_entered(doctype: str) -> bool:
	"""Whether history of this DocType is entered now: by the current request, or by a batch.

	Raises frappe.PermissionError for a request with the header whose user may not import the DocType.
	"""
	if _is_told.get():
		return True
	request = getattr(frappe.local, "request", None)
	if not request or (request.headers.get(HEADER) or "").lower() not in ("1", "true"):
		return False
	require_right(doctype)
	return True


def require_right(doctype: str) -> None:
	"""Raises frappe.PermissionError where the user may not enter history of this DocType."""
	if not frappe.has_permission(doctype, "import"):
		frappe.throw(
			_("You may not enter history: that needs the right to import {0}.").format(
				frappe.bold(_(doctype))
			),
			frappe.PermissionError,
		)


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
