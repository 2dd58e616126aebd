"""Settings of the company."""

import frappe


def company_currency() -> str:
	"""Code of the currency in which Cronus keeps all its figures, such as "USD": the currency in the
	settings, otherwise the site's default."""
	return (
		frappe.db.get_single_value("Cronus CRM Settings", "currency")
		or frappe.db.get_default("currency")
		or "USD"
	)
