"""Months as rows and points of reports."""

from datetime import date

from frappe.utils import add_months, formatdate, get_last_day, getdate


def label(month: date) -> str:
	"""A month as people write it, in the language of the user."""
	return formatdate(month, "MMM yyyy")


def between(from_date: date, to_date: date) -> list[date]:
	"""The first days of the months of a period, both ends included."""
	months, month = [], from_date.replace(day=1)
	while month <= to_date:
		months.append(month)
		month = getdate(add_months(month, 1))
	return months


def a_year_later(month: date) -> date:
	"""The first day of the same month of the next year."""
	return month.replace(year=month.year + 1)


def last_day(month: date) -> date:
	"""The last day of a month."""
	return getdate(get_last_day(month))
