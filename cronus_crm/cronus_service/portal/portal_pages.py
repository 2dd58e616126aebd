"""What the pages of the portal have in common."""

from urllib.parse import quote

import frappe
from frappe import _

from cronus_crm.base.framework_state import lead_page_to, refuse_page
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.visibility import portal_rule


def prepare(context, title: str) -> None:
	"""Sets the title of a page.

	Raises frappe.PageDoesNotExistError while the portal is closed, and frappe.Redirect for a guest, to the
	login and back.
	"""
	if not portal_rule.is_open(CASE):
		refuse_page(_("This page is not offered."))
	if frappe.session.user == "Guest":
		lead_page_to(f"/login?redirect-to={quote('/' + frappe.local.request.path.lstrip('/'))}")
	context.title = title
	context.no_breadcrumbs = 1
