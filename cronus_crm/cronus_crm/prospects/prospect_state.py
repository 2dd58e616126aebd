"""The state of a prospect, which is computed from the documents issued to it, from the results of its
follow-ups, and from its opportunities: one that is won was an order.

`quotation` and `order` of a prospect are denormalised: the last issued proforma, and the last issued order.
"""

from itertools import chain

import frappe
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.sales_documents import FULFILMENT, ORDER, PROFORMA, SalesDocument
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.prospects import prospect_appointments
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, PROSPECT, STATES_IN_COURSE
from cronus_crm.visibility import rule

# The state that follows from the result of an activity; other results do not change it.
STATE_OF_RESULT = {"Quotation made": "Quoted", "Order made": "Ordered", "Cancelled": "Cancelled"}


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: updates its prospects, and those of the documents behind it."""
	for prospect in _list_prospects(document, *origins):
		update_state_from_documents(prospect, after_issue=True)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: recomputes the state of its prospects from the remaining documents."""
	for prospect in _list_prospects(document, *origins):
		update_state_from_documents(prospect)


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of every DocType: the quotation and the order of a prospect bear the new name of
	the document."""
	if doc.doctype in sales_documents.registered_doctypes():
		for fieldname in ("quotation", "order"):
			frappe.db.set_value(PROSPECT, {fieldname: old}, fieldname, new, update_modified=False)


def list_prospect_documents(prospect: str) -> list[SalesDocument]:
	"""The documents that were issued to a prospect, cancelled ones included, and those made from them; oldest
	first.

	They come from the functions of the hook `cronus_prospect_documents`, which take the prospect's name.
	"""
	return list(chain.from_iterable(call_hooks("cronus_prospect_documents", prospect)))


def _list_prospects(*documents: SalesDocument) -> set[str]:
	return {document.prospect for document in documents if document.prospect}


def update_state_from_documents(prospect: str, after_issue: bool = False) -> None:
	"""Writes the last quotation and the last order of a prospect, and the state that follows from them.

	after_issue: True after a document was issued to it, which also reopens a cancelled prospect.
	"""
	before = frappe.db.get_value(PROSPECT, prospect, ["state", "quotation", "order"], as_dict=True)
	if not before:
		return
	issued = [document for document in list_prospect_documents(prospect) if document.issued]
	quotation = _find_last(issued, PROFORMA)
	order = _find_last(issued, ORDER) or _find_last(issued, *FULFILMENT)
	state = before.state
	if state != "Converted" and (state != "Cancelled" or after_issue):
		state = _compute_state(prospect, quotation, order)
	after = {"state": state, "quotation": quotation, "order": order}
	if after != before:
		frappe.db.set_value(PROSPECT, prospect, after)
		traffic_light.update_record(PROSPECT, prospect)


def _find_last(documents: list[SalesDocument], *kinds: str) -> str | None:
	return next((document.name for document in reversed(documents) if document.kind in kinds), None)


def refresh_state(prospect: str) -> None:
	"""Recomputes state, documents and traffic light of a prospect."""
	update_state_from_documents(prospect)
	traffic_light.update_record(PROSPECT, prospect)


def _compute_state(prospect: str, quotation: str | None, order: str | None) -> str:
	"""The state of a prospect that is neither cancelled nor converted, from documents, follow-ups and won
	opportunities."""
	results = frappe.get_all(
		"Cronus Activity",
		filters={
			"prospect": prospect,
			"state": "Done",
			"settled": 0,
			"result": ("in", ["Quotation made", "Order made"]),
		},
		pluck="result",
		order_by="creation asc",
	)
	won = frappe.db.exists(OPPORTUNITY, {"prospect": prospect, "state": "Won"})
	if order or won or "Order made" in results:
		return "Ordered"
	return "Quoted" if quotation or results else "Open"


def on_opportunity_change(opportunity: Document, method: str | None = None) -> None:
	"""Events `on_update` and `after_delete` of Cronus Opportunity: a prospect whose opportunity is won has
	ordered."""
	if opportunity.prospect and (method == "after_delete" or opportunity.has_value_changed("state")):
		# The prospect of an imported record need not exist.
		update_state_from_documents(opportunity.prospect, after_issue=opportunity.state == "Won")


def set_opportunity(doc: Document, method: str | None = None) -> None:
	"""Event `before_insert` of every DocType: a new document for a prospect belongs to its opportunity."""
	if doc.doctype not in sales_documents.registered_doctypes() or not doc.get("prospect"):
		return
	if doc.meta.has_field("opportunity") and not doc.opportunity:
		doc.opportunity = find_opportunity(doc.prospect)


def find_opportunity(prospect: str) -> str | None:
	"""The opportunity that what is done for a prospect belongs to: the one of its conversion, else its only
	one; None where there is none in course, or several, or where the user may not read it."""
	in_course = {"state": ("in", STATES_IN_COURSE[OPPORTUNITY])}
	converted_to = frappe.db.get_value(PROSPECT, prospect, "opportunity")
	found = frappe.get_all(
		OPPORTUNITY, {"prospect": prospect, **in_course}, pluck="name", order_by="name asc"
	)
	if converted_to in found:
		found = [converted_to]
	return found[0] if len(found) == 1 and rule.can_see(OPPORTUNITY, found[0]) else None


def apply_activity_result(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: sets the state of its prospect by the result, and updates the prospect's
	appointment.

	A converted prospect stays converted, and *Ordered* does not go back to *Quoted*.
	"""
	if not activity.prospect:
		return
	prospect_appointments.update_from_activity(activity)
	state = STATE_OF_RESULT.get(activity.result)
	is_new_result = activity.has_value_changed("result") or activity.has_value_changed("state")
	if not state or activity.state != "Done" or activity.settled or not is_new_result:
		return
	before = frappe.db.get_value(PROSPECT, activity.prospect, "state")
	if before in (None, state, "Converted") or (before, state) == ("Ordered", "Quoted"):
		return
	frappe.db.set_value(PROSPECT, activity.prospect, "state", state)
	traffic_light.update_record(PROSPECT, activity.prospect)
