"""The link by which somebody without an account rates one case. It is signed, and it ends.

To open it records nothing: programs that look into mails open links too. The answer is sent from the page.
"""

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.signed_keys import read_key, sign_key
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.cases.conversation import follow_merges
from cronus_crm.cronus_service.portal import ratings

PAGE_ROUTE = "rate-case"
LASTS = timedelta(days=30)

_PURPOSE = "rate a case"


def make_link(case: str) -> str:
	"""The address of the page on which a case is rated, for LASTS."""
	return get_url(f"/{PAGE_ROUTE}?key={make_key(case)}")


def make_key(case: str) -> str:
	return sign_key(_PURPOSE, {"case": case}, LASTS)


def read_page(key: str | None) -> dict[str, Any]:
	"""What the page shows: `case`, `subject`, `rating`, `comment`, and `is_final` where the answer can no
	longer be changed.

	Raises frappe.DoesNotExistError for a key that is wrong or has ended, and for a case that is not there.
	"""
	case = frappe.get_doc(CASE, _find_case(key))
	return {
		"case": case.name,
		"subject": case.subject,
		"rating": case.rating or 0,
		"comment": case.rating_comment or "",
		"is_final": not ratings.may_rate(case),
		"is_rated": bool(case.rated_on),
	}


def rate(key: str, rating: int, comment: str | None = None) -> None:
	"""Keeps an answer. Raises what :func:`read_page` and `ratings.rate` raise."""
	case = frappe.get_doc(CASE, _find_case(key), for_update=True)
	# The key has said that its bearer may.
	with act_as_user("Administrator", language=frappe.local.lang):
		ratings.rate(case, rating, comment)


def _find_case(key: str | None) -> str:
	says = read_key(_PURPOSE, key)
	name = says and follow_merges(says["case"])
	if not name or not frappe.db.exists(CASE, name):
		raise frappe.DoesNotExistError(
			_("This link has ended, or it is not complete. Write to us if you want to tell us something.")
		)
	return name
