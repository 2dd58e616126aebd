"""The sales ledger: one entry for each commercial document that was issued, whatever ERP it comes from.

Entries are written in the transaction of the document itself, and only by this module. All figures of sales
are read from them. :func:`find_differences` compares the entries with the documents, :func:`repair` corrects
what differs.

Amounts are in the company's currency; see :class:`~cronus_crm.base.sales_documents.SalesDocument`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate, now

from cronus_crm.base import sales_documents
from cronus_crm.base.batches import Progress, split_batches
from cronus_crm.base.company import round_company_amount
from cronus_crm.base.sales_documents import Key, SalesDocument
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.derived_fields import (
	ENTRY,
	ORIGIN,
	find_first_invoice_date,
	find_wrong_fields,
	is_sale,
)
from cronus_crm.cronus_analytics.ledger.record_totals import totals_of_entry
from cronus_crm.cronus_crm.prospects import prospect_state

_AMOUNT_FIELDS = ("amount", "total", "balance")
_DATE_FIELDS = ("posting_date", "due_date")
COPIED_FIELDS = (
	"kind",
	"number",
	"customer",
	"seller",
	"work_center",
	*_DATE_FIELDS,
	"currency",
	*_AMOUNT_FIELDS,
)

# The fields of an entry from which the totals are computed, see `record_totals.totals_of_entry`.
COUNTED_FIELDS = (
	"kind",
	"posting_date",
	"seller",
	"work_center",
	"owner",
	"amount",
	"balance",
	"cancelled",
	"first_invoiced_on",
	"is_sale",
)

# Documents that are loaded in one batch: bounds the memory that a comparison takes.
_BATCH_SIZE = 500


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook `cronus_on_issue`: writes the entry of the document and updates those of its origins.

	origins: the documents that it was made from, locked by the caller. A second entry of a document
	is refused by the unique key of the table.
	"""
	entered = _insert_entry(document, doc.owner)
	apply_to_totals([Change(None, entered), *_refresh_origins(document, origins)])


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook `cronus_on_cancel`: marks the entry as cancelled, and updates those of its origins."""
	cancelled = _update_entry(document, {"cancelled": 1, "balance": 0})
	apply_to_totals([cancelled, *_refresh_origins(document, origins)])


def on_change(doc: Document, document: SalesDocument) -> None:
	"""Hook `cronus_on_change`: copies what has changed on an issued document to its entry."""
	apply_to_totals([_update_entry(document, copied_values(document))])
	_update_origins(document)


def on_prospect_change(prospect: Document) -> None:
	"""Hooks `cronus_prospect_converted` and `cronus_prospect_conversion_undone`: sets the customer of the
	entries of the prospect's documents, or removes it."""
	for document in prospect_state.list_prospect_documents(prospect.name):
		frappe.db.set_value(ENTRY, _entry_key(document), "customer", document.customer)


def _entry_key(document: SalesDocument) -> dict:
	return {"source_doctype": document.doctype, "source_name": document.name}


def copied_values(document: SalesDocument) -> dict:
	return {fieldname: getattr(document, fieldname) for fieldname in COPIED_FIELDS}


class Change(NamedTuple):
	"""The values of an entry before a change, None for a new entry, and after it."""

	before: dict | None
	now: dict


def apply_to_totals(changes: Iterable[Change]) -> None:
	"""Adds all changes of entries to the totals in one call, which locks the rows in the order of their
	names: two calls could deadlock with another transaction."""
	before = [part for change in changes if change.before for part in totals_of_entry(change.before)]
	totals.apply_change((part for change in changes for part in totals_of_entry(change.now)), before)


def _update_entry(document: SalesDocument, values: dict) -> Change:
	"""Sets values of the entry of a document, whose row the transaction has locked."""
	entry = DocType(ENTRY)
	is_entry = (entry.source_doctype == document.doctype) & (entry.source_name == document.name)
	found = frappe.qb.from_(entry).select(*COUNTED_FIELDS).where(is_entry).for_update().run(as_dict=True)
	update = frappe.qb.update(entry).where(is_entry).set(entry.modified, now())
	update = update.set(entry.modified_by, frappe.session.user)
	for fieldname, value in values.items():
		update = update.set(entry[fieldname], value)
	update.run()
	# A document that is older than the installation of this app has no entry until `cronus rebuild`; the
	# update above then changes no row, and the totals are not changed either.
	before = found[0] if found else {"cancelled": True}
	return Change(before, {**before, **values})


