"""The page on which a case is rated by the link of a mail. To open it records nothing."""

import frappe
from frappe import _

from cronus_crm.cronus_service.portal import rating_links

no_cache = 1


def get_context(context):
	"""What the template needs: `rating` of `rating_links.read_page`; None, and `told`, for a link that
	has ended."""
	context.title = _("How satisfied are you?")
	context.no_breadcrumbs = 1
	context.key = str(frappe.form_dict.get("key") or "")
	try:
		context.rating = rating_links.read_page(context.key)
	except frappe.DoesNotExistError as error:
		context.rating, context.told = None, str(error)
