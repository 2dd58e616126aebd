"""Activities that are created automatically for commercial documents.

Issuing a proforma creates its follow-up; issuing an invoice creates a collection for each instalment with a
balance. They are inserted in the transaction of the submit, with a key (`origin_key`) that is unique in the
database: after an error or a retry there are either the issued document and its activities, once each, or
none of them.

Only the notification of the seller is asynchronous. After the commit a job is enqueued that notifies of all
activities that wait, unless it is there already; a scheduled sweep does the same for what the queue has lost.
The field `announced` makes this idempotent.
"""

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import get_time, getdate, now_datetime
from pypika.terms import Function

from cronus_crm.base import history, sales_documents
from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.framework_state import transaction_memo
from cronus_crm.base.jobs import enqueue_if_possible
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.present_records import get_present_doc, get_settings, read_versions
from cronus_crm.base.sales_documents import INVOICE, PROFORMA, Instalment, SalesDocument
from cronus_crm.base.texts import as_html
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import (
	find_acting_seller,
	language_of_seller,
	user_of_seller,
)

# The job that announces, of which one is enough.
_ANNOUNCING = "cronus_announcements"
_MOST_ANNOUNCED = 1000


@dataclass(frozen=True)
class Plan:
	"""An activity to create for a document, or for one of its instalments. starts_on: system time zone."""

	activity_type: str
	subject: str
	starts_on: datetime
	origin_key: str


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: creates its activities and updates those of the documents behind it."""
	create_activities(document)
	for origin in origins:
		settle_activities(origin)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: cancels its pending activities and updates those of the documents behind
	it, which may have a balance again."""
	for activity in _lock_activities(document, state="Pending").values():
		activity.state = "Cancelled"
		save_activity(activity)
	for origin in origins:
		settle_activities(origin)


def on_change(doc: Document, document: SalesDocument) -> None:
	"""Hook of a change of an issued document: of its balance or of a due date."""
	if before := doc.get_doc_before_save():
		_move_collections(document, sales_documents.read_document(before))
	settle_activities(document)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: the activities of a deleted document stay, without the link to it and without
	its key, which whoever gets its name needs."""
	if document := sales_documents.read_document(doc):
		for activity in _lock_activities(document).values():
			activity.db_set({"reference_doctype": None, "reference_name": None, "origin_key": None})


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of every DocType: the keys of a document's activities bear its new name."""
	if doc.doctype in sales_documents.registered_doctypes():
		rename_origin_keys(f"{doc.doctype}/{old}", f"{doc.doctype}/{new}")


def rename_origin_keys(old: str, new: str) -> None:
	"""Renames the keys of activities that are `old` or begin with `old` and a slash.

	After a merge the new key may be taken: that activity stays, without a key.
	"""
	activity = DocType("Cronus Activity")
	begins = Function("LEFT", activity.origin_key, len(old) + 1) == f"{old}/"
	query = frappe.qb.from_(activity).where((activity.origin_key == old) | begins)
	for name, key in query.select(activity.name, activity.origin_key).orderby(activity.name).run():
		renamed = new + key[len(old) :]
		taken = frappe.db.exists("Cronus Activity", {"origin_key": renamed, "name": ("!=", name)})
		frappe.db.set_value(
			"Cronus Activity", name, "origin_key", None if taken else renamed, update_modified=False
		)


def build_origin_key(document: SalesDocument, number: int = 1) -> str:
	"""The unique key of the activity of a document, or of one instalment of an invoice.

	It depends on the document only, so that every retry computes the same key. The key of the first
	instalment is that of the document, as for an invoice without instalments.
	"""
	key = f"{document.doctype}/{document.name}"
	return key if number == 1 else f"{key}/{number}"


def create_activities(document: SalesDocument) -> list[str]:
	"""Creates the activities that the settings define for an issued document; returns their names.

	Runs in the caller's transaction and does not commit. Raises frappe.UniqueValidationError if the document
	or the instalment has an activity already, so that the caller's transaction fails as a whole.
	"""
	settings = get_settings()
	# In one query, of what plans and inserts below ask for one by one.
	read_versions(
		[
			("User", user_of_seller(document.seller)),
			("Cronus Activity Type", settings.follow_up_type),
			("Cronus Activity Type", settings.collection_type),
		]
	)
	plans = plan_activities(document)
	# History plans nothing that would be overdue at once, and tells nobody.
	is_past = history.is_entered(document.doctype)
	if is_past:
		plans = [plan for plan in plans if plan.starts_on > now_datetime()]
	return [_create_activity(document, plan, announced=is_past) for plan in plans]