def _insert_entry(document: SalesDocument, owner: str, **others) -> dict:
	"""Inserts the entry of a document and returns its values.

	others: values besides those copied from the document. The unique key of the table refuses a second entry.
	"""
	entered = {**standard_fields(owner), **_entry_key(document), **copied_values(document), **others}
	entered["is_sale"] = int(is_sale(document))
	_insert_row(ENTRY, entered)
	_insert_origins(entered["name"], document)
	return {"cancelled": 0, "first_invoiced_on": None, **entered}


def _update_origins(document: SalesDocument) -> None:
	"""Writes the origins of an entry again where they have changed: an advance gets another origin when it is
	allocated to one more invoice."""
	found = _read_entries([document]).get((document.doctype, document.name))
	if found and found.origins != set(document.origins):
		frappe.db.delete(ORIGIN, {"parent": found.name})
		_insert_origins(found.name, document)


def _insert_origins(entry: str, document: SalesDocument) -> None:
	for row in make_origin_rows(entry, document):
		_insert_row(ORIGIN, row)


def make_origin_rows(entry: str, document: SalesDocument) -> Iterator[dict]:
	"""The rows of the origins of an entry. entry: its name."""
	settled = dict(document.settled)
	for idx, (doctype, name) in enumerate(document.origins, start=1):
		yield {
			**standard_fields(frappe.session.user),
			"parent": entry,
			"parenttype": ENTRY,
			"parentfield": "origins",
			"idx": idx,
			"origin_doctype": doctype,
			"origin_name": name,
			"settled": settled.get((doctype, name), 0),
		}


def standard_fields(owner: str) -> dict:
	"""The fields that every row of the framework has."""
	return {
		"name": frappe.generate_hash(length=10),
		"creation": now(),
		"modified": now(),
		"owner": owner,
		"modified_by": frappe.session.user,
	}


def _insert_row(doctype: str, row: dict) -> None:
	# Past the controller, for speed: nobody edits entries, and issuing any document waits for this insert.
	frappe.qb.into(DocType(doctype)).columns(*row).insert(*row.values()).run()


def _refresh_origins(document: SalesDocument, origins: list[SalesDocument]) -> Iterator[Change]:
	"""Updates the entries of the documents that this one was made from, and the date of their first invoice.

	The caller has locked those documents, so no concurrent change of them is lost.
	"""
	for origin in origins:
		values = copied_values(origin)
		if document.kind == "Invoice":
			values["first_invoiced_on"] = find_first_invoice_date(
				origin.doctype, origin.name, for_update=True
			)
		yield _update_entry(origin, values)


class Difference(NamedTuple):
	"""A wrong, missing or superfluous entry. document: its (doctype, name). sentence: what is wrong."""

	document: Key
	sentence: str


def find_differences(progress: Progress | None = None, since: datetime | None = None) -> Iterator[Difference]:
	"""Compares the entries with the documents.

	progress: called with (documents compared, documents in all, DocType).
	since: compares the documents that were changed since then, and no others.
	"""
	for documents in _read_in_batches(progress, since):
		entries = _read_entries(documents)
		for document in documents:
			key = document.doctype, document.name
			for error in _describe_errors(document, entries.get(key)):
				yield Difference(key, f"{document.doctype} {document.name}: {error}")
	for key, error in find_wrong_fields():
		yield Difference(key, f"{key[0]} {key[1]}: {error}")
	for doctype, name in _find_orphan_entries():
		sentence = f"{doctype} {name}: is in the ledger, and there is no such document"
		yield Difference((doctype, name), sentence)


def _describe_errors(document: SalesDocument, entry: dict | None) -> Iterator[str]:
	"""What differs between a document and its entry; amounts are compared to the decimals of the company's
	currency."""
	if not entry:
		yield "has no entry in the ledger"
		return
	if bool(entry.cancelled) == document.issued:
		yield f"is {'issued' if document.issued else 'cancelled'}, its entry is not"
	if not document.issued:
		return
	for fieldname in COPIED_FIELDS:
		expected, recorded = getattr(document, fieldname), entry[fieldname]
		if fieldname in _AMOUNT_FIELDS:
			expected, recorded = round_company_amount(expected), round_company_amount(recorded)
		elif fieldname in _DATE_FIELDS:
			recorded = getdate(recorded) if recorded else None
		if (expected or None) != (recorded or None):
			yield f"{fieldname} is {expected}, the ledger says {recorded}"
	if set(document.origins) != entry.origins:
		yield "was made from other documents than the ledger says"
	elif {key: amount for key, amount in document.settled if amount} != entry.settled:
		yield "settles something else than the ledger says"


