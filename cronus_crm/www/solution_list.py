"""The page of solutions, for everybody: search, categories, and a list."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint

from cronus_crm.base.framework_state import keep_changes_of_get
from cronus_crm.cronus_service.solutions import public_solutions

no_cache = 1


def get_context(context):
	"""What the template needs: `list` of `public_solutions.list_page`, and the title."""
	asked = frappe.form_dict
	text = str(asked.get("q") or "")
	read = _search if text.strip() else public_solutions.list_page
	context.list = read(text, str(asked.get("category") or ""), cint(asked.get("page")) or 1)
	context.title = _("Solutions")
	context.no_breadcrumbs = 1


@rate_limit(limit=600, seconds=3600)
def _search(text: str, category: str, page: int) -> dict:
	"""As `list_page`; at most 600 searches in an hour from one address (429)."""
	found = public_solutions.list_page(text, category, page)
	# A search that finds nothing is counted.
	keep_changes_of_get()
	return found
