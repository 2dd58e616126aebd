"""Documents of the past, written by the same controllers as those of today, with the dates that they had.

Used by the demo and by the loader of pipelines. The framework stamps what it writes with the present; here
the stamps are put back, nobody is told about what happened long ago, and whoever sold is who wrote.
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
from cronus_crm.cronus_crm.activities import follow_up

Line = Row = dict[str, Any]

ACTIVITY, OPPORTUNITY, STAY = "Cronus Activity", "Cronus Opportunity", "Cronus Stage Change"
PAYMENT = "Cronus Payment"
OFFICE_OPENS = time(9)

# What a document has from the one that it is made from, besides its lines.
_OF_WHOM = ("customer", "seller", "work_center", "currency", "exchange_rate")
_IN_COMMON = (*_OF_WHOM, "price_list", "taxes_included", "discount_percent", "opportunity")
# Issuing these makes activities.
_FOLLOWED = ("Proforma", "Invoice")


# Of a document that others have made: its doctype, name, creation and seller.
Made = frappe._dict


class Issued(NamedTuple):
	"""An issued document and the activities that it made, if the settings ask for any: of an invoice one for
	each instalment."""

	document: Document
	activities: list[Made]


@contextmanager
def importing() -> Iterator[None]:
	"""Marks what is written inside as brought in from elsewhere.

	The framework then sends no e-mails, calls no webhooks, assigns nothing, and does not hold the number of
	new users against us. Defaults of fields apply only to documents made by `frappe.new_doc`.
	"""
	before = frappe.flags.in_import, frappe.flags.mute_emails
	frappe.flags.in_import = frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.flags.in_import, frappe.flags.mute_emails = before


def commit_quietly() -> None:
	"""Commits, and drops what was to happen after it: notices and live updates about the past."""
	frappe.db.after_commit.reset()
	_forget_what_waits_for_the_commit()
	frappe.db.commit()


def write(
	doctype: str,
	values: dict[str, Any],
	on: date | datetime | None,
	name: str | None = None,
	issue: bool = False,
	by: str | None = None,
) -> Document:
	"""Inserts a document as its seller would have on that day, and submits it in the same step if asked.

	on: None when nobody knows the day; then it is written today.
	values: including what the framework would fetch through links. Whoever calls has just written what the
	links point at; they are not looked up again, which saves a third of the time.
	name: the name to give; without one, that of the DocType's own rule.
	by: the seller who writes it, of a document that has none of its own.
	"""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.flags.ignore_links = True
	doc.flags.notify_update = False
	if issue:
		doc.docstatus = 1
	if on:
		_stamp(doc, _stamps(doc, on, by))
	doc.insert(set_name=name)
	_forget_what_waits_for_the_commit()
	return doc


def _stamp(doc: Document, stamps: Row) -> None:
	"""Has a new document and its rows stamped so, where the framework would write who and when it is now."""

	def stamp() -> None:
		for row in (doc, *doc.get_all_children()):
			row.update(stamps)

	doc.set_user_and_timestamp = stamp


def _stamps(doc: Document, on: date | datetime, by: str | None = None) -> Row:
	at, seller = _moment(on), by or doc.get("seller")
	user = user_of(seller) if seller else frappe.session.user
	return {"creation": at, "modified": at, "owner": user, "modified_by": user}


def _forget_what_waits_for_the_commit() -> None:
	"""Drops what the framework collects until the commit: it looks through all of it at each document."""
	clear_realtime_log()
	frappe.flags.currently_saving.clear()


def prepare(doctype: str, values: dict[str, Any], on: date | datetime) -> Document:
	"""A document as its controller would have it, for `insert_all`; with a name, and not stored yet.

	values: see `write`, which it replaces where documents are many and other modules need not hear of them.
	"""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.name = frappe.generate_hash(length=10)
	# What only the system writes comes from the story here.
	doc.flags.ignore_permissions = True
	doc.validate()
	at, user = _moment(on), user_of(doc.seller)
	doc.update({"creation": at, "modified": at, "owner": user, "modified_by": user})
	return doc


def insert_all(docs: list[Document]) -> None:
	"""Inserts documents of one DocType, without rows, that `prepare` has made."""
	rows = [doc.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True) for doc in docs]
	if rows:
		frappe.db.bulk_insert(docs[0].doctype, list(rows[0]), [tuple(row.values()) for row in rows])


def put_back(doc: Document | Made, on: date | datetime, **values: Any) -> None:
	"""Writes into the stored document what the framework has stamped with the present."""
	stamps = {**_stamps(doc, on), **values}
	table = DocType(doc.doctype)
	query = frappe.qb.update(table).where(table.name == doc.name)
	for fieldname, value in stamps.items():
		query = query.set(table[fieldname], value)
	query.run()
	doc.update(stamps)


def user_of(seller: str) -> str | None:
	return frappe.get_cached_value("Cronus Seller", seller, "user")


def write_rows(doctype: str, field: str, rows: Iterable[tuple[Document, date | datetime, Row]]) -> None:
	"""Inserts rows of documents that are stored already, past their controllers.

	For what a controller writes about the present alone, and for thousands of rows at a time.
	doctype: of the rows. field: the table of the document that they belong to.
	rows: each with its document and the day of its writing. All of one shape; numbered in their order.
	"""
	numbers: Counter[str] = Counter()
	written = []
	for parent, on, values in rows:
		numbers[parent.name] += 1
		at, user = _moment(on), parent.owner
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


def write_stays(stays: Iterable[tuple[Document, list[Row]]]) -> None:
	"""Gives deals the stages that they have gone through, instead of the one that they were written in.

	stays: of each deal, oldest first: `stage`, `entered_on`, `left_on` and `loss_reason`.
	"""
	stays = list(stays)
	for start in range(0, len(stays), 1000):
		names = [deal.name for deal, _rows in stays[start : start + 1000]]
		frappe.db.delete(STAY, {"parenttype": OPPORTUNITY, "parent": ("in", names)})
	write_rows(
		STAY,
		"stage_log",
		(
			(deal, row["entered_on"], {**row, "duration": _seconds(row), "changed_by": deal.owner})
			for deal, rows in stays
			for row in rows
		),
	)


def _seconds(stay: Row) -> int | None:
	return int((stay["left_on"] - stay["entered_on"]).total_seconds()) if stay["left_on"] else None


def win(deal: Document, invoice: Document) -> None:
	"""Notes which invoice has won a deal."""
	won_on = invoice.posting_date
	put_back(deal, deal.creation, modified=_moment(won_on), won_by=f"{invoice.doctype}/{invoice.name}")


def cancel(issued: Issued, on: date) -> None:
	"""Cancels a document that was issued, on that day, and with it its activity."""
	document = frappe.get_doc(issued.document.doctype, issued.document.name)
	document.flags.ignore_links = True
	document.flags.notify_update = False
	document.cancel()
	put_back(document, document.creation, modified=_moment(on))
	for activity in issued.activities:
		put_back(activity, activity.creation, modified=_moment(on))


def comment(on_document: Document, text: str, by: str, on: date | datetime) -> None:
	"""A comment of a seller below a document."""
	user = user_of(by)
	values = {
		"comment_type": "Comment",
		"reference_doctype": on_document.doctype,
		"reference_name": on_document.name,
		"content": f"<p>{text}</p>",
		"comment_email": user,
		"comment_by": by,
	}
	write("Comment", values, on, by=by)


def attach(to: Document, file_name: str, content: bytes, by: str, on: date | datetime) -> None:
	"""A private file of a document."""
	values = {
		"file_name": file_name,
		"content": content,
		"is_private": 1,
		"attached_to_doctype": to.doctype,
		"attached_to_name": to.name,
	}
	write("File", values, on, by=by)


def issue_proforma(values: dict[str, Any], lines: list[Line], name: str | None = None) -> Issued:
	"""Issues a proforma on its `posting_date`."""
	return _issue("Proforma", {**values, "items": lines}, name)


def carry(
	source: Document, quantities: Iterable[float] | None = None, prices: list[float] | None = None
) -> list[Line]:
	"""Lines of a document that is made from one that was issued, linked line by line.

	quantities: of each line, 0 to leave one out; by default, all of it.
	prices: of each line, without tax, where they are not those of the source.
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


