"""What a currency is worth, as people have written it down in Cronus Exchange Rate. Nothing is fetched."""

import datetime
import math

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, nowdate

from cronus_crm.base.company import company_currency

RATE = "Cronus Exchange Rate"


def rate_on(currency: str, date: str | datetime.date) -> float | None:
	"""Units of the company's currency for one of `currency` on a day: the rate that began last; None where
	none has begun."""
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
	"""The same.

	Raises frappe.ValidationError where none has begun, saying where to add it.
	"""
	rate = rate_on(currency, date)
	if not rate:
		frappe.throw(_missing(currency, date), title=_("No exchange rate"))
	return rate


def set_rate(doc: Document) -> None:
	"""Sets the exchange rate of a document that says none. One that was found is found again when currency or
	date change; one that a person wrote stays."""
	if doc.currency == company_currency():
		doc.exchange_rate = 1
	elif not flt(doc.exchange_rate) or _is_of_before(doc):
		doc.exchange_rate = rate_on(doc.currency, doc.posting_date or nowdate())


def set_rate_of_opportunity(opportunity: Document, method: str | None = None) -> None:
	"""Event `before_validate` of an opportunity: the rate of the day on which it was opened. It stays until
	the opportunity is in another currency.

	Raises frappe.ValidationError where a person writes an opportunity in a currency without a rate.
	"""
	if opportunity.currency == company_currency():
		opportunity.exchange_rate = 1
		return
	if flt(opportunity.exchange_rate) and not opportunity.has_value_changed("currency"):
		return
	opportunity.exchange_rate = rate_on(opportunity.currency, opportunity.opened_on or nowdate())
	if not opportunity.exchange_rate and not opportunity.flags.ignore_permissions:
		frappe.throw(
			_missing(opportunity.currency, opportunity.opened_on or nowdate()), title=_("No exchange rate")
		)


def _is_of_before(doc: Document) -> bool:
	"""True for a rate that was found for another currency or another day than the document now has."""
	before = doc.get_doc_before_save()
	if not before or flt(before.exchange_rate) != flt(doc.exchange_rate):
		return False
	if before.currency != doc.currency:
		return True
	if getdate(before.posting_date) == getdate(doc.posting_date):
		return False
	return flt(before.exchange_rate) == rate_on(before.currency, before.posting_date)


def check_rate(doc: Document) -> None:
	"""Raises frappe.ValidationError for a document without a rate, saying where to add it."""
	rate = flt(doc.exchange_rate)
	if not rate:
		frappe.throw(_missing(doc.currency, doc.posting_date or nowdate()), title=_("No exchange rate"))
	if not (math.isfinite(rate) and rate > 0):
		frappe.throw(
			_("Write the exchange rate: how many {0} are paid for one {1}.").format(
				company_currency(), doc.currency
			)
		)


def _missing(currency: str, date: str | datetime.date) -> str:
	return _("There is no exchange rate of {0} on {1}. Add it to {2}, or write it in the document.").format(
		frappe.bold(currency),
		frappe.format(getdate(date), {"fieldtype": "Date"}),
		f'<a href="/app/cronus-exchange-rate">{_(RATE)}</a>',
	)
