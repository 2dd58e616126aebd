"""Writes documents with dates in the past, through their usual controllers.

Used by the demo and by the loader of pipelines. The framework sets `creation`, `modified`, `owner` and
`modified_by` to the present and the current user; here they become the day of the document and the user of
its seller, and no notices are sent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.realtime import clear_realtime_log
from frappe.utils import flt

from cronus_crm.base import sales_documents
from cronus_crm.base.framework_state import forget_saved
from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_crm.activities import follow_up

Line = Row = dict[str, Any]

ACTIVITY, OPPORTUNITY, STAY = "Cronus Activity", "Cronus Opportunity", "Cronus Stage Change"
PAYMENT = "Cronus Payment"
OFFICE_OPENS = time(9)

# Fields that a document takes over from the one that it is made from, besides its lines.
_PARTY_FIELDS = ("customer", "seller", "work_center", "currency", "exchange_rate")
_CARRIED_FIELDS = (*_PARTY_FIELDS, "price_list", "taxes_included", "discount_percent", "opportunity")
# Issuing a document of these DocTypes makes activities.
_DOCTYPES_WITH_ACTIVITIES = ("Proforma", "Invoice")


# A stored document of which only doctype, name, creation, seller and a few fields were read.
StoredRecord = frappe._dict


class Issued(NamedTuple):
	"""An issued document and the activities that it made, in the order of its instalments; none when the
	settings ask for none.
	"""

	document: Document
	activities: list[StoredRecord]


@contextmanager
def import_mode() -> Iterator[None]:
	"""Context in which the framework treats what is written as an import.

	It then sends no e-mails, calls no webhooks, runs no assignment rules, and does not limit the number of
	new users an hour. Defaults of fields apply only to documents made by `frappe.new_doc`.
	"""
	before = frappe.flags.in_import, frappe.flags.mute_emails
	frappe.flags.in_import = frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.flags.in_import, frappe.flags.mute_emails = before


def commit_without_notices() -> None:
	"""Commits, and drops what was queued for after the commit: notices and live updates about the past."""
	frappe.db.after_commit.reset()
	_drop_queued_updates()
	frappe.db.commit()


def write_document(
	doctype: str,
	values: dict[str, Any],
	on: date | datetime | None,
	name: str | None = None,
	issue: bool = False,
	by: str | None = None,
) -> Document:
	"""Inserts a document with the stamps of that day and of its seller's user.

	values: including those that the framework would fetch through links. The caller has just written the
	linked documents; links are not validated, which saves a third of the time. on: None when the day is not
	known; then the stamps are those of today. name: by default the name that the naming rule of the DocType
	gives. issue: submits it in the same step. by: name of the seller who writes it, for a document without a
	seller.
	"""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.flags.ignore_links = True
	doc.flags.notify_update = False
	if issue:
		doc.docstatus = 1
	if on:
		_replace_stamping(doc, _make_stamps(doc, on, by))
	doc.insert(set_name=name)
	_drop_queued_updates()
	return doc


def _replace_stamping(doc: Document, stamps: Row) -> None:
	"""Replaces the method by which the framework stamps a new document and its rows with user and time."""

	def stamp() -> None:
		for row in (doc, *doc.get_all_children()):
			row.update(stamps)

	doc.set_user_and_timestamp = stamp


def _make_stamps(doc: Document, on: date | datetime, by: str | None = None) -> Row:
	at, seller = _to_datetime(on), by or doc.get("seller")
	user = get_user_of_seller(seller) if seller else frappe.session.user
	return {"creation": at, "modified": at, "owner": user, "modified_by": user}


def _drop_queued_updates() -> None:
	"""Drops the lists that the framework keeps until the commit and searches for each document: quadratic
	time."""
	clear_realtime_log()
	forget_saved()


def prepare_document(doctype: str, values: dict[str, Any], on: date | datetime) -> Document:
	"""A validated document with a name and stamps, not stored yet; for `insert_prepared`.

	values: see `write_document`. For thousands of documents whose events in other modules need not run.
	"""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.name = frappe.generate_hash(length=10)
	# ignore_permissions: fields that only the server writes have the values of the story.
	doc.flags.ignore_permissions = True
	doc.validate()
	at, user = _to_datetime(on), get_user_of_seller(doc.seller)
	doc.update({"creation": at, "modified": at, "owner": user, "modified_by": user})
	return doc


def insert_prepared(docs: list[Document]) -> None:
	"""Bulk-inserts documents of `prepare_document`, all of one DocType without tables."""
	rows = [doc.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True) for doc in docs]
	if rows:
		frappe.db.bulk_insert(docs[0].doctype, list(rows[0]), [tuple(row.values()) for row in rows])


def backdate(doc: Document | StoredRecord, on: date | datetime, **values: Any) -> None:
	"""Sets the stamps of a stored document, and further values, past its controller."""
	stamps = {**_make_stamps(doc, on), **values}
	table = DocType(doc.doctype)
	query = frappe.qb.update(table).where(table.name == doc.name)
	for fieldname, value in stamps.items():
		query = query.set(table[fieldname], value)
	query.run()
	doc.update(stamps)


def get_user_of_seller(seller: str) -> str | None:
	"""The user of a seller, None without one."""
	return get_present_value("Cronus Seller", seller, "user")


def write_rows(doctype: str, field: str, rows: Iterable[tuple[Document, date | datetime, Row]]) -> None:
	"""Bulk-inserts child rows of stored documents, past the controllers.

	For rows that a controller writes with the present time only, and for thousands of rows at a time.
	doctype: of the rows. field: the table field of the document. rows: (document, day of writing, values);
	the values of all rows have the same keys, and rows are numbered in their order.
	"""
	numbers: Counter[str] = Counter()
	written = []
	for parent, on, values in rows:
		numbers[parent.name] += 1
		at, user = _to_datetime(on), parent.owner
		written.append(
			{
				"name": frappe.generate_hash(length=10),
				"creation": at,
				"modified": at,
				"owner": user,
				"modified_by": user,
				"parent": parent.name,
				"parenttype": parent.doctype,
				"parentfield": field,
				"idx": numbers[parent.name],
				**values,
			}
		)
	if written:
		frappe.db.bulk_insert(doctype, list(written[0]), [tuple(row.values()) for row in written])


def write_stage_log(stays: Iterable[tuple[Document, list[Row]]]) -> None:
	"""Replaces the stage log of opportunities.

	stays: of each opportunity its rows, oldest first: `stage`, `entered_on`, `left_on` and `loss_reason`.
	"""
	stays = list(stays)
	for start in range(0, len(stays), 1000):
		names = [deal.name for deal, _rows in stays[start : start + 1000]]
		frappe.db.delete(STAY, {"parenttype": OPPORTUNITY, "parent": ("in", names)})
	write_rows(
		STAY,
		"stage_log",
		(
			(deal, row["entered_on"], {**row, "duration": _count_seconds(row), "changed_by": deal.owner})
			for deal, rows in stays
			for row in rows
		),
	)


def _count_seconds(stay: Row) -> int | None:
	return int((stay["left_on"] - stay["entered_on"]).total_seconds()) if stay["left_on"] else None


def mark_as_won(deal: Document, invoice: Document) -> None:
	"""Writes into an opportunity the invoice that won it."""
	won_on = invoice.posting_date
	backdate(deal, deal.creation, modified=_to_datetime(won_on), won_by=f"{invoice.doctype}/{invoice.name}")


def cancel_issued(issued: Issued, on: date) -> None:
	"""Cancels an issued document, which cancels its activities, and dates all of it on that day."""
	document = frappe.get_doc(issued.document.doctype, issued.document.name)
	document.flags.ignore_links = True
	document.flags.notify_update = False
	document.cancel()
	backdate(document, document.creation, modified=_to_datetime(on))
	for activity in issued.activities:
		backdate(activity, activity.creation, modified=_to_datetime(on))


def add_comment(on_document: Document, text: str, by: str, on: date | datetime) -> None:
	"""Inserts a comment below a document. by: name of the seller."""
	user = get_user_of_seller(by)
	values = {
		"comment_type": "Comment",
		"reference_doctype": on_document.doctype,
		"reference_name": on_document.name,
		"content": f"<p>{text}</p>",
		"comment_email": user,
		"comment_by": by,
	}
	write_document("Comment", values, on, by=by)


def attach_file(to: Document, file_name: str, content: bytes, by: str, on: date | datetime) -> None:
	"""Attaches a private file to a document. by: name of the seller."""
	values = {
		"file_name": file_name,
		"content": content,
		"is_private": 1,
		"attached_to_doctype": to.doctype,
		"attached_to_name": to.name,
	}
	write_document("File", values, on, by=by)


def issue_proforma(values: dict[str, Any], lines: list[Line], name: str | None = None) -> Issued:
	"""Issues a proforma on its `posting_date`."""
	return _issue_document("Proforma", {**values, "items": lines}, name)


def make_linked_lines(
	source: Document, quantities: Iterable[float] | None = None, prices: list[float] | None = None
) -> list[Line]:
	"""Lines of a document made from an issued one, each linked to its source line.

	quantities: of each line, 0 to leave it out; by default the whole quantities.
	prices: of each line, without tax; by default those of the source.
	"""
	whole = [row.quantity for row in source.items]
	lines = []
	for number, (row, quantity) in enumerate(zip(source.items, quantities or whole, strict=True)):
		if not quantity:
			continue
		line = {f: row.get(f) for f in ("product", "description", "unit", "price", "tax", "tax_rate")}
		line |= {"quantity": quantity, "source_doctype": source.doctype}
		line |= {"source_name": source.name, "source_row": row.name}
		if prices:
			line["price"] = prices[number]
		lines.append(line)
	return lines


def issue_next_document(
	doctype: str, source: Document, on: date, lines: list[Line], name: str | None = None, **values: Any
) -> Issued:
	"""Issues on that day a document made from an issued one. lines: see `make_linked_lines`."""
	in_common = {f: source.get(f) for f in _CARRIED_FIELDS}
	return _issue_document(doctype, {**in_common, "posting_date": on, "items": lines, **values}, name)


def issue_invoice(
	proforma: Document,
	on: date,
	due: date,
	prices: list[float] | None = None,
	name: str | None = None,
) -> Issued:
	"""Issues an invoice of all of a proforma that was issued; prices: see `make_linked_lines`."""
	invoice = issue_next_document(
		"Invoice", proforma, on, make_linked_lines(proforma, prices=prices), name, due_date=due
	)
	backdate_settled_follow_up(proforma, on)
	return invoice


def backdate_settled_follow_up(proforma: Document, on: date) -> None:
	"""Sets the end of a proforma's follow-up to that day, if an invoice has ended it."""
	for activity in find_activities(proforma):
		if activity.settled:
			_backdate_end(activity, on)


