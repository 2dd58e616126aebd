"""What a solution said before: each change of question or answer is a version, which can be taken again."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.company import company_now
from cronus_crm.cronus_service.solutions.solution_search import SOLUTION

VERSION = "Cronus Solution Version"
# What is a version's own.
FIELDS = ("question", "answer")


def keep_version(doc: Document) -> None:
	"""Keeps what a solution says now, as its present version."""
	version = frappe.new_doc(VERSION)
	version.update({field: doc.get(field) for field in FIELDS})
	version.update(
		{
			"solution": doc.name,
			"version_number": doc.version_number,
			"saved_by": frappe.session.user,
			"saved_on": company_now(),
		}
	)
	# Nobody writes versions by hand; whoever may save the solution makes one.
	version.insert(ignore_permissions=True)


def list_versions(solution: str) -> list[dict]:
	"""`version_number`, `question`, `answer`, `saved_by` and `saved_on` of the versions of a solution, the
	latest first.

	Raises frappe.PermissionError for a user who may not see what it said as a draft.
	"""
	frappe.get_doc(SOLUTION, solution).check_permission("read")
	return frappe.get_list(
		VERSION,
		filters={"solution": solution},
		fields=["version_number", "question", "answer", "saved_by", "saved_on"],
		order_by="version_number desc",
		limit=200,
	)


def restore_version(solution: str, version_number: int) -> int:
	"""Makes a solution say what it said in a version; that is a new version, whose number is given back.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError for a version that it
	does not have.
	"""
	doc = frappe.get_doc(SOLUTION, solution)
	doc.check_permission("write")
	found = frappe.db.get_value(
		VERSION, {"solution": solution, "version_number": version_number}, FIELDS, as_dict=True
	)
	if not found:
		frappe.throw(
			_("{0} has no version {1}. Choose one of the list.").format(frappe.bold(solution), version_number)
		)
	doc.update(found)
	return doc.save().version_number


def remove_versions(solution: str) -> None:
	"""When a solution is deleted."""
	frappe.db.delete(VERSION, {"solution": solution})