def _create_activity(document: SalesDocument, plan: Plan, announced: bool) -> str:
	activity = build_activity(document, plan, announced)
	activity.insert()
	# An import of thousands of past documents sends no notifications.
	if not activity.announced:
		announce_after_commit()
	return activity.name


def build_activity(document: SalesDocument, plan: Plan, announced: bool) -> Document:
	"""The activity of a plan, not inserted yet. announced: nobody is told of it."""
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": plan.subject,
			"activity_type": plan.activity_type,
			"seller": find_acting_seller(document.seller),
			"starts_on": plan.starts_on,
			"customer": document.customer if _find_customer(document) else None,
			"customer_name": document.customer_name,
			"prospect": document.prospect,
			"opportunity": document.opportunity,
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"origin_key": plan.origin_key,
			"announced": announced or bool(frappe.flags.in_import),
		}
	)
	# Whoever issues the document may have no right to the seller's activities. The links come from a document
	# that has just been validated.
	activity.flags.ignore_links = True
	activity.flags.has_own_key = True
	activity.flags.ignore_permissions = True
	return activity


def settle_activities(document: SalesDocument) -> None:
	"""Sets the state of a document's activities by its balances: done at zero, pending above zero.

	Activities that a person has finished or cancelled are not changed.
	"""
	if not document.issued:
		return
	activities = _lock_activities(document)
	for instalment in list_instalments(document):
		if activity := activities.get(build_origin_key(document, instalment.number)):
			settle_activity(activity, document.kind, settled=instalment.balance <= 0)


def settle_activity(activity: Document, kind: str, settled: bool) -> None:
	"""Sets the state of a locked activity: done with its document, or pending again.

	kind: of the document."""
	if settled and activity.state == "Pending":
		activity.update({"state": "Done", "settled": 1})
		if kind == PROFORMA:
			activity.result = "Order made"
		save_activity(activity)
	elif not settled and activity.state == "Done" and activity.settled:
		activity.update({"state": "Pending", "settled": 0, "result": None})
		activity.seller = find_acting_seller(activity.seller)
		save_activity(activity)


def _move_collections(document: SalesDocument, before: SalesDocument) -> None:
	"""Moves the pending collections of instalments whose due date has changed; their hour stays.

	before: the document as it was before the save.
	"""
	former_due_dates = {instalment.number: instalment.due_date for instalment in list_instalments(before)}
	moved = [
		instalment
		for instalment in list_instalments(document)
		if former_due_dates.get(instalment.number, instalment.due_date) != instalment.due_date
	]
	if document.kind != INVOICE or not moved:
		return
	activities = _lock_activities(document, state="Pending")
	for instalment in moved:
		if activity := activities.get(build_origin_key(document, instalment.number)):
			day = WorkingDays.from_settings().next_working_day(instalment.due_date)
			activity.starts_on = datetime.combine(day, activity.starts_on.time())
			save_activity(activity)


def list_instalments(document: SalesDocument) -> tuple[Instalment, ...]:
	"""The instalments of an invoice; of any other document one instalment for all of it."""
	whole = Instalment(1, document.due_date or document.posting_date, document.balance)
	return document.instalments or (whole,)


def _lock_activities(document: SalesDocument, **filters: str) -> dict[str, Document]:
	"""The activities of a document by `origin_key`, locked. filters: values of fields."""
	activity = DocType("Cronus Activity")
	keys = [build_origin_key(document, instalment.number) for instalment in list_instalments(document)]
	query = frappe.qb.from_(activity).select(activity.name).where(activity.origin_key.isin(keys))
	for fieldname, value in filters.items():
		query = query.where(activity[fieldname] == value)
	names = query.orderby(activity.origin_key).run(pluck=True)
	# A locking read, as the snapshot of a transaction that has waited for a lock is old. It is by primary
	# key: by `origin_key`, an index without that value, it would set a gap lock that blocks inserts of
	# others.
	activities = [frappe.get_doc("Cronus Activity", name, for_update=True) for name in names]
	return {activity.origin_key: activity for activity in activities}


def save_activity(activity: Document) -> None:
	"""Saves a locked activity of a document."""
	# The user who issues the document may have no right to the seller's activities. The links were checked
	# when the activity was created.
	activity.flags.ignore_links = True
	activity.save(ignore_permissions=True)


def plan_activities(document: SalesDocument) -> list[Plan]:
	"""The activities that the settings, and the terms of the customer, define for a document."""
	settings = get_settings()
	if document.kind == PROFORMA and settings.follow_up_enabled:
		return [_plan_follow_up(document, settings)]
	if document.kind == INVOICE and settings.collection_enabled:
		return [
			_plan_collection(document, instalment, settings)
			for instalment in list_instalments(document)
			if instalment.balance > 0
		]
	return []


