"""On sites where nobody has chosen them: two decimals, times without seconds, a name on the login page. Gives
administrators the right to change forms of this app, and hides the onboarding where people work already."""

import frappe

from cronus_crm import install
from cronus_crm.base import country_formats, login_page
from cronus_crm.first_day import guide


def execute() -> None:
	country_formats.set_by_country()
	login_page.set_name(frappe.db.get_single_value("Cronus CRM Settings", "company_name"))
	install.grant_rights()
	guide.close_onboarding()