def issue_next(
	doctype: str, source: Document, on: date, lines: list[Line], name: str | None = None, **values: Any
) -> Issued:
	"""Issues, on that day, what follows a document that was issued, with lines that `carry` has made."""
	in_common = {f: source.get(f) for f in _IN_COMMON}
	return _issue(doctype, {**in_common, "posting_date": on, "items": lines, **values}, name)


def issue_invoice(
	proforma: Document,
	on: date,
	due: date,
	prices: list[float] | None = None,
	name: str | None = None,
) -> Issued:
	"""Issues an invoice of all of a proforma that was issued; prices: see `carry`."""
	invoice = issue_next("Invoice", proforma, on, carry(proforma, prices=prices), name, due_date=due)
	note_settled(proforma, on)
	return invoice


def note_settled(proforma: Document, on: date) -> None:
	"""Dates the end of a proforma's follow-up, if the invoice of that day has ended it."""
	for activity in activities_of(proforma):
		if activity.settled:
			_finished(activity, on)


def pay(
	invoice: Document, amount: float, on: date, name: str | None = None, kind: str = "Received"
) -> Document:
	"""Pays an amount of an invoice that was issued, on that day, or gives it back of a credit note."""
	row = {"invoice": invoice.name, "amount": flt(amount, 2)}
	return _issue_payment(invoice, {"kind": kind, "allocations": [row]}, on, name)


