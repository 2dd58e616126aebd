"""Who may give a record of one seller to another: sales managers and administrators, and the program of an
ERP, which tells whose they are.

That both sellers belong to the manager's team is checked by `rule.permits`, for the record as stored and as
sent.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.visibility.ownership import INTEGRATOR_ROLE
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE, BILLING_ROLE

MANAGER_ROLE = "Cronus Sales Manager"

_REASSIGNING_ROLES = frozenset({MANAGER_ROLE, ADMINISTRATOR_ROLE, INTEGRATOR_ROLE, "System Manager"})


def check_reassignment(doc: Document, seller_field: str) -> None:
	"""For the event `validate` of a document with a seller: checks that the user may change the seller.

	Not checked with `ignore_permissions`, and not when the stored document has no seller.

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


def require_reassigning_role(message: str) -> None:
	"""Raises frappe.PermissionError with this message (translated) unless the user is a sales manager or an
	administrator."""
	if not set(frappe.get_roles()) & _REASSIGNING_ROLES:
		frappe.throw(message, frappe.PermissionError, title=_("Not yours to reassign"))


def _may_reassign(doc: Document) -> bool:
	roles = set(frappe.get_roles())
	if roles & _REASSIGNING_ROLES:
		return True
	# Billing users may correct the seller of a draft document.
	return (
		BILLING_ROLE in roles and doc.docstatus == 0 and doc.doctype in sales_documents.registered_doctypes()
	)
