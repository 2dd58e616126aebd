"""Calendar months. A month is represented by the date of its first day."""

from datetime import date

import frappe
from babel.dates import get_month_names
from frappe.query_builder import CustomFunction
from frappe.utils import formatdate, get_last_day, getdate
from pypika.terms import Term

from cronus_crm.base.company import company_today


def current_month() -> date:
	"""The current month."""
	return company_today().replace(day=1)


def subtract_months(month: date, number: int) -> date:
	"""The month `number` months before `month`; a negative number gives a later month."""
	year, place = divmod(12 * month.year + month.month - 1 - number, 12)
	return date(year, place + 1, 1)


def latest_months(number: int, last: date | None = None) -> list[date]:
	"""`number` months in ascending order, ending with `last`; by default, with the current one."""
	last = last or current_month()
	return [subtract_months(last, back) for back in range(number - 1, -1, -1)]


def months_between(from_date: date, to_date: date) -> list[date]:
	"""All months of a period in ascending order, including those that it covers in part."""
	found, month = [], from_date.replace(day=1)
	while month <= to_date:
		found.append(month)
		month = subtract_months(month, -1)
	return found


def last_day(month: date) -> date:
	"""The last day of a month."""
	return getdate(get_last_day(month))


def month_label(month: date) -> str:
	"""The name of a month in the language of the session: “Jan 2026”."""
	return formatdate(month, "MMM yyyy")


def month_names() -> list[str]:
	"""The abbreviated names of the twelve months in the language of the session: “Jan”, …"""
	return list(get_month_names("abbreviated", locale=(frappe.local.lang or "en").replace("-", "_")).values())


def first_day_term(day: Term) -> Term:
	"""SQL expression for the first day of the month of a date."""
	day_of_month = CustomFunction("dayofmonth", ["day"])(day)
	return CustomFunction("subdate", ["day", "days"])(day, day_of_month - 1)
