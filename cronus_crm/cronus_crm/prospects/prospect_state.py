"""The state of a prospect, which follows from the documents that are issued to it and from what came of its
follow-ups."""

from itertools import chain

import frappe
from frappe.model.document import Document

from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.sales_documents import FULFILMENT, ORDER, PROFORMA, SalesDocument
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.prospects import prospect_appointments
from cronus_crm.cronus_crm.record_states import PROSPECT

# The states that results give. What only informs leaves the state as it is.
STATE_OF_RESULT = {"Quotation made": "Quoted", "Order made": "Ordered", "Cancelled": "Cancelled"}


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: a proforma quotes its prospects, what is made of it is their order."""
	for prospect in _prospects_of(document, *origins):
		update_state_from_documents(prospect, quoted_again=True)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: its prospects go back to the documents that they had before."""
	for prospect in _prospects_of(document, *origins):
		update_state_from_documents(prospect)


def list_prospect_documents(prospect: str) -> list[SalesDocument]:
	"""The documents that are or were issued to a prospect, and what was made of them; oldest first.

	They come from the functions of the hook `cronus_prospect_documents`, which take the prospect's name.
	"""
	return list(chain.from_iterable(call_hooks("cronus_prospect_documents", prospect)))


def _prospects_of(*documents: SalesDocument) -> set[str]:
	return {document.prospect for document in documents if document.prospect}


def update_state_from_documents(prospect: str, quoted_again: bool = False) -> None:
	"""Writes a prospect's last quotation and order, and the state that they give it.

	quoted_again: a document has just been issued, so that a prospect that was given up is taken up again.
	"""
	before = frappe.db.get_value(PROSPECT, prospect, ["state", "quotation", "order"], as_dict=True)
	if not before:
		return
	issued = [document for document in list_prospect_documents(prospect) if document.issued]
	quotation = _last_of(issued, PROFORMA)
	order = _last_of(issued, ORDER) or _last_of(issued, *FULFILMENT)
	state = before.state
	if state != "Converted" and (state != "Cancelled" or quoted_again):
		state = _state_from(prospect, quotation, order)
	after = {"state": state, "quotation": quotation, "order": order}
	if after != before:
		frappe.db.set_value(PROSPECT, prospect, after)
		traffic_light.update_record(PROSPECT, prospect)


def _last_of(documents: list[SalesDocument], *kinds: str) -> str | None:
	return next((document.name for document in reversed(documents) if document.kind in kinds), None)


def refresh_state(prospect: str) -> None:
	"""Works out state, documents and traffic light of a prospect from what is on record."""
	update_state_from_documents(prospect)
	traffic_light.update_record(PROSPECT, prospect)


def _state_from(prospect: str, quotation: str | None, order: str | None) -> str:
	"""The state of a prospect that is neither given up nor converted."""
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
	if order or "Order made" in results:
		return "Ordered"
	return "Quoted" if quotation or results else "Open"


def apply_activity_result(activity: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: what came of a follow-up moves its prospect; an appointment that is moved or
	cancelled in the agenda is moved or cancelled on its prospect.

	A converted prospect stays converted, and one that has ordered is not merely quoted again.
	"""
	if not activity.prospect:
		return
	prospect_appointments.follow_activity(activity)
	state = STATE_OF_RESULT.get(activity.result)
	just_learnt = activity.has_value_changed("result") or activity.has_value_changed("state")
	if not state or activity.state != "Done" or activity.settled or not just_learnt:
		return
	before = frappe.db.get_value(PROSPECT, activity.prospect, "state")
	if before in (None, state, "Converted") or (before, state) == ("Ordered", "Quoted"):
		return
	frappe.db.set_value(PROSPECT, activity.prospect, "state", state)
	traffic_light.update_record(PROSPECT, activity.prospect)