def pay_in_advance(order: Document, amount: float, on: date, name: str | None = None) -> Document:
	"""Money that is not for any invoice yet."""
	return _issue_payment(order, {"kind": "Received", "amount": flt(amount, 2)}, on, name)


def _issue_payment(about: Document, values: dict[str, Any], on: date, name: str | None) -> Document:
	in_common = {f: about.get(f) for f in _OF_WHOM}
	values = {**in_common, "method": "Transfer", "posting_date": on, "allocations": [], **values}
	payment = write(PAYMENT, values, on, name, issue=True)
	put_back(about, about.creation, modified=_moment(on))
	return payment


def note_collected(invoice: Issued, on: list[date]) -> None:
	"""Dates the end of collections of an invoice that was paid on these days, the first ones first."""
	for activity, day in zip(invoice.activities, on, strict=False):
		_finished(activity, day)


def forget(issued: Issued) -> Issued:
	"""Takes away the activities that a document has made, where nobody knows of any."""
	for activity in issued.activities:
		frappe.db.delete(ACTIVITY, {"name": activity.name})
	return Issued(issued.document, [])


def _issue(doctype: str, values: dict[str, Any], name: str | None) -> Issued:
	document = write(doctype, values, values["posting_date"], name, issue=True)
	activities = activities_of(document) if doctype in _FOLLOWED else []
	for activity in activities:
		put_back(activity, document.posting_date, announced=1)
	return Issued(document, activities)


def activities_of(document: Document) -> list[Made]:
	"""The activities that issuing a document has made, if the settings ask for any, in their order."""
	read = sales_documents.read_document(document)
	keys = [follow_up.origin_key(read, number + 1) for number in range(len(read.instalments) or 1)]
	activity = DocType(ACTIVITY)
	fields = ("name", "creation", "seller", "settled")
	query = frappe.qb.from_(activity).select(*fields).where(activity.origin_key.isin(keys))
	rows = query.orderby(activity.starts_on).orderby(activity.name).run(as_dict=True)
	return [frappe._dict(row, doctype=ACTIVITY) for row in rows]


def finish(activity: Made, result: str, on: date | datetime) -> None:
	"""Marks an activity as done on that day, with a result."""
	_finished(activity, on, state="Done", result=result)


def _finished(activity: Made, on: date | datetime, **values: Any) -> None:
	at = _moment(on)
	put_back(activity, activity.creation, modified=at, done_on=at, **values)


def _moment(on: date | datetime) -> datetime:
	return on if isinstance(on, datetime) else datetime.combine(on, OFFICE_OPENS)
