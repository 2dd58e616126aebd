"""Calendar months, as figures are counted and told by. A month is its first day."""

from datetime import date

import frappe
from babel.dates import get_month_names
from frappe.query_builder import CustomFunction
from frappe.utils import formatdate, get_last_day, getdate, now_datetime
from pypika.terms import Term


def current_month() -> date:
	"""The month that runs."""
	return now_datetime().date().replace(day=1)


def subtract_months(month: date, number: int) -> date:
	"""The month that came so many months before; the one after, for negative numbers."""
	year, place = divmod(12 * month.year + month.month - 1 - number, 12)
	return date(year, place + 1, 1)


def latest_months(number: int) -> list[date]:
	"""So many months in their order, of which the last is the one that runs."""
	last = current_month()
	return [subtract_months(last, back) for back in range(number - 1, -1, -1)]


def months_between(from_date: date, to_date: date) -> list[date]:
	"""The months of a period in their order, also those of which it has a part."""
	found, month = [], from_date.replace(day=1)
	while month <= to_date:
		found.append(month)
		month = subtract_months(month, -1)
	return found


def last_day(month: date) -> date:
	"""The last day of a month."""
	return getdate(get_last_day(month))


def month_label(month: date) -> str:
	"""A month for people, in their language: “Jan 2026”."""
	return formatdate(month, "MMM yyyy")


def month_names() -> list[str]:
	"""The twelve months for people, in their language: “Jan”, …"""
	return list(get_month_names("abbreviated", locale=(frappe.local.lang or "en").replace("-", "_")).values())


def first_day_term(day: Term) -> Term:
	"""The first day of the month of a day, for a query."""
	day_of_month = CustomFunction("dayofmonth", ["day"])(day)
	return CustomFunction("subdate", ["day", "days"])(day, day_of_month - 1)
