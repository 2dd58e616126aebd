"""Completes the setup wizard of the framework on a new site."""

import frappe
from frappe import _
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

from cronus_crm.demo import company_facts
from cronus_crm.demo.demo_error import DemoError


def complete_setup_wizard(language: str) -> None:
	"""Sets language, country, time zone and currency of a new site and ends its setup wizard. Commits.

	Does nothing on a site that is set up already.

	Raises DemoError on a new site where another app, such as ERPNext, adds questions to the wizard.
	"""
	if frappe.is_setup_complete():
		return
	if frappe.get_hooks("setup_wizard_stages") or frappe.get_hooks("setup_wizard_complete"):
		raise DemoError(
			_("Log in and answer the setup wizard first: apps of this site have questions of their own.")
		)
	name = frappe.db.get_value("Language", language, "language_name")
	setup_complete(
		{
			"lang": name,
			"language": name,
			"country": company_facts.COUNTRY,
			"timezone": company_facts.TIME_ZONE,
			"currency": company_facts.CURRENCY,
		}
	)
	frappe.db.set_value("Currency", company_facts.CURRENCY, "enabled", 1)
	frappe.db.set_default("currency", company_facts.CURRENCY)
	frappe.db.commit()
