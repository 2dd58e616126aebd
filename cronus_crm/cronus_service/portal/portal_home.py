"""Where a contact begins: the list of their cases."""

import frappe

from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.portal.portal_cases import PAGE_ROUTE
from cronus_crm.visibility import portal_rule


def find_home_page(user: str) -> str | None:
	"""Hook `get_website_user_home_page`: the list of cases for whoever has a place in the portal. For all
	others, what another app says; the framework asks the last app alone."""
	if user != "Guest" and portal_rule.list_memberships(CASE, user):
		return PAGE_ROUTE
	own = f"{__name__}.{find_home_page.__name__}"
	others = [path for path in frappe.get_hooks("get_website_user_home_page") if path != own]
	return frappe.get_attr(others[-1])(user) if others else _find_fixed_page()


def _find_fixed_page() -> str | None:
	# What the framework would have read without this hook.
	pages = frappe.get_hooks("website_user_home_page")
	return pages[-1] if pages else None
