"""The activities that commercial documents make by themselves.

Issuing a proforma makes its follow-up, issuing an invoice makes a collection for each instalment with a
balance. Each is made in the transaction of the document's submit, with a key that is unique in the database:
whatever fails or repeats, there is one document with its activities, or neither.

Only the notice in the seller's bell may wait. It is sent by a job after the commit and, for when the queue
has lost it, by a sweep every few minutes; the mark `announced` on the activity makes it one notice.
"""

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import add_to_date, escape_html, flt, get_time, getdate, now_datetime
from redis.exceptions import RedisError

from cronus_crm.base import sales_documents
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.sales_documents import INVOICE, PROFORMA, Instalment, SalesDocument
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import language_of_seller, user_of_seller


@dataclass(frozen=True)
class Plan:
	"""What is to be done about a document, or about an instalment of it, and when."""

	activity_type: str
	subject: str
	starts_on: datetime
	origin_key: str


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: makes its activities, settles those that it answers."""
	create(document)
	for origin in origins:
		settle(origin)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: its activities go with it; what it answered is open again."""
	for activity in _activities_of(document, state="Pending").values():
		activity.state = "Cancelled"
		_save(activity)
	for origin in origins:
		settle(origin)


def on_change(doc: Document, document: SalesDocument) -> None:
	"""Hook of a payment or a new due date on an issued document."""
	if before := doc.get_doc_before_save():
		_move(document, sales_documents.read_document(before))
	settle(document)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: a cancelled document is deleted, what was done about it stays on record."""
	if document := sales_documents.read_document(doc):
		for activity in _activities_of(document).values():
			activity.db_set({"reference_doctype": None, "reference_name": None})


def origin_key(document: SalesDocument, number: int = 1) -> str:
	"""The key of a document's activity, of an invoice that of an instalment: the same for every attempt to
	make it. The first instalment has the key of a document that is not divided."""
	key = f"{document.doctype}/{document.name}"
	return key if number == 1 else f"{key}/{number}"


def create(document: SalesDocument) -> list[str]:
	"""Makes the activities that an issued document asks for, if any, and gives back their names.

	Runs in the caller's transaction and never commits. A second activity for the same document, or for the
	same instalment, is refused by the unique key of the table, and with it whatever asked for it.

	Raises frappe.UniqueValidationError in that case.
	"""
	return [_make(document, plan) for plan in _plans(document)]


def _make(document: SalesDocument, plan: Plan) -> str:
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": plan.subject,
			"activity_type": plan.activity_type,
			"seller": document.seller,
			"starts_on": plan.starts_on,
			"customer": document.customer if _own_customer(document) else None,
			"customer_name": document.customer_name,
			"prospect": document.prospect,
			"opportunity": document.opportunity,
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"origin_key": plan.origin_key,
			"announced": bool(frappe.flags.in_import),
		}
	)
	# Whoever issues the document may be an assistant, who has no say in the seller's agenda; every link
	# comes from a document that has just been validated.
	activity.flags.ignore_links = True
	activity.insert(ignore_permissions=True)
	# Whoever imports thousands of documents of the past does not want a notice for each.
	if not activity.announced:
		frappe.db.after_commit.add(lambda: _enqueue_announcement(activity.name))
	return activity.name


def settle(document: SalesDocument) -> None:
	"""Brings the activities of a document in line with its balances: done without one, pending with one.

	What a person has finished or cancelled stays as that person left it.
	"""
	if not document.issued:
		return
	activities = _activities_of(document)
	for part in _parts(document):
		if activity := activities.get(origin_key(document, part.number)):
			_settle(activity, document.kind, settled=flt(part.balance, 2) <= 0)


def _settle(activity: Document, kind: str, settled: bool) -> None:
	if settled and activity.state == "Pending":
		activity.update({"state": "Done", "settled": 1})
		if kind == PROFORMA:
			activity.result = "Order made"
		_save(activity)
	elif not settled and activity.state == "Done" and activity.settled:
		activity.update({"state": "Pending", "settled": 0, "result": None})
		_save(activity)


def _move(document: SalesDocument, before: SalesDocument) -> None:
	"""The collection of an instalment that is due on another day goes along, at the hour that it has."""
	due_before = {part.number: part.due_date for part in _parts(before)}
	moved = [part for part in _parts(document) if due_before.get(part.number, part.due_date) != part.due_date]
	if document.kind != INVOICE or not moved:
		return
	activities = _activities_of(document, state="Pending")
	for part in moved:
		if activity := activities.get(origin_key(document, part.number)):
			day = WorkingDays.from_settings().next_working_day(part.due_date)
			activity.starts_on = datetime.combine(day, activity.starts_on.time())
			_save(activity)


def _parts(document: SalesDocument) -> tuple[Instalment, ...]:
	"""What has an activity of its own: the instalments of an invoice, other documents as a whole."""
	whole = Instalment(1, document.due_date or document.posting_date, document.balance)
	return document.instalments or (whole,)


def _activities_of(document: SalesDocument, **filters: str) -> dict[str, Document]:
	"""The activities that a document has made, by their keys."""
	activity = DocType("Cronus Activity")
	keys = [origin_key(document, part.number) for part in _parts(document)]
	query = frappe.qb.from_(activity).select(activity.name).where(activity.origin_key.isin(keys))
	for fieldname, value in filters.items():
		query = query.where(activity[fieldname] == value)
	names = query.orderby(activity.origin_key).run(pluck=True)
	# As they are now, not as they were when a transaction began that has waited for its turn since. They are
	# locked by their names: by a key that is not there, others would be kept from making theirs.
	activities = [frappe.get_doc("Cronus Activity", name, for_update=True) for name in names]
	return {activity.origin_key: activity for activity in activities}


def _save(activity: Document) -> None:
	# The event that moves the activity may be an invoice of somebody who does not see the seller's agenda.
	# Its links were good when it was made.
	activity.flags.ignore_links = True
	activity.save(ignore_permissions=True)


def _plans(document: SalesDocument) -> list[Plan]:
	"""What the settings, and the customer's own terms, say is to be done about a document."""
	settings = frappe.get_cached_doc("Cronus CRM Settings")
	if document.kind == PROFORMA and settings.follow_up_enabled:
		return [_follow_up(document, settings)]
	if document.kind == INVOICE and settings.collection_enabled:
		return [
			_collection(document, part, settings) for part in _parts(document) if flt(part.balance, 2) > 0
		]
	return []


