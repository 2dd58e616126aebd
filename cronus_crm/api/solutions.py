"""Solutions: proposed, used, rated, and read by everybody where they are public."""

import frappe
from frappe.rate_limiter import rate_limit

from cronus_crm.cronus_service.solutions import (
	public_opinions,
	public_solutions,
	solution_desk,
	solution_use,
	solution_versions,
)


@frappe.whitelist(methods=["GET", "POST"])
def propose(subject: str = "", description: str = "", product: str | None = None) -> list[dict]:
	"""The five solutions that may answer a case while it is written, the best first: also those that have
	only some of its words.

	subject, description: of the case, text or HTML. product: code of the product that it is about.

	Gives back `name`, `question`, `excerpt`, `state`, `category`, `language`, `times_used` and
	`times_helpful`. Raises frappe.PermissionError for a user who may read no solutions.
	"""
	return solution_desk.propose(subject, description, product)


@frappe.whitelist(methods=["POST"])
def search(text: str) -> list[dict]:
	"""The solutions that have all words of a text, however they are written; as `propose` gives them back. A
	search that finds nothing is counted for the report.

	Raises frappe.PermissionError for a user who may read no solutions.
	"""
	return solution_desk.search(text)


@frappe.whitelist(methods=["POST"])
def use(solution: str, case: str) -> dict:
	"""Counts a solution as used in a case, once for each case.

	Gives back what goes into the answer: `html`, and `address` of its page where it is public. Raises
	frappe.PermissionError without the right to read the solution or to write the case.
	"""
	return solution_use.use_solution(solution, case)


@frappe.whitelist(methods=["POST"])
def rate(solution: str, case: str, helpful: bool | int) -> None:
	"""Says whether a solution helped in a case in which it was used; a later answer counts in the place of an
	earlier.

	Raises frappe.PermissionError as `use`, frappe.ValidationError where it was not used.
	"""
	solution_use.rate_in_case(solution, case, bool(int(helpful)))


@frappe.whitelist()
def list_versions(solution: str) -> list[dict]:
	"""What a solution said before, the latest first: `version_number`, `question`, `answer`, `saved_by`,
	`saved_on`.

	Raises frappe.PermissionError for whoever may not see drafts.
	"""
	return solution_versions.list_versions(solution)


@frappe.whitelist(methods=["POST"])
def restore_version(solution: str, version_number: int) -> int:
	"""Makes a solution say what it said in a version; gives back the number of the new version.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError for a version that it
	does not have.
	"""
	return solution_versions.restore_version(solution, version_number)


# For everybody who reads a public solution, with or without an account. Each asks whether it is public.
@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=1200, seconds=3600)
def open_file(solution: str, file: str) -> None:
	"""Sends a picture or file that stands in the answer of a public solution; 404 for any other.

	file: its name, as the page has it. At most 1200 requests in an hour from one address (429).
	"""
	public_solutions.open_file(solution, file)


# As above.
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=60, seconds=3600)
def rate_public(solution: str, helpful: bool | int) -> None:
	"""Counts whether a public solution helped its reader: once a day for each reader and solution.

	Raises frappe.DoesNotExistError for a solution that is not public. At most 60 in an hour from one address
	(429).
	"""
	public_opinions.rate(solution, bool(int(helpful)))