def _plan_follow_up(document: SalesDocument, settings: Document) -> Plan:
	terms = _find_customer(document) or frappe._dict()
	# In the seller's language: the seller reads it, not the user who issues the document.
	subject = _("Follow up {0} of {1}", language_of_seller(find_acting_seller(document.seller)))
	day = WorkingDays.from_settings().add_days(
		getdate(document.posting_date), terms.follow_up_days or settings.follow_up_days
	)
	return Plan(
		activity_type=terms.follow_up_type or find_activity_type("Follow-up", settings.follow_up_type),
		subject=subject.format(document.label, document.customer_name)[:140],
		starts_on=_combine_day_and_time(day, terms.follow_up_time or settings.follow_up_time),
		origin_key=build_origin_key(document),
	)


def _plan_collection(document: SalesDocument, instalment: Instalment, settings: Document) -> Plan:
	language = language_of_seller(find_acting_seller(document.seller))
	if len(list_instalments(document)) == 1:
		subject = _("Collect {0} from {1}", language).format(document.label, document.customer_name)
	else:
		subject = _("Collect instalment {0} of {1} from {2}", language).format(
			instalment.number, document.label, document.customer_name
		)
	return Plan(
		activity_type=find_activity_type("Collection", settings.collection_type),
		subject=subject[:140],
		starts_on=_combine_day_and_time(
			WorkingDays.from_settings().next_working_day(instalment.due_date), settings.collection_time
		),
		origin_key=build_origin_key(document, instalment.number),
	)


def _find_customer(document: SalesDocument) -> Document | None:
	"""The Cronus Customer of a document; None for a document of a prospect or of another ERP's customer."""
	if not document.customer:
		return None
	try:
		return get_present_doc("Cronus Customer", document.customer)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


def find_activity_type(kind: str, chosen: str | None = None) -> str:
	"""The name of an activity type: `chosen`, else the oldest enabled one of that kind.

	Creates one if the site has none, so that incomplete masters do not prevent the issue of a document.
	"""
	if chosen:
		return chosen
	oldest = frappe.db.get_value(
		"Cronus Activity Type", {"kind": kind, "disabled": 0}, order_by="creation asc"
	)
	if oldest:
		return oldest
	created = frappe.get_doc({"doctype": "Cronus Activity Type", "activity_type": kind, "kind": kind})
	# The user who issues a document need not have the right to create masters.
	return created.insert(ignore_permissions=True, ignore_if_duplicate=True).name


def _combine_day_and_time(day, time) -> datetime:
	return datetime.combine(day, get_time(time or "09:00"))


def announce_after_commit() -> None:
	"""Has the job that announces enqueued once the transaction is committed, once for all its activities."""
	memo = transaction_memo()
	if "announced" not in memo:
		memo["announced"] = True
		frappe.db.after_commit.add(_enqueue_announcements)


def _enqueue_announcements() -> None:
	"""Enqueues the job, unless one waits already. Without a queue the next sweep announces."""
	enqueue_if_possible(announce_pending, queue="short", job_id=_ANNOUNCING, deduplicate=True)


def announce_activity(activity: str) -> None:
	"""Notifies the seller of an activity that was created for them. Idempotent."""
	# Locks the row, so that notification and mark are committed together and once.
	row = frappe.db.get_value(
		"Cronus Activity",
		activity,
		["announced", "subject", "seller", "owner"],
		as_dict=True,
		for_update=True,
	)
	if not row or row.announced:
		return
	if user := user_of_seller(row.seller):
		subject = _("New activity: {0}", user_language(user)).format(frappe.bold(as_html(row.subject)))
		# Whoever issued the document may be gone by now.
		from_user = row.owner if frappe.db.exists("User", row.owner) else None
		send_notice(user, subject, document=("Cronus Activity", activity), from_user=from_user)
	frappe.db.set_value("Cronus Activity", activity, "announced", 1, update_modified=False)


def announce_pending() -> None:
	"""Job and scheduled sweep: notifies of all activities that wait for it, each in a transaction of its own.

	What fails does not stop the others, and is tried again by the next sweep.
	"""
	failed: list[str] = []
	while waiting := _list_unannounced(failed):
		failed += [name for name in waiting if not run_in_own_transaction(announce_activity, name)]


def _list_unannounced(failed: list[str]) -> list[str]:
	return frappe.get_all(
		"Cronus Activity",
		filters={"announced": 0, "name": ("not in", failed)},
		pluck="name",
		order_by="creation asc",
		limit=_MOST_ANNOUNCED,
	)
