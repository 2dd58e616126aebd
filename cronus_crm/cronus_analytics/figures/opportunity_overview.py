"""What surrounds an opportunity, for the head of its form: activities, documents and people, as far as the
session's user may see each of them."""

from typing import TypedDict

import frappe
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.cronus_analytics.ledger.opportunity_invoices import list_opportunity_invoices
from cronus_crm.cronus_crm.customers import contacts
from cronus_crm.cronus_crm.record_states import OPPORTUNITY
from cronus_crm.visibility import rule

ACTIVITY, CUSTOMER, PROSPECT = "Cronus Activity", "Cronus Customer", "Cronus Prospect"
NEXT_SHOWN, PAST_SHOWN, DOCUMENTS_SHOWN, PEOPLE_SHOWN = 3, 5, 10, 5

_ACTIVITY_FIELDS = ["name", "subject", "activity_type", "starts_on", "all_day", "done_on", "result", "seller"]
_DOCUMENT_FIELDS = ["name", "posting_date", "state", "grand_total", "currency"]


class Overview(TypedDict):
	"""upcoming: pending activities, the earliest first. past: those that are done, the latest first.
	documents: with doctype, the latest first. people: name, phone and email, with doctype and docname of
	their record."""

	upcoming: list[dict]
	past: list[dict]
	documents: list[dict]
	people: list[dict]


def read_overview(opportunity: str) -> Overview:
	"""The activities, documents and people of an opportunity.

	Raises frappe.PermissionError where the user may not read the opportunity.
	"""
	doc = frappe.get_doc(OPPORTUNITY, opportunity)
	doc.check_permission("read")
	return Overview(
		upcoming=_list_activities(doc.name, "Pending", "starts_on asc, name asc", NEXT_SHOWN),
		past=_list_activities(doc.name, "Done", "done_on desc, name asc", PAST_SHOWN),
		documents=_list_documents(doc.name),
		people=_list_people(doc),
	)


def _list_activities(opportunity: str, state: str, order_by: str, limit: int) -> list[dict]:
	if not frappe.has_permission(ACTIVITY, "read"):
		return []
	return frappe.get_list(
		ACTIVITY,
		filters={"opportunity": opportunity, "state": state},
		fields=_ACTIVITY_FIELDS,
		order_by=order_by,
		limit=limit,
	)


def _list_documents(opportunity: str) -> list[dict]:
	"""The documents that link to the opportunity, and the invoices that were made from them."""
	found = []
	for doctype in sales_documents.registered_doctypes():
		if frappe.get_meta(doctype).has_field("opportunity"):
			found += _read_documents(doctype, {"opportunity": opportunity})
	invoices: dict[str, list[str]] = {}
	for doctype, name in list_opportunity_invoices(opportunity):
		invoices.setdefault(doctype, []).append(name)
	for doctype, names in invoices.items():
		found += _read_documents(doctype, {"name": ("in", names)})
	unique = {(row["doctype"], row["name"]): row for row in found}
	by_date = sorted(
		unique.values(), key=lambda row: (str(row.get("posting_date")), row["name"]), reverse=True
	)
	return by_date[:DOCUMENTS_SHOWN]


def _read_documents(doctype: str, filters: dict) -> list[dict]:
	if not frappe.has_permission(doctype, "read"):
		return []
	meta = frappe.get_meta(doctype)
	fields = ["name", *(name for name in _DOCUMENT_FIELDS if meta.has_field(name))]
	rows = frappe.get_list(
		doctype, filters=filters, fields=fields, order_by="creation desc", limit=DOCUMENTS_SHOWN
	)
	return [{"doctype": doctype, **row} for row in rows]


def _list_people(opportunity: Document) -> list[dict]:
	if opportunity.customer and rule.can_see(CUSTOMER, opportunity.customer):
		customer = frappe.get_doc(CUSTOMER, opportunity.customer)
		listed = contacts.list_contacts_and_addresses(customer)["contact_list"]
		# The one of the opportunity first.
		listed.sort(key=lambda contact: contact["name"] != opportunity.contact)
		people = [_describe("Contact", c["name"], _name_of(c), c) for c in listed[:PEOPLE_SHOWN]]
		return people or [_describe(CUSTOMER, customer.name, customer.customer_name, customer)]
	if opportunity.prospect and rule.can_see(PROSPECT, opportunity.prospect):
		prospect = frappe.get_doc(PROSPECT, opportunity.prospect)
		return [_describe(PROSPECT, prospect.name, prospect.prospect_name, prospect)]
	return []


def _name_of(contact: dict) -> str:
	return " ".join(filter(None, (contact.get("first_name"), contact.get("last_name")))) or contact["name"]


def _describe(doctype: str, docname: str, name: str, record: dict | Document) -> dict:
	phones = (record.get("mobile_no"), record.get("phone"))
	return {
		"doctype": doctype,
		"docname": docname,
		"name": name,
		"phone": next(filter(None, phones), None),
		"email": record.get("email_id") or record.get("email"),
	}
