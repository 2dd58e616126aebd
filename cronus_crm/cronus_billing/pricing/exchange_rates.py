"""Exchange rates, as users have entered them in Cronus Exchange Rate; none is fetched from a service.

A rate is the number of units of the company's currency for one unit of the other currency.
"""

import datetime
import math

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.base.company import company_currency, company_today

RATE = "Cronus Exchange Rate"


def find_rate(currency: str, date: str | datetime.date) -> float | None:
	"""The rate of `currency` on a day: the one with the latest `valid_from` up to that day; None without one.

	The rate of the company's currency is 1.
	"""
	if currency == company_currency():
		return 1.0
	rates = frappe.get_all(
		RATE,
		filters={"currency": currency, "valid_from": ("<=", getdate(date))},
		order_by="valid_from desc",
		limit=1,
		pluck="rate",
	)
	return flt(rates[0]) if rates else None


def require_rate(currency: str, date: str | datetime.date) -> float:
	"""The rate of `currency` on a day, see `find_rate`.

	Raises frappe.ValidationError where there is none; the message says where to add it.
	"""
	rate = find_rate(currency, date)
	if not rate:
		frappe.throw(_missing_rate_message(currency, date), title=_("No exchange rate"))
	return rate


def set_rate(doc: Document) -> None:
	"""Sets the exchange rate of a document that has none.

	When currency or date change, a rate that was found here is replaced by that of the new currency or date;
	a rate that a user has written stays.
	"""
	if doc.currency == company_currency():
		doc.exchange_rate = 1
	elif not flt(doc.exchange_rate) or _is_outdated_rate(doc):
		doc.exchange_rate = find_rate(doc.currency, doc.posting_date or company_today())


def set_rate_of_opportunity(opportunity: Document, method: str | None = None) -> None:
	"""Event `before_validate` of Cronus Opportunity: sets the rate of the day on which it was opened. The
	rate stays until the currency changes.

	Raises frappe.ValidationError where a user saves an opportunity in a currency without a rate; code that
	ignores permissions, such as the loader of pipelines, may save it without.
	"""
	if opportunity.currency == company_currency():
		opportunity.exchange_rate = 1
		return
	if flt(opportunity.exchange_rate) and not opportunity.has_value_changed("currency"):
		return
	opportunity.exchange_rate = find_rate(opportunity.currency, opportunity.opened_on or company_today())
	if not opportunity.exchange_rate and not opportunity.flags.ignore_permissions:
		frappe.throw(
			_missing_rate_message(opportunity.currency, opportunity.opened_on or company_today()),
			title=_("No exchange rate"),
		)


def _is_outdated_rate(doc: Document) -> bool:
	"""True where the rate was found by `set_rate` for the former currency or date, and these have changed.

	With a new currency, an unchanged rate is always outdated. With a new date it is outdated only if it
	equals the rate of the former date; otherwise a user has written it.
	"""
	before = doc.get_doc_before_save()
	if not before or flt(before.exchange_rate) != flt(doc.exchange_rate):
		return False
	if before.currency != doc.currency:
		return True
	if getdate(before.posting_date) == getdate(doc.posting_date):
		return False
	return flt(before.exchange_rate) == find_rate(before.currency, before.posting_date)


def check_rate(doc: Document) -> None:
	"""Raises frappe.ValidationError for a document whose rate is missing, not finite or not above zero."""
	rate = flt(doc.exchange_rate)
	if not rate:
		frappe.throw(
			_missing_rate_message(doc.currency, doc.posting_date or company_today()),
			title=_("No exchange rate"),
		)
	if not (math.isfinite(rate) and rate > 0):
		frappe.throw(
			_("Write the exchange rate: how many {0} are paid for one {1}.").format(
				company_currency(), doc.currency
			)
		)


def _missing_rate_message(currency: str, date: str | datetime.date) -> str:
	return _("There is no exchange rate of {0} on {1}. Add it to {2}, or write it in the document.").format(
		frappe.bold(currency),
		frappe.format(getdate(date), {"fieldtype": "Date"}),
		f'<a href="/app/cronus-exchange-rate">{_(RATE)}</a>',
	)