def _find_orphan_entries() -> Iterator[Key]:
	"""(doctype, name) of entries that are not cancelled and whose document is gone or is a draft, or whose
	DocType is not registered any more."""
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


def repair(progress: Progress | None = None, after_step: Callable[[], None] = lambda: None) -> int:
	"""Corrects what :func:`find_differences` finds and returns how many documents were compared.

	It runs while people work: each document that differs is locked and read again before its entry is
	written. after_step: called after each of them, to commit; by default all stays in the transaction of the
	caller.
	"""
	compared = 0

	def count(number: int, total: int, doctype: str) -> None:
		nonlocal compared
		compared += 1
		if progress:
			progress(number, total, doctype)

	for key in dict.fromkeys(difference.document for difference in find_differences(count)):
		_rewrite_entry(*key)
		after_step()
	# The entries above change which invoice is the first of an origin, and which document is a sale.
	for key in dict.fromkeys(key for key, _error in find_wrong_fields()):
		_rewrite_entry(*key)
		after_step()
	return compared


def _rewrite_entry(doctype: str, name: str) -> None:
	"""Replaces the entry of a document by what the document says now; without a document, deletes it."""
	document = None
	if doctype in sales_documents.registered_doctypes() and frappe.db.get_value(
		doctype, name, "docstatus", for_update=True
	):
		document = sales_documents.load_document(doctype, name, for_update=True)
	key = {"source_doctype": doctype, "source_name": name}
	entry = frappe.db.get_value(ENTRY, key, ["name", *COUNTED_FIELDS], as_dict=True, for_update=True)
	before = []
	if entry:
		before = [Change(entry, {**entry, "cancelled": 1})]
		frappe.db.delete(ORIGIN, {"parent": entry.name})
		frappe.db.delete(ENTRY, {"name": entry.name})
	after = []
	if document:
		others = {} if document.issued else {"cancelled": 1, "balance": 0}
		others["first_invoiced_on"] = find_first_invoice_date(doctype, name, for_update=True)
		owner = frappe.db.get_value(doctype, name, "owner")
		after = [Change(None, _insert_entry(document, owner, **others))]
	apply_to_totals([*before, *after])


def _read_entries(documents: list[SalesDocument]) -> dict[Key, frappe._dict]:
	"""The entries of documents of one DocType, by (doctype, name); each has its origins in `origins`,
	and by them what it settles in `settled`."""
	entries = frappe.get_all(
		ENTRY,
		filters={
			"source_doctype": documents[0].doctype,
			"source_name": ("in", [document.name for document in documents]),
		},
		fields=["name", "source_doctype", "source_name", "cancelled", *COPIED_FIELDS],
		order_by="name asc",
	)
	origins = frappe.get_all(
		ORIGIN,
		filters={"parent": ("in", [entry.name for entry in entries])},
		fields=["parent", "origin_doctype", "origin_name", "settled"],
		order_by="name asc",
	)
	by_entry: dict[str, dict[Key, float]] = defaultdict(dict)
	for origin in origins:
		by_entry[origin.parent][origin.origin_doctype, origin.origin_name] = origin.settled
	for entry in entries:
		entry.origins = set(by_entry[entry.name])
		entry.settled = {key: amount for key, amount in by_entry[entry.name].items() if amount}
	return {(entry.source_doctype, entry.source_name): entry for entry in entries}


def _read_in_batches(progress: Progress | None, since: datetime | None) -> Iterator[list[SalesDocument]]:
	"""Every issued or cancelled document, in batches of one DocType, in the order of their names.

	since: only documents modified since then.
	"""
	for doctype in sales_documents.registered_doctypes():
		filters = {"docstatus": (">", 0)} | ({"modified": (">=", since)} if since else {})
		names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="name asc")
		done = 0
		for batch in split_batches(names, _BATCH_SIZE):
			documents = [sales_documents.read_document(doc) for doc in _load_documents(doctype, batch)]
			if documents:
				yield documents
			for _document in documents:
				done += 1
				if progress:
					progress(done, len(names), doctype)


def _load_documents(doctype: str, names: list[str]) -> list[Document]:
	"""Documents with their child rows, with one query for each table instead of several for each document."""
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
