"""The portal: one case of a contact."""

import frappe
from frappe import _

from cronus_crm.base.framework_state import lead_page_to, refuse_page
from cronus_crm.cronus_service.portal import outside_files, portal_cases, portal_pages, public_form

no_cache = 1


def get_context(context):
	"""What the template needs: `case` of `portal_cases.read_case`.

	Raises frappe.PageDoesNotExistError for a case that is not theirs or not there: it does not tell which;
	and what `my_case_list` raises. A case that was merged leads to the one that it was merged into.
	"""
	portal_pages.prepare(context, _("My cases"))
	asked = str(frappe.form_dict.get("case") or "")
	try:
		context.case = portal_cases.read_case(asked)
	except frappe.DoesNotExistError as error:
		refuse_page(str(error))
	if context.case["name"] != asked.upper():
		lead_page_to(f"/{portal_cases.PAGE_ROUTE}/{context.case['name']}")
	context.title = context.case["subject"]
	context.limits = public_form.FIELDS
	context.files = outside_files
	context.kinds = [kind[1:] for kind in outside_files.KINDS]
