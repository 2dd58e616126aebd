"""Settings of the company: its currency and its day."""

from datetime import date, datetime

import frappe
from frappe.utils import getdate

from cronus_crm.base import amounts
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.time_zones import system_zone


def company_currency() -> str:
	"""Code of the currency in which Cronus keeps all its figures, such as "USD": the currency in the
	settings, otherwise the site's default."""
	return get_settings().currency or frappe.db.get_default("currency") or "USD"


def company_today() -> date:
	"""The day of the company, which is that of the system's time zone. It is the day of every document,
	whoever makes it and wherever; in the desk it is `cronus_crm.company_today()`."""
	return company_now().date()


def company_now() -> datetime:
	"""The clock of the company, in the system's time zone and without tzinfo, as the database keeps moments.

	The framework's `now_datetime` is an hour off where a country has changed its time: see `time_zones.py`.
	What is compared with stamps of the framework (`creation`, `modified`) asks that one.
	"""
	return datetime.now(system_zone()).replace(tzinfo=None)


def day_of_next_document(*earlier: str | date | None) -> date:
	"""The date of a document that is made from others: today, or the latest of theirs where that lies ahead.

	A client in a time zone ahead of the company may have written tomorrow's date; what follows on such a
	document cannot bear an earlier one.

	earlier: dates of the documents that it is made from.
	"""
	return max([company_today(), *(getdate(day) for day in earlier if day)])


def company_decimals() -> int:
	"""How many decimals amounts in the company's currency have."""
	return amounts.currency_decimals(company_currency())


def round_company_amount(amount) -> float:
	"""An amount in the company's currency, rounded to its decimals."""
	return amounts.round_amount(amount, company_currency())
