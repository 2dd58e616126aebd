"""The public form, by which anybody opens a case, and the page on which a case is rated."""

import frappe
from frappe.rate_limiter import rate_limit

from cronus_crm.cronus_service.portal import proof_of_work, public_form, rating_links


# For everybody, while the settings offer the form. What is answered does not depend on who is known.
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=300, seconds=3600)
def get_challenge() -> dict:
	"""What the browser has to solve before a form is sent: `challenge`, and `bits`; see
	`cronus_service/portal/proof_of_work.py`.

	Raises frappe.DoesNotExistError while the form is not offered. At most 300 in an hour from one address
	(429).
	"""
	public_form.check_open()
	return proof_of_work.make_challenge()


# As above.
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=600, seconds=3600)
def propose(subject: str) -> list[dict]:
	"""Public solutions that may answer a subject while it is typed: `question`, `language` and `address`, at
	most three.

	Raises frappe.DoesNotExistError while the form is not offered. At most 600 in an hour from one address
	(429).
	"""
	public_form.check_open()
	return public_form.propose(subject)


# As above.
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=30, seconds=3600)
def send(
	contact_name: str,
	email: str,
	subject: str,
	description: str,
	challenge: str,
	number: str,
	phone: str = "",
	company: str = "",
	case_type: str = "",
) -> dict[str, str]:
	"""Opens a case, with the files of the request (field `files`, at most 5 of 5 MB). Sent again with the
	same challenge it opens no other one.

	challenge, number: of :func:`get_challenge`, and what was found for it.

	Gives back {"case": folio}, and nothing of whether the address is known. Raises frappe.ValidationError for
	what is missing, too long, or a file of another kind; `OutdatedCheckError` for a challenge that has ended
	or was not solved. At most 30 in an hour from one address (429).
	"""
	sent = {
		"contact_name": contact_name,
		"email": email,
		"subject": subject,
		"description": description,
		"challenge": challenge,
		"number": number,
		"phone": phone,
		"company": company,
		"case_type": case_type,
	}
	return {"case": public_form.send(sent)}


# For whoever has the link of one case.
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=60, seconds=3600)
def rate(key: str, rating: int, comment: str = "") -> None:
	"""Keeps how satisfied somebody is with the case of a link: from 1 to 5, and a comment.

	Raises frappe.DoesNotExistError for a link that has ended, frappe.ValidationError for another number, and
	for an answer that can no longer be changed. At most 60 in an hour from one address (429).
	"""
	rating_links.rate(key, rating, comment)
