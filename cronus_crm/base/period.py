"""The period that a report is asked for. One meaning for all reports."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from cronus_crm.base.arguments import read_date


def read_period(from_date: str | date | None, to_date: str | date | None, days: int) -> tuple[date, date]:
	"""The first and the last day, both included: by default, so many days up to today.

	Raises frappe.ValidationError for a period that ends before it begins, and for what is no date.
	"""
	last = read_date(to_date, "to_date") or getdate(nowdate())
	first = read_date(from_date, "from_date") or last - timedelta(days=days - 1)
	if first > last:
		frappe.throw(_("The period ends before it begins: put the first date before the last one."))
	return first, last
