"""Names of customers and prospects that stand in other records, when they change.

What is still in course takes the new name: pending activities, with the subjects that were made for documents
and alerts, opportunities, branches and draft documents. What was issued or finished keeps the name as it was.
"""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion, DocType
from pypika import Table
from pypika.terms import Function

from cronus_crm.base import sales_documents
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, PROSPECT, STATES_IN_COURSE

CUSTOMER, ACTIVITY, BRANCH = "Cronus Customer", "Cronus Activity", "Cronus Customer Branch"

# The longest subject of an activity.
_SUBJECT_LENGTH = 140


def on_customer_update(customer: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Customer."""
	before = customer.get_doc_before_save()
	if before and before.customer_name != customer.customer_name:
		_rename_customer(customer.name, before.customer_name, customer.customer_name)


def on_prospect_update(prospect: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Prospect."""
	before = prospect.get_doc_before_save()
	if before and (before.prospect_name, before.display_name) != (
		prospect.prospect_name,
		prospect.display_name,
	):
		_rename_prospect(prospect.name, before, prospect)


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of both: what belonged to the merged one takes the name of the one that stays."""
	if merge and doc.doctype == CUSTOMER:
		_rename_customer(new, frappe.db.get_value(CUSTOMER, old, "customer_name"), doc.customer_name)
	elif merge:
		_rename_prospect(new, frappe.get_doc(PROSPECT, old), doc)


def _rename_customer(customer: str, former: str, name: str) -> None:
	of_customer = DocType(ACTIVITY).customer == customer
	_rename_in_activities(of_customer, name)
	_rename_subjects(of_customer, former, name)
	branch, opportunity = DocType(BRANCH), DocType(OPPORTUNITY)
	frappe.qb.update(branch).set(branch.customer_name, name).where(branch.customer == customer).run()
	query = frappe.qb.update(opportunity).set(opportunity.customer_name, name)
	query.where((opportunity.customer == customer) & _is_in_course(opportunity)).run()
	_rename_in_drafts("customer", customer, name)


def _rename_prospect(prospect: str, former: Document, now: Document) -> None:
	activity, opportunity = DocType(ACTIVITY), DocType(OPPORTUNITY)
	without_customer = activity.customer.isnull() | (activity.customer == "")
	of_prospect = (activity.prospect == prospect) & without_customer
	_rename_in_activities(of_prospect, now.prospect_name)
	_rename_subjects(of_prospect, former.display_name, now.display_name)
	# A person may have written another name there.
	is_copy = (opportunity.prospect == prospect) & (opportunity.prospect_name == former.prospect_name)
	query = frappe.qb.update(opportunity).set(opportunity.prospect_name, now.prospect_name)
	query.where(is_copy & _is_in_course(opportunity)).run()
	_rename_in_drafts("prospect", prospect, now.display_name)


def _is_in_course(opportunity: Table) -> Criterion:
	return opportunity.state.isin(STATES_IN_COURSE[OPPORTUNITY])


def _rename_in_activities(criterion: Criterion, name: str) -> None:
	activity = DocType(ACTIVITY)
	pending = criterion & (activity.state == "Pending")
	frappe.qb.update(activity).set(activity.customer_name, name).where(pending).run()


def _rename_subjects(criterion: Criterion, former: str | None, name: str) -> None:
	"""Changes the name in the subjects of pending activities that the server has written."""
	activity = DocType(ACTIVITY)
	made_by_server = activity.origin_key.notnull() & (activity.state == "Pending")
	if former and former != name:
		renamed = Function("REPLACE", activity.subject, former, name)
		query = frappe.qb.update(activity).set(activity.subject, Function("LEFT", renamed, _SUBJECT_LENGTH))
		query.where(criterion & made_by_server).run()


def _rename_in_drafts(fieldname: str, record: str, name: str) -> None:
	"""Changes the name in drafts. fieldname: "customer", or "prospect" for those that have no customer."""
	for doctype in sales_documents.registered_doctypes():
		meta = frappe.get_meta(doctype)
		field = meta.get_field(fieldname)
		target = {"customer": CUSTOMER, "prospect": PROSPECT}[fieldname]
		if not field or field.options != target or not meta.has_field("customer_name"):
			continue
		table = DocType(doctype)
		query = frappe.qb.update(table).set(table.customer_name, name)
		query = query.where((table[fieldname] == record) & (table.docstatus == 0))
		if fieldname == "prospect":
			query = query.where(table.customer.isnull() | (table.customer == ""))
		query.run()
