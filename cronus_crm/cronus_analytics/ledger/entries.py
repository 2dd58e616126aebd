"""The sales ledger: one entry for each commercial document that was issued, whatever ERP it comes from.

Entries are written in the transaction of the document itself, and only here. Every figure is read from them
and they can be proved: :func:`differences` compares them with the documents, :func:`repair` puts right what
differs.

Amounts are in the company's currency; see :class:`~cronus_crm.base.sales_documents.SalesDocument`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Min
from frappe.utils import flt, getdate, now

from cronus_crm.base import sales_documents
from cronus_crm.base.batches import Progress, split_batches
from cronus_crm.base.sales_documents import Key, SalesDocument
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import totals_of_entry
from cronus_crm.cronus_crm.prospects import prospect_state

ENTRY = "Cronus Sales Entry"
ORIGIN = "Cronus Sales Entry Origin"

_AMOUNTS = ("amount", "total", "balance")
_DATES = ("posting_date", "due_date")
_COPIED = (
	"kind",
	"customer",
	"seller",
	"work_center",
	*_DATES,
	"currency",
	*_AMOUNTS,
)

# What the totals are counted from.
_COUNTED = (
	"kind",
	"posting_date",
	"seller",
	"work_center",
	"owner",
	"amount",
	"balance",
	"cancelled",
	"first_invoiced_on",
)

# How many documents are read at once.
_AT_ONCE = 500


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: it enters the ledger."""
	entered = _insert(document, doc.owner)
	_count([Change(None, entered), *_refresh_origins(document, origins)])


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: its entry stays, marked as cancelled."""
	cancelled = _write(document, {"cancelled": 1, "balance": 0})
	_count([cancelled, *_refresh_origins(document, origins)])


def on_change(doc: Document, document: SalesDocument) -> None:
	"""Hook of what may change on an issued document: its entry follows."""
	_count([_write(document, _values(document))])
	_keep_origins(document)


def on_prospect_change(prospect: Document) -> None:
	"""Hook of a prospect that is converted, or no longer: its documents have a customer, or have none."""
	for document in prospect_state.list_prospect_documents(prospect.name):
		frappe.db.set_value(ENTRY, _key(document), "customer", document.customer)


def _key(document: SalesDocument) -> dict:
	return {"source_doctype": document.doctype, "source_name": document.name}


def _values(document: SalesDocument) -> dict:
	return {fieldname: getattr(document, fieldname) for fieldname in _COPIED}


class Change(NamedTuple):
	"""An entry as it was, None for a new one, and as it is now: what the totals are counted from."""

	before: dict | None
	now: dict


def _count(changes: Iterable[Change]) -> None:
	"""Moves the totals by all changes at once, so that their rows are touched in one order."""
	before = [part for change in changes if change.before for part in totals_of_entry(change.before)]
	totals.apply_change((part for change in changes for part in totals_of_entry(change.now)), before)


def _write(document: SalesDocument, values: dict) -> Change:
	"""Changes the entry of a document that the transaction has locked."""
	entry = DocType(ENTRY)
	its = (entry.source_doctype == document.doctype) & (entry.source_name == document.name)
	found = frappe.qb.from_(entry).select(*_COUNTED).where(its).for_update().run(as_dict=True)
	update = frappe.qb.update(entry).where(its).set(entry.modified, now())
	update = update.set(entry.modified_by, frappe.session.user)
	for fieldname, value in values.items():
		update = update.set(entry[fieldname], value)
	update.run()
	# A document of before this app was installed has no entry until `cronus rebuild`.
	before = found[0] if found else {"cancelled": True}
	return Change(before, {**before, **values})


def _insert(document: SalesDocument, owner: str, **others) -> dict:
	"""Writes the entry of a document and gives back what it says; a second one is refused by the unique key
	of the table."""
	entered = {**_stamp(owner), **_key(document), **_values(document), **others}
	_insert_row(ENTRY, entered)
	_insert_origins(entered["name"], document.origins)
	return {"cancelled": 0, "first_invoiced_on": None, **entered}


def _keep_origins(document: SalesDocument) -> None:
	"""An advance that is allocated to an invoice later comes to have one origin more."""
	found = _entries_of([document]).get((document.doctype, document.name))
	if found and found.origins != set(document.origins):
		frappe.db.delete(ORIGIN, {"parent": found.name})
		_insert_origins(found.name, document.origins)


def _insert_origins(entry: str, origins: Iterable[Key]) -> None:
	for idx, (doctype, name) in enumerate(origins, start=1):
		row = {"parent": entry, "parenttype": ENTRY, "parentfield": "origins", "idx": idx}
		named = {"origin_doctype": doctype, "origin_name": name}
		_insert_row(ORIGIN, {**_stamp(frappe.session.user), **row, **named})


def _stamp(owner: str) -> dict:
	return {
		"name": frappe.generate_hash(length=10),
		"creation": now(),
		"modified": now(),
		"owner": owner,
		"modified_by": frappe.session.user,
	}


def _insert_row(doctype: str, row: dict) -> None:
	# Without the controller: nobody edits entries, and every document that is issued waits for this.
	frappe.qb.into(DocType(doctype)).columns(*row).insert(*row.values()).run()


def _refresh_origins(document: SalesDocument, origins: list[SalesDocument]) -> Iterator[Change]:
	"""Brings up to date the entries of what the document was made from, with their first invoice.

	Those documents are locked, so that nothing is lost between reading and writing.
	"""
	for origin in origins:
		values = _values(origin)
		if document.kind == "Invoice":
			values["first_invoiced_on"] = first_invoiced_on(origin.doctype, origin.name, for_update=True)
		yield _write(origin, values)


def first_invoiced_on(doctype: str, name: str, for_update: bool = False) -> date | None:
	"""The date of the earliest invoice, not cancelled, that was made from a document; None without any.

	for_update: reads what others have committed, which a transaction that has waited for the document's lock
	would otherwise not see.
	"""
	entry, origin = DocType(ENTRY), DocType(ORIGIN)
	query = frappe.qb.from_(origin)
	if for_update:
		query = query.for_update()
	return (
		query.join(entry)
		.on(entry.name == origin.parent)
		.where((origin.origin_doctype == doctype) & (origin.origin_name == name))
		.where((entry.kind == "Invoice") & (entry.cancelled == 0))
		.select(Min(entry.posting_date))
		.run()
	)[0][0]


class Difference(NamedTuple):
	"""document: (doctype, name) whose entry is not what it should be. sentence: what is wrong with it."""

	document: Key
	sentence: str


def differences(progress: Progress | None = None, since: datetime | None = None) -> Iterator[Difference]:
	"""Compares the entries with the documents.

	progress: called with (documents compared, documents in all, DocType).
	since: compares the documents that were changed since then, and no others.
	"""
	for documents in _in_batches(progress, since):
		entries = _entries_of(documents)
		for document in documents:
			key = document.doctype, document.name
			for wrong in _wrong_with(document, entries.get(key)):
				yield Difference(key, f"{document.doctype} {document.name}: {wrong}")
	yield from _wrong_first_invoices()
	for doctype, name in _find_strays():
		sentence = f"{doctype} {name}: is in the ledger, and there is no such document"
		yield Difference((doctype, name), sentence)


def _wrong_with(document: SalesDocument, entry: dict | None) -> Iterator[str]:
	if not entry:
		yield "has no entry in the ledger"
		return
	if bool(entry.cancelled) == document.issued:
		yield f"is {'issued' if document.issued else 'cancelled'}, its entry is not"
	if not document.issued:
		return
	for fieldname in _COPIED:
		expected, recorded = getattr(document, fieldname), entry[fieldname]
		if fieldname in _AMOUNTS:
			expected, recorded = flt(expected, 2), flt(recorded, 2)
		elif fieldname in _DATES:
			recorded = getdate(recorded) if recorded else None
		if (expected or None) != (recorded or None):
			yield f"{fieldname} is {expected}, the ledger says {recorded}"
	if set(document.origins) != entry.origins:
		yield "was made from other documents than the ledger says"


def _wrong_first_invoices() -> list[Difference]:
	"""Of entries whose first invoice is not the earliest of those that the ledger has."""
	entry, invoice, origin = DocType(ENTRY), DocType(ENTRY).as_("invoice"), DocType(ORIGIN)
	first = (
		frappe.qb.from_(origin)
		.join(invoice)
		.on(invoice.name == origin.parent)
		.where((invoice.kind == "Invoice") & (invoice.cancelled == 0))
		.select(origin.origin_doctype, origin.origin_name, Min(invoice.posting_date).as_("day"))
		.groupby(origin.origin_doctype, origin.origin_name)
	)
	none = date(1, 1, 1)
	found = (
		frappe.qb.from_(entry)
		.left_join(first)
		.on((first.origin_doctype == entry.source_doctype) & (first.origin_name == entry.source_name))
		.where(entry.cancelled == 0)
		.where(Coalesce(entry.first_invoiced_on, none) != Coalesce(first.day, none))
		.select(entry.source_doctype, entry.source_name, first.day, entry.first_invoiced_on)
		.run()
	)
	return [
		Difference((doctype, name), f"{doctype} {name}: first invoiced on {day}, the ledger says {recorded}")
		for doctype, name, day, recorded in found
	]


def _find_strays() -> Iterator[Key]:
	"""What has an entry that is not cancelled, and is no document that was issued."""
	entry = DocType(ENTRY)
	for doctype in frappe.qb.from_(entry).select(entry.source_doctype).distinct().run(pluck=True):
		query = frappe.qb.from_(entry).where((entry.source_doctype == doctype) & (entry.cancelled == 0))
		if doctype in sales_documents.registered_doctypes():
			document = DocType(doctype)
			query = (
				query.left_join(document)
				.on(document.name == entry.source_name)
				.where(Coalesce(document.docstatus, 0) == 0)
			)
		for name in query.select(entry.source_name).run(pluck=True):
			yield doctype, name


def repair(progress: Progress | None = None, done: Callable[[], None] = lambda: None) -> int:
	"""Puts right what :func:`differences` finds and gives back how many documents were compared.

	People may work meanwhile: of what differs each document is locked, read again and entered as it is then.
	done: called after each, to commit it; without it, all is in the transaction of the caller.
	"""
	compared = 0

	def count(number: int, of: int, doctype: str) -> None:
		nonlocal compared
		compared += 1
		if progress:
			progress(number, of, doctype)

	for key in dict.fromkeys(difference.document for difference in differences(count)):
		_rewrite_entry(*key)
		done()
	for key in [difference.document for difference in _wrong_first_invoices()]:
		_rewrite_entry(*key)
		done()
	return compared


def _rewrite_entry(doctype: str, name: str) -> None:
	"""Writes the entry of a document as the document is; of one that is not there, no entry is left."""
	document = None
	if doctype in sales_documents.registered_doctypes() and frappe.db.get_value(
		doctype, name, "docstatus", for_update=True
	):
		document = sales_documents.load_document(doctype, name, for_update=True)
	key = {"source_doctype": doctype, "source_name": name}
	entry = frappe.db.get_value(ENTRY, key, ["name", *_COUNTED], as_dict=True, for_update=True)
	before = []
	if entry:
		before = [Change(entry, {**entry, "cancelled": 1})]
		frappe.db.delete(ORIGIN, {"parent": entry.name})
		frappe.db.delete(ENTRY, {"name": entry.name})
	after = []
	if document:
		others = {} if document.issued else {"cancelled": 1, "balance": 0}
		others["first_invoiced_on"] = first_invoiced_on(doctype, name, for_update=True)
		owner = frappe.db.get_value(doctype, name, "owner")
		after = [Change(None, _insert(document, owner, **others))]
	_count([*before, *after])


def _entries_of(documents: list[SalesDocument]) -> dict[Key, frappe._dict]:
	"""The entries of documents of one DocType, each with the documents that it says it was made from."""
	entries = frappe.get_all(
		ENTRY,
		filters={
			"source_doctype": documents[0].doctype,
			"source_name": ("in", [document.name for document in documents]),
		},
		fields=["name", "source_doctype", "source_name", "cancelled", *_COPIED],
		order_by="name asc",
	)
	origins = frappe.get_all(
		ORIGIN,
		filters={"parent": ("in", [entry.name for entry in entries])},
		fields=["parent", "origin_doctype", "origin_name"],
		order_by="name asc",
	)
	by_entry: dict[str, set[Key]] = defaultdict(set)
	for origin in origins:
		by_entry[origin.parent].add((origin.origin_doctype, origin.origin_name))
	for entry in entries:
		entry.origins = by_entry[entry.name]
	return {(entry.source_doctype, entry.source_name): entry for entry in entries}


def _in_batches(progress: Progress | None, since: datetime | None) -> Iterator[list[SalesDocument]]:
	"""Every document that is or was issued, DocType by DocType in the order of their names."""
	for doctype in sales_documents.registered_doctypes():
		filters = {"docstatus": (">", 0)} | ({"modified": (">=", since)} if since else {})
		names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="name asc")
		done = 0
		for batch in split_batches(names, _AT_ONCE):
			documents = [sales_documents.read_document(doc) for doc in _read_at_once(doctype, batch)]
			if documents:
				yield documents
			for _document in documents:
				done += 1
				if progress:
					progress(done, len(names), doctype)


def _read_at_once(doctype: str, names: list[str]) -> list[Document]:
	"""Documents with their rows, in a query for each table instead of some for each document."""
	filters = {"parenttype": doctype, "parent": ("in", names)}
	documents = {
		row.name: {**row, "doctype": doctype}
		for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["*"], order_by="name asc")
	}
	for table in frappe.get_meta(doctype).get_table_fields():
		for row in frappe.get_all(
			table.options,
			filters={**filters, "parentfield": table.fieldname},
			fields=["*"],
			order_by="parent asc, idx asc",
		):
			if row.parent in documents:
				documents[row.parent].setdefault(table.fieldname, []).append(row)
	return [frappe.get_doc(values) for values in documents.values()]