def _follow_up(document: SalesDocument, settings: Document) -> Plan:
	terms = _own_customer(document) or frappe._dict()
	# The text is the seller's to read, not that of whoever issues the document.
	subject = _("Follow up {0} of {1}", language_of_seller(document.seller))
	day = WorkingDays.from_settings().add_days(
		getdate(document.posting_date), terms.follow_up_days or settings.follow_up_days
	)
	return Plan(
		activity_type=terms.follow_up_type or type_of_kind("Follow-up", settings.follow_up_type),
		subject=subject.format(document.name, document.customer_name)[:140],
		starts_on=_at(day, terms.follow_up_time or settings.follow_up_time),
		origin_key=origin_key(document),
	)


def _collection(document: SalesDocument, part: Instalment, settings: Document) -> Plan:
	language = language_of_seller(document.seller)
	if len(_parts(document)) == 1:
		subject = _("Collect {0} from {1}", language).format(document.name, document.customer_name)
	else:
		subject = _("Collect instalment {0} of {1} from {2}", language).format(
			part.number, document.name, document.customer_name
		)
	return Plan(
		activity_type=type_of_kind("Collection", settings.collection_type),
		subject=subject[:140],
		starts_on=_at(WorkingDays.from_settings().next_working_day(part.due_date), settings.collection_time),
		origin_key=origin_key(document, part.number),
	)


def _own_customer(document: SalesDocument) -> Document | None:
	"""The Cronus Customer of a document; None for a prospect's, and for another ERP's customer."""
	if not document.customer:
		return None
	try:
		return frappe.get_cached_doc("Cronus Customer", document.customer)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


def type_of_kind(kind: str, chosen: str | None = None) -> str:
	"""The chosen type of activity; without one, the oldest of that kind. A site without any gets one, because
	a document is not held up by a page of settings that nobody has filled in."""
	if chosen:
		return chosen
	oldest = frappe.db.get_value(
		"Cronus Activity Type", {"kind": kind, "disabled": 0}, order_by="creation asc"
	)
	if oldest:
		return oldest
	made = frappe.get_doc({"doctype": "Cronus Activity Type", "activity_type": kind, "kind": kind})
	# Whoever issues a document need not be allowed to keep the masters.
	return made.insert(ignore_permissions=True, ignore_if_duplicate=True).name


def _at(day, time) -> datetime:
	return datetime.combine(day, get_time(time or "09:00"))


def _enqueue_announcement(activity: str) -> None:
	try:
		frappe.enqueue(announce_activity, activity=activity, queue="short")
	except RedisError:
		# The document is committed; announce_pending finds this activity again.
		frappe.logger("cronus_crm").warning("no queue: the announcement of %s waits", activity)


def announce_activity(activity: str) -> None:
	"""Job: tells the seller in the bell about an activity made for them; once, whoever repeats it."""
	# The row is locked until the notice and the mark are committed together.
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
		subject = _("New activity: {0}", user_language(user)).format(frappe.bold(escape_html(row.subject)))
		send_notice(user, subject, document=("Cronus Activity", activity), from_user=row.owner)
	frappe.db.set_value("Cronus Activity", activity, "announced", 1, update_modified=False)


def announce_pending() -> None:
	"""Scheduled: announces what the queue has lost, each in a transaction of its own."""
	waiting = frappe.get_all(
		"Cronus Activity",
		filters={"announced": 0, "creation": ("<", add_to_date(now_datetime(), minutes=-1))},
		pluck="name",
		order_by="creation asc",
		limit=1000,
	)
	for activity in waiting:
		announce_activity(activity)
		frappe.db.commit()
