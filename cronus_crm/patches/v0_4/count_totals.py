"""Deals get their value in the company's currency, and the totals are counted for the first time."""

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Date, Round

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_billing.pricing.exchange_rates import rate_on


def execute() -> None:
	"""Run again, it changes nothing."""
	_set_rates()
	recount_totals.repair()


def _set_rates() -> None:
	"""The rate of the day on which a deal was opened. Where none has begun, the deal counts with no value
	until somebody writes the rate and saves it."""
	deal = DocType("Cronus Opportunity")
	opened_on = Coalesce(deal.opened_on, Date(deal.creation))
	without = (Coalesce(deal.exchange_rate, 0) == 0) & (Coalesce(deal.value, 0) != 0)
	own = (Coalesce(deal.exchange_rate, 0) == 0) & (deal.currency == company_currency())
	_write_rate(deal, own, 1)
	days = frappe.qb.from_(deal).select(deal.currency, opened_on).distinct().where(without).run()
	for currency, day in days:
		if rate := rate_on(currency, day):
			_write_rate(deal, without & (deal.currency == currency) & (opened_on == day), rate)


def _write_rate(deal, which, rate: float) -> None:
	(
		frappe.qb.update(deal)
		.set(deal.exchange_rate, rate)
		.set(deal.base_value, Round(deal.value * rate, 2))
		.where(which)
	).run()
