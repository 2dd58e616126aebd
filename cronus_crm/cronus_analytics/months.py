"""Calendar months, as the figures of customers count them."""

from datetime import date

import frappe
from babel.dates import get_month_names
from frappe.utils import add_months, getdate, nowdate


def this_month() -> date:
	"""The first day of the month that runs."""
	return getdate(nowdate()).replace(day=1)


def before(month: date, number: int) -> date:
	"""The first day of the month that came so many months before; of the one after, for negative numbers."""
	return getdate(add_months(month, -number))


def names() -> list[str]:
	"""The twelve months for people, in their language: “Jan”, …"""
	return list(get_month_names("abbreviated", locale=(frappe.local.lang or "en").replace("-", "_")).values())
