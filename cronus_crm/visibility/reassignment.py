"""Who may give a record of one seller to another: a sales manager, within what they see.

That both sellers are in the manager's team is the matter of `rule.permits`, which asks the record as stored
and as sent.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE, BILLING_ROLE

MANAGER_ROLE = "Cronus Sales Manager"

_REASSIGNING_ROLES = frozenset({MANAGER_ROLE, ADMINISTRATOR_ROLE, "System Manager"})


def check_reassignment(doc: Document, seller_field: str) -> None:
	"""For the validate of what has a seller: the seller changes by the hand of those who may reassign.

	System work (ignore_permissions) is not asked, nor is whoever takes a record of theirs that had no seller.

	Raises frappe.PermissionError.
	"""
	before = doc.get_doc_before_save()
	seller = before and before.get(seller_field)
	if not seller or seller == doc.get(seller_field):
		return
	if doc.flags.ignore_permissions or _may_reassign(doc):
		return
	frappe.throw(
		_("{0} belongs to {1}. Only a sales manager may give it to another seller: ask yours.").format(
			frappe.bold(doc.get_title() or doc.name), frappe.bold(seller)
		),
		frappe.PermissionError,
		title=_("Not yours to reassign"),
	)


def _may_reassign(doc: Document) -> bool:
	roles = set(frappe.get_roles())
	if roles & _REASSIGNING_ROLES:
		return True
	# Whoever bills corrects the seller of a document while it is a draft.
	return (
		BILLING_ROLE in roles and doc.docstatus == 0 and doc.doctype in sales_documents.registered_doctypes()
	)
