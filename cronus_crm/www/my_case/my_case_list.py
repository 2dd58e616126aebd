"""The portal: the cases of a contact."""

import frappe
from frappe import _
from frappe.utils import cint

from cronus_crm.cronus_service.portal import portal_cases, portal_pages

no_cache = 1


def get_context(context):
	"""What the template needs: `list` of `portal_cases.list_page`, or `is_contact` false.

	Raises frappe.PageDoesNotExistError while the portal is closed, and frappe.Redirect for a guest.
	"""
	portal_pages.prepare(context, _("My cases"))
	asked = frappe.form_dict
	context.is_contact = portal_cases.is_contact()
	context.list = portal_cases.list_page(
		str(asked.get("state") or ""), str(asked.get("q") or ""), cint(asked.get("page")) or 1
	)
