"""The framework's permission hooks and common document events, derived from the table in `ownership.py`.

They are registered for "*", so the framework calls them for every DocType of every app. For a DocType that is
not in the table they have no effect.
"""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from cronus_crm.visibility import (
	alike_names,
	attachments,
	link_titles,
	ownership,
	prepared_reports,
	private_files,
	reassignment,
	rule,
	saved_views,
)
from cronus_crm.visibility.ownership import (
	AttachedFile,
	Beside,
	BySeller,
	ByState,
	Message,
	Notice,
	Owned,
	ReportResult,
	RolesOfViews,
	RowOf,
	SavedView,
	ThroughLinks,
	ThroughRecord,
)


class Guard(NamedTuple):
	"""How documents with one kind of ownership are protected.

	permits: called with (doc, ptype, user); False refuses access. None: no check of its own, because the
	    framework checks the parent document.
	condition: called with (user, doctype); gives the SQL condition of the documents that the user
	    sees, "" for all. None: the framework's own condition suffices.
	"""

	permits: Callable[[Document, str, str], bool] | None
	condition: Callable[[str, str], str] | None


GUARDS: dict[type[Owned], Guard] = {
	BySeller: Guard(rule.permits, rule.sql_condition),
	ThroughRecord: Guard(rule.permits, rule.sql_condition),
	ThroughLinks: Guard(rule.permits, rule.sql_condition),
	ByState: Guard(rule.permits, rule.sql_condition),
	RowOf: Guard(None, attachments.sql_condition),
	Beside: Guard(attachments.permits, attachments.sql_condition),
	Message: Guard(attachments.permits_message, attachments.sql_condition_of_messages),
	AttachedFile: Guard(private_files.permits, attachments.sql_condition_of_files),
	Notice: Guard(attachments.permits_notice, None),
	SavedView: Guard(saved_views.permits, saved_views.sql_condition),
	RolesOfViews: Guard(None, saved_views.sql_condition_of_roles),
	ReportResult: Guard(prepared_reports.permits, prepared_reports.sql_condition),
}


def find_guard(doctype: str) -> Guard | None:
	"""The guard of a DocType; None for one that is not protected here."""
	owned = ownership.find_ownership(doctype)
	if owned is None or getattr(owned, "read_by_framework", False):
		return None
	return GUARDS[type(owned)]


# The answer of a hook that has no opinion. In Frappe 15 the first one that is not None decides, from the last
# app to the first; in 16 every hook has to agree, and None refuses.
NO_OPINION = None if frappe.__version__.startswith("15.") else True


def has_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	"""Hook `has_permission` for "*": False when the rule hides the document, or when a hook of the framework
	or of another app refuses; NO_OPINION for a DocType that has no guard.

	The other hooks are called here because in Frappe 15 our answer is the only one. Frappe 16 calls all of
	them in any case.
	"""
	user = user or frappe.session.user
	guard = find_guard(doc.doctype)
	if not guard or not guard.permits:
		return NO_OPINION
	return guard.permits(doc, ptype, user) and _other_hooks_permit(doc, ptype, user)


def _other_hooks_permit(doc: Document, ptype: str, user: str) -> bool:
	hooks = frappe.get_hooks("has_permission")
	for path in (*hooks.get(doc.doctype, ()), *hooks.get("*", ())):
		if path == _OWN_PATH:
			continue
		allowed = frappe.call(path, doc=doc, ptype=ptype, user=user, debug=False)
		if allowed is not None and not allowed:
			return False
	return True


_OWN_PATH = f"{__name__}.{has_permission.__name__}"


def permission_query_conditions(user: str | None, doctype: str) -> str:
	"""Hook `permission_query_conditions` for "*": the SQL condition of the documents that the user sees; ""
	for all."""
	guard = find_guard(doctype)
	if not guard or not guard.condition:
		return ""
	return guard.condition(user or frappe.session.user, doctype)


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: a new document without seller gets the seller of the user, where the table of
	ownership says so (`given_to_author`)."""
	owned = ownership.find_ownership(doc.doctype)
	if isinstance(owned, BySeller) and owned.given_to_author and doc.is_new():
		if not doc.get(owned.seller_field):
			doc.set(owned.seller_field, rule.seller_of_user())


def validate(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: checks files in Attach fields, names that the database takes for another's,
	changes of the seller, and records that refer to a document. Titles of links in contacts and addresses are
	cleared.

	Raises frappe.PermissionError and frappe.DuplicateEntryError.
	"""
	alike_names.check_alike(doc)
	private_files.check_attach_fields(doc)
	owned = ownership.find_ownership(doc.doctype)
	if isinstance(owned, BySeller):
		if not owned.follows:
			reassignment.check_reassignment(doc, owned.seller_field)
	elif isinstance(owned, ThroughLinks):
		link_titles.clear_link_titles(doc)
	elif isinstance(owned, Beside) and not isinstance(owned, RowOf):
		attachments.check_author(doc)
