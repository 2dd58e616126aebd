"""What the settings say of the company itself."""

import frappe


def company_currency() -> str:
	"""Code of the currency of every figure of Cronus: that of the settings, else the site's default."""
	return (
		frappe.db.get_single_value("Cronus CRM Settings", "currency")
		or frappe.db.get_default("currency")
		or "USD"
	)
