"""Settings of the company."""

import frappe

from cronus_crm.base import amounts


def company_currency() -> str:
	"""Code of the currency in which Cronus keeps all its figures, such as "USD": the currency in the
	settings, otherwise the site's default."""
	return (
		frappe.db.get_single_value("Cronus CRM Settings", "currency")
		or frappe.db.get_default("currency")
		or "USD"
	)


def company_decimals() -> int:
	"""How many decimals amounts in the company's currency have."""
	return amounts.currency_decimals(company_currency())


def round_company_amount(amount) -> float:
	"""An amount in the company's currency, rounded to its decimals."""
	return amounts.round_amount(amount, company_currency())
