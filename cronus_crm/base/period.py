"""Parses the period of a report, in the same way for all reports."""

from datetime import date, timedelta

import frappe
from frappe import _

from cronus_crm.base.arguments import read_date
from cronus_crm.base.company import company_today


def read_period(from_date: str | date | None, to_date: str | date | None, days: int) -> tuple[date, date]:
	"""The first and the last day of a period, both included.

	to_date: by default, today. from_date: by default, such that the period has `days` days.

	Raises frappe.ValidationError for a period that ends before it begins, and for a value that is not a date.
	"""
	last = read_date(to_date, "to_date") or company_today()
	first = read_date(from_date, "from_date") or last - timedelta(days=days - 1)
	if first > last:
		frappe.throw(_("The period ends before it begins: put the first date before the last one."))
	return first, last