def pay_invoice(
	invoice: Document, amount: float, on: date, name: str | None = None, kind: str = "Received"
) -> Document:
	"""Issues a payment for an issued invoice, in its currency; kind "Returned": pays back a credit note."""
	row = {"invoice": invoice.name, "amount": flt(amount, 2)}
	return _issue_payment(invoice, {"kind": kind, "allocations": [row]}, on, name)


def pay_in_advance(order: Document, amount: float, on: date, name: str | None = None) -> Document:
	"""Issues a payment of an order's customer that is not allocated to an invoice yet."""
	return _issue_payment(order, {"kind": "Received", "amount": flt(amount, 2)}, on, name)


def _issue_payment(about: Document, values: dict[str, Any], on: date, name: str | None) -> Document:
	in_common = {f: about.get(f) for f in _PARTY_FIELDS}
	values = {**in_common, "method": "Transfer", "posting_date": on, "allocations": [], **values}
	payment = write_document(PAYMENT, values, on, name, issue=True)
	backdate(about, about.creation, modified=_to_datetime(on))
	return payment


def backdate_collections(invoice: Issued, on: list[date]) -> None:
	"""Sets the ends of an invoice's collections, in their order, to the days of its payments."""
	for activity, day in zip(invoice.activities, on, strict=False):
		_backdate_end(activity, day)


