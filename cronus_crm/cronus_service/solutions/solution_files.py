"""Files of solutions are private, so that nobody reads those of a draft by their address.

The desk makes them private by itself unless somebody says otherwise; here they are whatever somebody says.
"""

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_service.solutions.solution_search import SOLUTION


def make_private(doc: Document, method: str | None = None) -> None:
	"""Event `before_validate` of a file that is stored: the framework moves it when it is saved."""
	if doc.attached_to_doctype == SOLUTION and not doc.is_folder and not doc.is_new():
		doc.is_private = 1


def move_new_file(doc: Document, method: str | None = None) -> None:
	"""Event `after_insert` of a file, which the framework has put where its first choice said."""
	if doc.attached_to_doctype == SOLUTION and not doc.is_folder and not doc.is_private:
		stored = frappe.get_doc("File", doc.name)
		# `make_private` makes it so; whoever may attach a file may do so privately.
		stored.save(ignore_permissions=True)
		doc.update({"is_private": 1, "file_url": stored.file_url})
