"""What becomes of a case besides its solution: an opportunity."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.texts import as_html, read_text
from cronus_crm.cronus_service.cases.case_states import CASE

OPPORTUNITY = "Cronus Opportunity"


def make_opportunity(case: str, title: str | None = None) -> str:
	"""Makes an opportunity of a case, for the seller of its account, who is told.

	title: by default, the subject of the case.

	Returns the name of the Cronus Opportunity. Raises frappe.PermissionError for a user who may neither write
	the case nor make opportunities, frappe.ValidationError for a case of a supplier or a department of our
	own, and for one that has an opportunity.
	"""
	doc = frappe.get_doc(CASE, case, for_update=True)
	doc.check_permission("read")
	if not frappe.has_permission(OPPORTUNITY, "create"):
		# Whoever works on the case reports it; the opportunity is the seller's.
		doc.check_permission("write")
	if doc.opportunity:
		frappe.throw(
			_("{0} has the opportunity {1} already.").format(
				frappe.bold(doc.name), frappe.bold(doc.opportunity)
			)
		)
	if not (doc.customer or doc.prospect):
		frappe.throw(_("An opportunity is of a customer or a prospect. Say first whose the case is."))
	opportunity = _build_opportunity(doc, title)
	opportunity.insert(ignore_permissions=True)  # asked for above
	doc.db_set("opportunity", opportunity.name)
	doc.add_comment("Info", _("made the opportunity {0}").format(opportunity.name))
	_tell_seller(doc, opportunity)
	return opportunity.name


def _build_opportunity(case: Document, title: str | None) -> Document:
	opportunity = frappe.new_doc(OPPORTUNITY)
	opportunity.update(
		{
			"title": (title or "").strip() or read_text(case.subject),
			"customer": case.customer,
			"prospect": case.prospect,
			"contact": case.contact,
			"seller": case.seller,
			"stage": frappe.db.get_value(
				"Cronus Stage", {"state": "Open", "disabled": 0}, "name", order_by="position asc"
			),
			"description": case.description,
		}
	)
	if case.product:
		opportunity.append("products", {"product": case.product, "quantity": 1})
	return opportunity


def _tell_seller(case: Document, opportunity: Document) -> None:
	user = get_present_value("Cronus Seller", case.seller, "user") if case.seller else None
	if not user or user == frappe.session.user:
		return
	text = _("A case of {0} has become an opportunity: {1}", user_language(user))
	subject = text.format(frappe.bold(as_html(case.account_name)), frappe.bold(as_html(opportunity.title)))
	send_notice(user, subject, document=(OPPORTUNITY, opportunity.name), from_user=frappe.session.user)
