"""Fields of an entry that follow from the entries around it: when it was first invoiced, and whether it is a
sale."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import frappe
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Coalesce, Min
from frappe.utils import getdate
from pypika import Field
from pypika.terms import ExistsCriterion

from cronus_crm.base.batches import split_batches
from cronus_crm.base.sales_documents import FULFILMENT, INVOICE, ORDER, Key, SalesDocument

ENTRY = "Cronus Sales Entry"
ORIGIN = "Cronus Sales Entry Origin"

# Kinds that count as a sale, unless the document was made from one that did: the customer confirms once.
SALES = (ORDER, *FULFILMENT)


def find_first_invoice_date(doctype: str, name: str, for_update: bool = False) -> date | None:
	"""The date of the earliest invoice, not cancelled, that was made from a document; None without any.

	for_update: makes it a locking read, which sees what others have committed since this transaction's
	snapshot was taken. A transaction that has waited for the document's lock needs that.
	"""
	entry, origin = DocType(ENTRY), DocType(ORIGIN)
	of_document = (origin.origin_doctype == doctype) & (origin.origin_name == name)
	query = frappe.qb.from_(origin).join(entry).on(entry.name == origin.parent)
	query = query.where(of_document & (entry.kind == "Invoice") & (entry.cancelled == 0))
	if for_update:
		query = query.for_update()
	return query.select(Min(entry.posting_date)).run()[0][0]


def is_sale(document: SalesDocument) -> bool:
	"""True for the first document of a chain with which a customer confirms: the order; without one, the
	delivery note, the sales note or the invoice."""
	if document.kind not in SALES:
		return False
	entry = DocType(ENTRY)
	# Origins stand as long as what was made of them does: none of these is cancelled or new meanwhile.
	of_origin = Criterion.any(
		(entry.source_doctype == doctype) & (entry.source_name == name) for doctype, name in document.origins
	)
	earlier = frappe.qb.from_(entry).select(entry.name).where(of_origin & entry.kind.isin(SALES)).limit(1)
	return not (document.origins and earlier.run())


def find_first_invoice_dates(keys: Iterable[Key]) -> dict[Key, date]:
	"""Of many documents of ERPs, what :func:`find_first_invoice_date` says of one, with a locking read; those
	without an invoice are left out."""
	entry, origin = DocType(ENTRY), DocType(ORIGIN)
	query = frappe.qb.from_(origin).join(entry).on(entry.name == origin.parent)
	query = query.where(is_one_of(origin.origin_doctype, origin.origin_name, keys))
	query = query.where((entry.kind == INVOICE) & (entry.cancelled == 0))
	query = query.groupby(origin.origin_doctype, origin.origin_name)
	rows = query.select(origin.origin_doctype, origin.origin_name, Min(entry.posting_date)).run()
	return {(doctype, name): getdate(day) for doctype, name, day in rows}


def find_sales(keys: Iterable[Key]) -> set[Key]:
	"""Those of many documents, whose entries and origins are written, that count as sales; cancelled ones
	among them count for nothing anyway."""
	entry, origin, earlier = DocType(ENTRY), DocType(ORIGIN), DocType(ENTRY).as_("earlier")
	made_from_sale = (
		frappe.qb.from_(origin)
		.join(earlier)
		.on((earlier.source_doctype == origin.origin_doctype) & (earlier.source_name == origin.origin_name))
		.where((origin.parent == entry.name) & earlier.kind.isin(SALES))
		.select(origin.name)
	)
	is_one = is_one_of(entry.source_doctype, entry.source_name, keys)
	query = frappe.qb.from_(entry).where(
		is_one & entry.kind.isin(SALES) & ExistsCriterion(made_from_sale).negate()
	)
	return set(query.select(entry.source_doctype, entry.source_name).run())


def is_one_of(doctype: Field, name: Field, keys: Iterable[Key]) -> Criterion:
	"""The criterion of the documents with these keys; `doctype` and `name` are the columns that hold them."""
	names: dict[str, list[str]] = defaultdict(list)
	for of, called in sorted(keys):
		names[of].append(called)
	return Criterion.any((doctype == of) & name.isin(called) for of, called in names.items())


def find_wrong_fields() -> Iterator[tuple[Key, str]]:
	"""The documents whose entries have a wrong value in one of these fields, and what it says."""
	yield from _find_wrong_first_invoices()
	yield from _find_wrong_sales()


def _find_wrong_first_invoices() -> Iterator[tuple[Key, str]]:
	"""The entries whose `first_invoiced_on` is not the date of the earliest invoice made from them."""
	entry, invoice, origin = DocType(ENTRY), DocType(ENTRY).as_("invoice"), DocType(ORIGIN)
	first = (
		frappe.qb.from_(origin)
		.join(invoice)
		.on(invoice.name == origin.parent)
		.where((invoice.kind == "Invoice") & (invoice.cancelled == 0))
		.select(origin.origin_doctype, origin.origin_name, Min(invoice.posting_date).as_("day"))
		.groupby(origin.origin_doctype, origin.origin_name)
	)
	# NULL stands for no invoice; as a date, it can be compared with `!=`.
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
	for doctype, name, day, recorded in found:
		yield (doctype, name), f"first invoiced on {day}, the ledger says {recorded}"


def _find_wrong_sales() -> Iterator[tuple[Key, str]]:
	"""The entries that count as a sale and should not, or the other way round."""
	for doctype, name, _entry, recorded in _read_wrong_sales():
		yield (doctype, name), "counts as a sale" if recorded else "does not count as a sale"


def _read_wrong_sales() -> tuple[tuple, ...]:
	"""DocType and name of the document, name of the entry, and what it says: 1 for a sale, else 0."""
	entry, origin, earlier = DocType(ENTRY), DocType(ORIGIN), DocType(ENTRY).as_("earlier")
	made_from_sale = (
		frappe.qb.from_(origin)
		.join(earlier)
		.on((earlier.source_doctype == origin.origin_doctype) & (earlier.source_name == origin.origin_name))
		.where(earlier.kind.isin(SALES))
		.select(origin.parent)
		.distinct()
	)
	should_be = Case().when(entry.kind.isin(SALES) & made_from_sale.parent.isnull(), 1).else_(0)
	return (
		frappe.qb.from_(entry)
		.left_join(made_from_sale)
		.on(made_from_sale.parent == entry.name)
		.where((entry.cancelled == 0) & (entry.is_sale != should_be))
		.select(entry.source_doctype, entry.source_name, entry.name, entry.is_sale)
		.orderby(entry.name)
		.run()
	)


def mark_sales() -> None:
	"""Corrects which entries are sales, without their totals: for those that are older than this field."""
	entry = DocType(ENTRY)
	names: dict[int, list[str]] = {0: [], 1: []}
	for _doctype, _name, name, recorded in _read_wrong_sales():
		names[1 - recorded].append(name)
	for value, wrong in names.items():
		for batch in split_batches(wrong, 1000):
			frappe.qb.update(entry).set(entry.is_sale, value).where(entry.name.isin(batch)).run()
