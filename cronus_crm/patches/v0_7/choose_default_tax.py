"""Writes into the settings of a site in use the tax that its products had without one: that of 0 %."""

import frappe

from cronus_crm.cronus_billing.pricing.taxes import find_default_tax, find_taxes_by_rate


def execute() -> None:
	"""Idempotent. A site without products is asked instead."""
	if find_default_tax() or not frappe.db.exists("Cronus Product", {}):
		return
	if tax := find_taxes_by_rate([0]).get(0.0):
		frappe.db.set_single_value("Cronus CRM Settings", "default_tax", tax)
