"""The page of a public solution, for everybody."""

import frappe
from frappe import _

from cronus_crm.cronus_service.solutions import public_solutions

no_cache = 1


def get_context(context):
	"""What the template needs: `solution` of `public_solutions.read_page`.

	Raises frappe.PageDoesNotExistError for one that is not public or not there: it does not tell which.
	"""
	solution = public_solutions.read_page(str(frappe.form_dict.get("solution") or ""))
	if not solution:
		raise frappe.PageDoesNotExistError(_("There is no such solution."))
	context.solution = solution
	context.title = solution["question"]
	context.reader_language = frappe.local.lang
	context.no_breadcrumbs = 1
