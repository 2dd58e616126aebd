"""The answers to the framework's setup wizard, for a site that nobody has set up yet."""

import frappe
from frappe import _
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

from cronus_crm.demo import company_facts
from cronus_crm.demo.errors import DemoError


def complete(language: str) -> None:
	"""Sets up a new site: language, country, time zone, currency; the wizard no longer appears. Commits.

	A site that is set up keeps what its people chose.

	Raises DemoError on a new site of another app with questions of its own, such as ERPNext.
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
