"""The portal of customers: what a contact, who is a website user, does with the cases of their account."""

import frappe
from frappe.rate_limiter import rate_limit

from cronus_crm.cronus_service.portal import portal_actions, portal_cases


# Each asks the rule of the portal, whoever calls it. Users of the desk see nothing by it.
@frappe.whitelist(methods=["POST"])
@rate_limit(limit=120, seconds=3600)
def open_case(
	subject: str, description: str, case_type: str | None = None, account: str | None = None
) -> dict[str, str]:
	"""Opens a case, with the files of the request (field `files`, at most 5 of 5 MB).

	subject, description: plain texts. case_type: one that is offered to customers. account: of the companies
	of this user, as the page names them; not needed where there is one.

	Gives back {"case": folio}. Raises frappe.PermissionError for whoever is no contact of an account,
	frappe.ValidationError for what is missing, too long, or a file of another kind. At most 120 in an hour
	from one address (429).
	"""
	return {"case": portal_actions.open_case(subject, description, case_type, account)}


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=240, seconds=3600)
def answer(case: str, text: str) -> dict[str, str]:
	"""Answers a case, with the files of the request as in :func:`open_case`. It reopens a case that was
	solved or closed, within the days of the settings.

	Gives back {"case": folio}, another one for a case that was merged. Raises frappe.DoesNotExistError for a
	case that is not theirs, frappe.ValidationError for an empty text, and for a case that can no longer be
	reopened. At most 240 in an hour from one address (429).
	"""
	return {"case": portal_actions.answer(case, text)}


@frappe.whitelist(methods=["POST"])
def solve(case: str) -> None:
	"""Closes a case that its contact says is solved. Raises frappe.DoesNotExistError for a case that is not
	theirs."""
	portal_actions.solve(case)


@frappe.whitelist(methods=["POST"])
def rate(case: str, rating: int, comment: str | None = None) -> None:
	"""Keeps how satisfied they are with a case: from 1 to 5, and a comment.

	Raises frappe.DoesNotExistError for a case that is not theirs, frappe.ValidationError for another number,
	for a case that is not solved, and for an answer that can no longer be changed.
	"""
	portal_actions.rate(case, rating, comment)


@frappe.whitelist(methods=["GET"])
@rate_limit(limit=1200, seconds=3600)
def open_file(case: str, file: str) -> None:
	"""Sends a file of a message that they may read; 404 for any other.

	file: its name, as the page has it. At most 1200 requests in an hour from one address (429).
	"""
	portal_cases.open_file(case, file)
