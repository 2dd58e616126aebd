"""The sales ledger: one entry for each commercial document that was issued, whatever ERP it comes from.

Entries are written in the transaction of the document itself, and only here. Every figure is read from them
and they can be proved: :func:`differences` compares them with the documents, :func:`rebuild` writes them
anew.

Amounts are in the company's currency; see :class:`~cronus_crm.cronus_crm.sales_documents.SalesDocument`.
"""

from collections.abc import Callable, Iterator
from datetime import date

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Min
from frappe.utils import flt, getdate, now

from cronus_crm.cronus_crm import prospects, sales_documents
from cronus_crm.cronus_crm.sales_documents import SalesDocument

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

Progress = Callable[[int, int, str], None]


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: it enters the ledger."""
	_insert(document, doc.owner)
	_refresh_origins(document, origins)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: its entry stays, marked as cancelled."""
	frappe.db.set_value(ENTRY, _key(document), {"cancelled": 1, "balance": 0})
	_refresh_origins(document, origins)


def on_change(doc: Document, document: SalesDocument) -> None:
	"""Hook of what may change on an issued document: its entry follows."""
	frappe.db.set_value(ENTRY, _key(document), _values(document))


def on_prospect_change(prospect: Document) -> None:
	"""Hook of a prospect that is converted, or no longer: its documents have a customer, or have none."""
	for document in prospects.documents_of(prospect.name):
		frappe.db.set_value(ENTRY, _key(document), "customer", document.customer)


def _key(document: SalesDocument) -> dict:
	return {"source_doctype": document.doctype, "source_name": document.name}


def _values(document: SalesDocument) -> dict:
	return {fieldname: getattr(document, fieldname) for fieldname in _COPIED}


def _insert(document: SalesDocument, owner: str, **others) -> None:
	"""Writes the entry of a document; a second one is refused by the unique key of the table."""
	name = frappe.generate_hash(length=10)
	stamp = {
		"name": name,
		"creation": now(),
		"modified": now(),
		"owner": owner,
		"modified_by": frappe.session.user,
	}
	_insert_row(ENTRY, {**stamp, **_key(document), **_values(document), **others})
	for idx, (doctype, origin) in enumerate(document.origins, start=1):
		_insert_row(
			ORIGIN,
			{
				**stamp,
				"name": frappe.generate_hash(length=10),
				"parent": name,
				"parenttype": ENTRY,
				"parentfield": "origins",
				"idx": idx,
				"origin_doctype": doctype,
				"origin_name": origin,
			},
		)


def _insert_row(doctype: str, row: dict) -> None:
	# Without the controller: nobody edits entries, and every document that is issued waits for this.
	frappe.qb.into(DocType(doctype)).columns(*row).insert(*row.values()).run()


def _refresh_origins(document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Brings up to date the entries of what the document was made from, with their first invoice.

	Those documents are locked, so that nothing is lost between reading and writing.
	"""
	for origin in origins:
		values = _values(origin)
		if document.kind == "Invoice":
			values["first_invoiced_on"] = first_invoiced_on(origin.doctype, origin.name, for_update=True)
		frappe.db.set_value(ENTRY, _key(origin), values)


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


def differences(progress: Progress | None = None) -> Iterator[str]:
	"""Compares every entry with its document and gives back one sentence for each difference.

	progress: called with (documents compared, documents in all, DocType).
	"""
	first_invoices: dict[tuple[str, str], date] = {}
	seen: set[tuple[str, str]] = set()
	recorded_first: list[tuple[str, tuple[str, str], date | None]] = []
	for document in _documents(progress):
		seen.add((document.doctype, document.name))
		entry = _entry(document)
		label = f"{document.doctype} {document.name}"
		if not entry:
			yield f"{label}: has no entry in the ledger"
			continue
		if bool(entry.cancelled) == document.issued:
			yield f"{label}: is {'issued' if document.issued else 'cancelled'}, its entry is not"
		if not document.issued:
			continue
		yield from _unequal(label, document, entry)
		if document.kind == "Invoice":
			for origin in document.origins:
				first_invoices[origin] = min(document.posting_date, first_invoices.get(origin, date.max))
		recorded_first.append((label, (document.doctype, document.name), entry.first_invoiced_on))
	for label, key, recorded in recorded_first:
		if (expected := first_invoices.get(key)) != (getdate(recorded) if recorded else None):
			yield f"{label}: first invoiced on {expected}, the ledger says {recorded}"
	for doctype, name in frappe.get_all(
		ENTRY,
		filters={"cancelled": 0},
		fields=["source_doctype", "source_name"],
		as_list=True,
		order_by="name asc",
	):
		if (doctype, name) not in seen:
			yield f"{doctype} {name}: is in the ledger, and there is no such document"


def _unequal(label: str, document: SalesDocument, entry: dict) -> Iterator[str]:
	for fieldname in _COPIED:
		expected, recorded = getattr(document, fieldname), entry[fieldname]
		if fieldname in _AMOUNTS:
			expected, recorded = flt(expected, 2), flt(recorded, 2)
		elif fieldname in _DATES:
			recorded = getdate(recorded) if recorded else None
		if (expected or None) != (recorded or None):
			yield f"{label}: {fieldname} is {expected}, the ledger says {recorded}"


def rebuild(progress: Progress | None = None) -> int:
	"""Writes the ledger anew from the documents and gives back how many it holds.

	In one transaction, which the caller begins and commits: readers see the old ledger or the new one. The
	emptied table is locked, so whoever issues a document meanwhile waits for the end.
	"""
	frappe.db.delete(ORIGIN)
	frappe.db.delete(ENTRY)
	count = 0
	for document in _documents(progress):
		owner = frappe.db.get_value(document.doctype, document.name, "owner")
		cancelled = {} if document.issued else {"cancelled": 1, "balance": 0}
		_insert(document, owner, **cancelled)
		count += 1
	_set_first_invoices()
	return count


def _set_first_invoices() -> None:
	origin = DocType(ORIGIN)
	pairs = frappe.qb.from_(origin).select(origin.origin_doctype, origin.origin_name).distinct().run()
	for doctype, name in pairs:
		frappe.db.set_value(
			ENTRY,
			{"source_doctype": doctype, "source_name": name},
			"first_invoiced_on",
			first_invoiced_on(doctype, name),
			update_modified=False,
		)


def _entry(document: SalesDocument) -> dict | None:
	fields = [*_COPIED, "cancelled", "first_invoiced_on"]
	return frappe.db.get_value(ENTRY, _key(document), fields, as_dict=True)


def _documents(progress: Progress | None) -> Iterator[SalesDocument]:
	"""Every document that is or was issued, DocType by DocType in the order of their names."""
	for doctype in sales_documents.doctypes():
		names = frappe.get_all(doctype, filters={"docstatus": (">", 0)}, pluck="name", order_by="name asc")
		for number, name in enumerate(names, start=1):
			yield sales_documents.read(frappe.get_doc(doctype, name))
			if progress:
				progress(number, len(names), doctype)