def delete_activities(issued: Issued) -> Issued:
	"""Deletes the activities that a document has made; for sources that know of none."""
	for activity in issued.activities:
		frappe.db.delete(ACTIVITY, {"name": activity.name})
	return Issued(issued.document, [])


def _issue_document(doctype: str, values: dict[str, Any], name: str | None) -> Issued:
	document = write_document(doctype, values, values["posting_date"], name, issue=True)
	activities = find_activities(document) if doctype in _DOCTYPES_WITH_ACTIVITIES else []
	for activity in activities:
		backdate(activity, document.posting_date, announced=1)
	return Issued(document, activities)


def find_activities(document: Document) -> list[StoredRecord]:
	"""The activities that issuing a document has made, by start; none when the settings ask for none."""
	read = sales_documents.read_document(document)
	keys = [follow_up.build_origin_key(read, number + 1) for number in range(len(read.instalments) or 1)]
	activity = DocType(ACTIVITY)
	fields = ("name", "creation", "seller", "settled")
	query = frappe.qb.from_(activity).select(*fields).where(activity.origin_key.isin(keys))
	rows = query.orderby(activity.starts_on).orderby(activity.name).run(as_dict=True)
	return [frappe._dict(row, doctype=ACTIVITY) for row in rows]


def finish_activity(activity: StoredRecord, result: str, on: date | datetime) -> None:
	"""Marks an activity as done on that day, with a result."""
	_backdate_end(activity, on, state="Done", result=result)


def _backdate_end(activity: StoredRecord, on: date | datetime, **values: Any) -> None:
	at = _to_datetime(on)
	backdate(activity, activity.creation, modified=at, done_on=at, **values)


def _to_datetime(on: date | datetime) -> datetime:
	return on if isinstance(on, datetime) else datetime.combine(on, OFFICE_OPENS)
