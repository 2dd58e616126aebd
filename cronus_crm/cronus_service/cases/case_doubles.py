"""Cases that are probably about the same: of one account, with words in common."""

import frappe
from frappe.utils import add_days
from rapidfuzz import fuzz

from cronus_crm.base import text_folding
from cronus_crm.base.company import company_today
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_service.cases.case_states import CASE, OVER

# How alike subjects are, of 100; cases that were over longer ago are other ones.
_LEAST_ALIKE = 60
_DAYS_AFTER = 30
_COMPARED = 500
MOST = 5


def find_likely_doubles(
	subject: str,
	customer: str | None = None,
	prospect: str | None = None,
	email: str | None = None,
	exclude: str | None = None,
) -> list[dict]:
	"""The cases of an account, or of an address, whose subjects are like another one, the likest first; of
	what the user may see.

	exclude: name of a case that is left out.

	Returns at most MOST of [{"name", "subject", "state", "category", "opened_on", "alike"}], `alike` of 100.
	"""
	words = _fold(subject)
	accounts = {"customer": customer, "prospect": prospect, "contact_email": email}
	filters = {field: value for field, value in accounts.items() if value}
	if not words or not filters:
		return []
	rows = frappe.get_list(
		CASE,
		filters={"merged_into": ("is", "not set"), "name": ("!=", exclude or "")},
		or_filters=filters,
		fields=["name", "subject", "state", "category", "opened_on", "closed_on"],
		order_by="creation desc",
		limit=_COMPARED,
	)
	since = add_days(company_today(), -_DAYS_AFTER)
	found = []
	for row in rows:
		closed_on = row.pop("closed_on", None)
		if row.category in OVER and closed_on and closed_on.date() < since:
			continue
		alike = fuzz.token_set_ratio(words, _fold(row.subject))
		if alike >= _LEAST_ALIKE:
			found.append({**row, "alike": round(alike)})
	return sorted(found, key=lambda row: -row["alike"])[:MOST]


def _fold(text: str | None) -> str:
	"""A text without accents and capitals."""
	return text_folding.fold(read_text(text)).strip()
