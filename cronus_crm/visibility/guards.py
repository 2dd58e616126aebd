"""The hooks of the framework that ask about every document, answered from the table of `ownership.py`.

They are registered for "*" and are asked for every DocType of every app; what the table does not hold is
answered as if we were not there.
"""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from cronus_crm.visibility import (
	attachments,
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
	"""How documents of one kind of ownership are guarded.

	permits: takes (doc, ptype, user); False hides the document. None: another document is asked for it.
	condition: takes (user, doctype) and gives the SQL of what the user sees, "" for everything. None: the
	    framework asks by itself.
	"""

	permits: Callable[[Document, str, str], bool] | None
	condition: Callable[[str, str], str] | None


GUARDS: dict[type[Owned], Guard] = {
	BySeller: Guard(rule.permits, rule.sql_condition),
	ThroughRecord: Guard(rule.permits, rule.sql_condition),
	ThroughLinks: Guard(rule.permits, rule.sql_condition),
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
	"""How documents of a DocType are guarded; None for one that is not."""
	owned = ownership.find_ownership(doctype)
	if owned is None or getattr(owned, "read_by_framework", False):
		return None
	return GUARDS[type(owned)]


def has_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook of the same name for "*": False where the rule hides the document, or where a hook of the
	framework or of another app objects.

	In 15 the last hook that answers decides alone, so that one that has no objection has to ask the others;
	in 16 all of them are asked anyway.
	"""
	user = user or frappe.session.user
	guard = find_guard(doc.doctype)
	if guard and guard.permits and not guard.permits(doc, ptype, user):
		return False
	return _other_hooks_permit(doc, ptype, user)


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
	"""Hook of the same name for "*": what the user sees of a DocType, as SQL; "" when nothing is hidden."""
	guard = find_guard(doctype)
	if not guard or not guard.condition:
		return ""
	return guard.condition(user or frappe.session.user, doctype)


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: what a seller creates is theirs, unless another of the team is named."""
	owned = ownership.find_ownership(doc.doctype)
	if isinstance(owned, BySeller) and owned.given_to_author and doc.is_new():
		if not doc.get(owned.seller_field):
			doc.set(owned.seller_field, rule.seller_of_user())


def validate(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: nobody gives a document to another seller, hangs something on a document, or
	takes a file, without the right to.

	Raises frappe.PermissionError.
	"""
	private_files.check_attach_fields(doc)
	owned = ownership.find_ownership(doc.doctype)
	if isinstance(owned, BySeller):
		reassignment.check_reassignment(doc, owned.seller_field)
	elif isinstance(owned, ThroughLinks):
		rule.clear_link_titles(doc)
	elif isinstance(owned, Beside) and not isinstance(owned, RowOf):
		attachments.check_author(doc)
