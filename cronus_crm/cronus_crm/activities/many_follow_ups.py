"""The activities of many documents, which an ERP has told together: what `follow_up.py` does for each
document that is issued here.

An ERP corrects its documents, so an activity follows more than a balance: with the kind, the customer, the
seller or the dates of its document it changes as far as it is pending. What a person has finished, cancelled
or given to somebody else stays so.

Of the past nothing is followed up and nobody is told; what is left to pay of it is collected, also what is
overdue. That is in the list of what is pending, and in the notice of overdue activities of the next morning,
which is one for each seller.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base.present_records import get_settings, read_versions
from cronus_crm.base.sales_documents import PROFORMA, DocumentChange, SalesDocument
from cronus_crm.cronus_crm.activities.follow_up import (
	Plan,
	announce_after_commit,
	build_activity,
	build_origin_key,
	list_instalments,
	plan_activities,
	save_activity,
	settle_activity,
)
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import find_acting_seller, user_of_seller

ACTIVITY = "Cronus Activity"

# The fields of an activity that its document decides, besides its plan.
_TAKEN = ("customer", "customer_name", "opportunity")
_PLANNED = ("activity_type", "subject", "seller", "starts_on")


def on_changes(changes: Sequence[DocumentChange], insert: Callable[[list[Document]], None]) -> None:
	"""Hook `cronus_on_changes`: creates, moves, settles and cancels the activities of documents that an ERP
	has told."""
	settings = get_settings()
	read_versions(
		[
			*(("User", user_of_seller(seller)) for seller in {change.now.seller for change in changes}),
			*(("Cronus Customer", customer) for customer in {change.now.customer for change in changes}),
			("Cronus Activity Type", settings.follow_up_type),
			("Cronus Activity Type", settings.collection_type),
		]
	)
	stored = _find_activities(changes)
	new = []
	for change in changes:
		if change.before and _what_counts(change.before) == _what_counts(change.now):
			continue
		plans = {plan.origin_key: plan for plan in _plan(change.now)}
		for key in _list_keys(change) & stored.keys():
			_follow(frappe.get_doc(ACTIVITY, stored[key], for_update=True), change, plans.get(key))
		new += _build_new(change, plans, stored)
	if new:
		insert(new)
		if not all(activity.announced for activity in new):
			announce_after_commit()


def _what_counts(document: SalesDocument) -> tuple:
	"""What the activities of a document depend on."""
	day = document.posting_date if document.kind == PROFORMA else None
	parts = tuple((part.number, part.due_date, part.balance > 0) for part in list_instalments(document))
	taken = tuple(getattr(document, name) for name in _TAKEN)
	return document.issued, document.kind, document.label, document.seller, day, parts, taken


def _plan(document: SalesDocument) -> list[Plan]:
	"""The activities of a document that something is left of."""
	if not document.issued or document.balance <= 0:
		return []
	return plan_activities(document)


def _list_keys(change: DocumentChange) -> set[str]:
	documents = [document for document in (change.before, change.now) if document]
	return {
		build_origin_key(document, instalment.number)
		for document in documents
		for instalment in list_instalments(document)
	}


def _find_activities(changes: Sequence[DocumentChange]) -> dict[str, str]:
	"""The names of the activities of documents that were there before, by `origin_key`."""
	keys = {key for change in changes if change.before for key in _list_keys(change)}
	if not keys:
		return {}
	activity = DocType(ACTIVITY)
	query = frappe.qb.from_(activity).select(activity.origin_key, activity.name)
	return dict(query.where(activity.origin_key.isin(sorted(keys))).run())


def _build_new(change: DocumentChange, plans: dict[str, Plan], stored: dict[str, str]) -> list[Document]:
	"""The activities that a document needs and has not had: those of one that was there before stay deleted
	once somebody has deleted them."""
	if change.is_history and change.now.kind == PROFORMA:
		return []
	had = {plan.origin_key for plan in _plan(change.before)} if change.was_issued else set()
	return [
		build_activity(change.now, plan, announced=change.is_history)
		for key, plan in plans.items()
		if key not in stored and key not in had
	]


def _follow(activity: Document, change: DocumentChange, plan: Plan | None) -> None:
	"""Brings a locked activity to what its document says now. plan: None where nothing is to be done."""
	if not plan:
		_end(activity, change)
		return
	before = activity.as_dict()
	if activity.state == "Done" and activity.settled:
		activity.update({"state": "Pending", "settled": 0, "result": None})
		activity.seller = find_acting_seller(activity.seller)
	if activity.state == "Pending":
		_take_over(activity, change, plan)
		if any(activity.get(name) != before.get(name) for name in ("state", *_PLANNED, *_TAKEN)):
			save_activity(activity)


def _take_over(activity: Document, change: DocumentChange, plan: Plan) -> None:
	"""What a document says otherwise than before goes to its pending activity; the hour stays."""
	if not change.before:
		return
	former = next((one for one in _plan_as_it_was(change) if one.origin_key == plan.origin_key), plan)
	if former.activity_type != plan.activity_type:
		activity.activity_type = plan.activity_type
	if former.subject != plan.subject:
		activity.subject = plan.subject
	if former.starts_on.date() != plan.starts_on.date():
		activity.starts_on = datetime.combine(plan.starts_on.date(), activity.starts_on.time())
	if change.before.seller != change.now.seller:
		if activity.seller == find_acting_seller(change.before.seller):
			activity.seller = find_acting_seller(change.now.seller)
	for name in _TAKEN:
		if getattr(change.before, name) != getattr(change.now, name):
			activity.set(name, getattr(change.now, name))


def _plan_as_it_was(change: DocumentChange) -> list[Plan]:
	"""What was planned for a document, whatever was left of it."""
	return plan_activities(change.before)


def _end(activity: Document, change: DocumentChange) -> None:
	"""Of a document that needs no activity any more: what is settled is done, anything else is cancelled and
	gives up its key, for the one that comes when the document does."""
	document = change.now
	same = document.issued and change.before and change.before.kind == document.kind
	numbers = {build_origin_key(document, part.number) for part in list_instalments(document)}
	if same and activity.origin_key in numbers:
		settle_activity(activity, document.kind, settled=True)
	elif activity.state == "Pending" or activity.settled:
		if activity.state == "Pending":
			activity.state = "Cancelled"
		activity.origin_key = None
		save_activity(activity)
