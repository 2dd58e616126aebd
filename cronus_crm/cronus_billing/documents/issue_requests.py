"""A seller who may draft a document and not issue it asks billing to do so.

The request stands on the draft (`issue_asked_by`, `issue_asked_on`), is told once in the bell of every
billing user who may issue it, and ends when it is withdrawn, and when the draft is issued or deleted.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import get_fullname, now_datetime

from cronus_crm.base import sales_documents
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.texts import as_html
from cronus_crm.visibility.rule import BILLING_ROLE

ASKED_BY, ASKED_ON = "issue_asked_by", "issue_asked_on"
FIELDS = (ASKED_BY, ASKED_ON)

_NOTICE = "Notification Log"


def list_doctypes() -> list[str]:
	"""The registered DocTypes whose drafts bear a request."""
	return [
		doctype
		for doctype in sales_documents.registered_doctypes()
		if frappe.get_meta(doctype).has_field(ASKED_BY)
	]


def ask_to_issue(doctype: str, name: str) -> dict[str, Any]:
	"""Asks billing to issue a draft. Asked again, it is the same request, and nobody is told again.

	Gives back `asked_by` and `asked_on`. Raises frappe.PermissionError when the user may not write the draft,
	and frappe.ValidationError when it is none, or the user may issue it without asking.
	"""
	doc = _lock_draft(doctype, name)
	if not doc.get(ASKED_ON):
		if frappe.has_permission(doctype, "submit", doc=doc):
			frappe.throw(_("You may issue {0} yourself: nobody has to be asked.").format(frappe.bold(name)))
		doc.db_set({ASKED_BY: frappe.session.user, ASKED_ON: now_datetime()}, update_modified=False)
		doc.add_comment("Info", _("asked billing to issue it"))
		_tell_billing(doc)
	return _read_request(doc)


def withdraw_request(doctype: str, name: str) -> dict[str, Any]:
	"""Takes a request back; without one, nothing changes. Arguments, answer and errors as of
	`ask_to_issue`."""
	doc = _lock_draft(doctype, name)
	if doc.get(ASKED_ON):
		settle_request(doc)
		doc.db_set({ASKED_BY: None, ASKED_ON: None}, update_modified=False)
		doc.add_comment("Info", _("withdrew the request to issue it"))
	return _read_request(doc)


def settle_request(doc: Document) -> None:
	"""Marks the notices of a request as read: there is nothing left to do for whoever was told. The document
	keeps who had asked."""
	if not doc.get(ASKED_BY):
		return
	notice = DocType(_NOTICE)
	of_request = (notice.document_type == doc.doctype) & (notice.document_name == doc.name)
	of_request &= (notice.from_user == doc.get(ASKED_BY)) & (notice.type == "Alert") & (notice.read == 0)
	names = frappe.qb.from_(notice).select(notice.name).where(of_request).orderby(notice.name).run(pluck=True)
	for name in names:
		frappe.db.set_value(_NOTICE, name, "read", 1, update_modified=False)


def _lock_draft(doctype: str, name: str) -> Document:
	if doctype not in list_doctypes():
		frappe.throw(_("Of {0} nobody can be asked to issue one.").format(frappe.bold(as_html(doctype))))
	doc = frappe.get_doc(doctype, name, for_update=True)
	doc.check_permission("write")
	if not doc.docstatus.is_draft():
		frappe.throw(
			_("{0} is no draft any more: it is {1}.").format(
				frappe.bold(doc.name), _(doc.state, context=doctype)
			)
		)
	return doc


def _read_request(doc: Document) -> dict[str, Any]:
	asked_by = doc.get(ASKED_BY)
	return {
		"asked_by": asked_by,
		"asked_by_name": get_fullname(asked_by) if asked_by else None,
		"asked_on": doc.get(ASKED_ON),
	}


def _tell_billing(doc: Document) -> None:
	who = frappe.bold(as_html(get_fullname(frappe.session.user)))
	for user in _list_billing_users():
		if not frappe.has_permission(doc.doctype, "submit", doc=doc, user=user):
			continue
		language = user_language(user)
		text = _("{0} asks to issue {1} {2} of {3}", language).format(
			who,
			_(doc.doctype.removeprefix("Cronus "), language),
			frappe.bold(doc.name),
			as_html(doc.customer_name),
		)
		send_notice(user, text, document=(doc.doctype, doc.name), from_user=frappe.session.user)


def _list_billing_users() -> list[str]:
	"""The enabled users with the role, except the one who asks."""
	user, role = DocType("User"), DocType("Has Role")
	return (
		frappe.qb.from_(user)
		.join(role)
		.on((role.parent == user.name) & (role.parenttype == "User"))
		.select(user.name)
		.distinct()
		.where((role.role == BILLING_ROLE) & (user.enabled == 1) & (user.name != frappe.session.user))
		.orderby(user.name)
		.run(pluck=True)
	)
