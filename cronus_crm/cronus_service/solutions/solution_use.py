"""A solution in the answer to a case, and whether it helped."""

import frappe
from bs4 import BeautifulSoup
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base.company import company_now
from cronus_crm.base.stored_files import attach_copy
from cronus_crm.cronus_service.outside_texts import get_path
from cronus_crm.cronus_service.solutions import public_solutions
from cronus_crm.cronus_service.solutions.solution_search import PUBLIC, SOLUTION

USE, CASE = "Cronus Solution Use", "Cronus Case"

# What is said of a solution, and the field that counts it.
_COUNTED_BY = {"Yes": "times_helpful", "No": "times_not_helpful"}


def use_solution(solution: str, case: str) -> dict:
	"""Counts a solution as used in a case, once for each case, and gives back what goes into the answer:
	`html`, and `address` of its page where it is public.

	Raises frappe.PermissionError without the right to read the solution or to write the case.
	"""
	doc = frappe.get_doc(SOLUTION, solution)
	doc.check_permission("read")
	frappe.get_doc(CASE, case).check_permission("write")
	_lock(doc.name)
	if not frappe.db.get_value(USE, {"solution": doc.name, "case_name": case}, for_update=True):
		use = {"doctype": USE, "solution": doc.name, "case_name": case, "used_by": frappe.session.user}
		# Nobody writes these by hand; the rights on solution and case were asked above.
		frappe.get_doc(use).insert(ignore_permissions=True)
		table = DocType(SOLUTION)
		counted = frappe.qb.update(table).set(table.times_used, table.times_used + 1)
		counted.set(table.last_used_on, company_now()).where(table.name == doc.name).run()
	return {
		"html": _write_for_case(doc, case),
		"address": public_solutions.get_address(doc) if doc.state == PUBLIC else None,
	}


def _write_for_case(doc: Document, case: str) -> str:
	"""The answer of a solution, with its pictures as files of the case: who sees the case sees them, also
	when the solution has others by then."""
	soup = BeautifulSoup(doc.answer or "", "html.parser")
	own = public_solutions.list_own_files(doc)
	for tag in soup.find_all(["img", "a"]):
		attribute = "src" if tag.name == "img" else "href"
		path = get_path(tag.get(attribute) or "")
		if path in own:
			tag[attribute] = _attach(own[path], path, case)
	return str(soup)


def _attach(file: str, path: str, case: str) -> str:
	"""The address of a solution's file, stored at a path, as a file of a case."""
	of_case = {"attached_to_doctype": CASE, "attached_to_name": case, "file_url": path}
	if name := frappe.db.get_value("File", of_case):
		return frappe.get_doc("File", name).unique_url
	# The rights on the solution, whose file it is, and on the case were asked.
	return attach_copy(file, CASE, case).unique_url


def rate_in_case(solution: str, case: str, helpful: bool) -> None:
	"""Says whether a solution helped in a case in which it was used; a later answer takes the place of an
	earlier one.

	Raises frappe.PermissionError as `use_solution`, frappe.ValidationError where it was not used.
	"""
	frappe.get_doc(SOLUTION, solution).check_permission("read")
	frappe.get_doc(CASE, case).check_permission("write")
	_lock(solution)
	found = frappe.db.get_value(
		USE, {"solution": solution, "case_name": case}, ["name", "helpful"], as_dict=True, for_update=True
	)
	if not found:
		frappe.throw(
			_("Solution {0} was not used in case {1}: insert it into an answer first.").format(
				frappe.bold(solution), frappe.bold(case)
			)
		)
	said = "Yes" if helpful else "No"
	if found.helpful == said:
		return
	frappe.db.set_value(USE, found.name, "helpful", said)
	count_opinion(solution, helpful)
	if found.helpful:
		count_opinion(solution, found.helpful == "Yes", -1)


def _lock(solution: str) -> None:
	"""Of several who use a solution at once, one after the other counts."""
	frappe.db.get_value(SOLUTION, solution, "name", for_update=True)


def count_opinion(solution: str, helpful: bool, number: int = 1) -> None:
	"""Adds to the number of those whom a solution helped, or did not help. The caller has asked whether."""
	table = DocType(SOLUTION)
	field = table[_COUNTED_BY["Yes" if helpful else "No"]]
	frappe.qb.update(table).set(field, field + number).where(table.name == solution).run()


def remove_uses(solution: str) -> None:
	"""When a solution is deleted."""
	frappe.db.delete(USE, {"solution": solution})
