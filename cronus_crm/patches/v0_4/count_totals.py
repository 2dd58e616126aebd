"""Sets the value of opportunities in the company's currency, and counts the totals for the first time."""

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Date, Round

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_billing.pricing.exchange_rates import find_rate


def execute() -> None:
	"""Idempotent."""
	_set_rates()
	recount_totals.repair()


def _set_rates() -> None:
	"""Sets the exchange rate of the day on which an opportunity was opened. Without a rate for that day it
	counts with no value, until somebody enters a rate and saves the opportunity."""
	opportunity = DocType("Cronus Opportunity")
	opened_on = Coalesce(opportunity.opened_on, Date(opportunity.creation))
	without = (Coalesce(opportunity.exchange_rate, 0) == 0) & (Coalesce(opportunity.value, 0) != 0)
	own = (Coalesce(opportunity.exchange_rate, 0) == 0) & (opportunity.currency == company_currency())
	_write_rate(opportunity, own, 1)
	days = (
		frappe.qb.from_(opportunity).select(opportunity.currency, opened_on).distinct().where(without).run()
	)
	for currency, day in days:
		if rate := find_rate(currency, day):
			_write_rate(opportunity, without & (opportunity.currency == currency) & (opened_on == day), rate)


def _write_rate(opportunity, which, rate: float) -> None:
	(
		frappe.qb.update(opportunity)
		.set(opportunity.exchange_rate, rate)
		.set(opportunity.base_value, Round(opportunity.value * rate, 2))
		.where(which)
	).run()
