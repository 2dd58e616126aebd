"""What a commercial document becomes: proforma → order → delivery note or sales note → invoice.

A line that was made from the line of another document says so (`source_doctype`, `source_name`,
`source_row`), and each line counts how much of it went on: ordered, delivered, noted, invoiced. What an
invoice takes from a delivery note it takes from the note's order and proforma too, so nothing is delivered
or invoiced twice, whichever way it goes.

Quantities move in the transaction of the document that takes them. The documents that it takes from are
locked from the end of the chain backwards, and within a DocType in the order of their names: two that want
the same ones wait for each other and cannot deadlock.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder import Case, DocType
from frappe.utils import flt, getdate

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_list
from cronus_crm.base.sales_documents import Key

ITEM = "Cronus Document Item"

# Where a line counts what documents of each DocType take from it.
COUNTED_IN = {
	"Cronus Order": "ordered_quantity",
	"Cronus Delivery Note": "delivered_quantity",
	"Cronus Sales Note": "noted_quantity",
	"Invoice": "invoiced_quantity",
}

ALLOCATION = "Cronus Payment Allocation"

# Where a payment says which document of a DocType it settles.
_SETTLED_IN = {"Invoice": "invoice", "Cronus Payment": "payment"}

# Where the line of an invoice counts what credit notes take from it.
RETURNED = "returned_quantity"

BECOMES = {
	"Proforma": ("Cronus Order", "Cronus Delivery Note", "Cronus Sales Note", "Invoice"),
	"Cronus Order": ("Cronus Delivery Note", "Invoice"),
	"Cronus Delivery Note": ("Invoice",),
	"Cronus Sales Note": ("Invoice",),
}

# Locks are taken in this order.
_FROM_THE_END = ("Invoice", "Cronus Sales Note", "Cronus Delivery Note", "Cronus Order", "Proforma")

# What documents must have in common to go on together.
_TOGETHER = ("customer", "seller", "currency", "exchange_rate", "taxes_included", "discount_percent")

# What a document must have in common with its origins, or may not be before.
_OF_ORIGINS = ("customer", "currency", "posting_date", "is_return")

_DECIMALS = 6

# By document, {name of its line: quantity}.
Quantities = dict[Key, dict[str, float]]


def convert_documents(source_doctype: str, names: list[str] | str, into: str) -> list[str]:
	"""Makes drafts of what is left of issued documents and gives back their names.

	source_doctype, into: DocTypes, as in BECOMES. names: one name or several (a list, or its JSON). Documents
	of the same customer, seller, currency and discount go on one draft.

	Raises frappe.PermissionError when the user may not read one of them or create what they become, and
	frappe.ValidationError when one is not issued, has nothing left, or is for a prospect that is no customer
	yet. Then nothing is made.
	"""
	if into not in BECOMES.get(source_doctype, ()):
		frappe.throw(_("{0} cannot be made from {1}.").format(_(into), _(source_doctype)))
	names = read_names(names, _("Choose at least one document."))
	return [_make_draft(source_doctype, group, into) for group in _group_by_invoice(source_doctype, names)]


def _group_by_invoice(doctype: str, names: list[str]) -> list[list[str]]:
	"""The same names, in groups that go on one draft. Tells nobody anything: who may read is asked later."""
	if len(names) == 1:
		return [names]
	found = frappe.get_all(
		doctype, {"name": ("in", names)}, ["name", *_TOGETHER], as_list=True, order_by="name asc"
	)
	common = {name: values for name, *values in found}
	groups: dict[tuple, list[str]] = defaultdict(list)
	for name in names:
		groups[tuple(common.get(name, ()))].append(name)
	return list(groups.values())


def read_names(given: list[str] | str, message_when_empty: str) -> list[str]:
	"""Names of documents as a caller gives them: one, a list, or the JSON of a list; each once, in order.

	Raises frappe.ValidationError with the message when there is none.
	"""
	is_name = isinstance(given, str) and not given.startswith("[")
	names = [given] if is_name and given else read_list(None if is_name else given, "names")
	if not names:
		frappe.throw(message_when_empty)
	return list(dict.fromkeys(names))


def _check_something_left(source: Document, into: str) -> None:
	if not source.docstatus.is_submitted():
		refuse_unissued(source.name)
	if not source.customer:
		_refuse_without_customer(source.name)
	if not any(quantity_left(row, into) > 0 for row in source.items):
		frappe.throw(
			_("Nothing is left of {0} for {1}.").format(frappe.bold(source.name), _(into)),
			title=_("Nothing is left"),
		)


def refuse_unissued(name: str) -> None:
	"""Raises frappe.ValidationError: a draft, or what was cancelled, becomes nothing."""
	frappe.throw(_("{0} is not issued, so it cannot become another document.").format(frappe.bold(name)))


def _refuse_without_customer(proforma: str) -> None:
	frappe.throw(
		_("{0} is for a prospect. Convert the prospect to a customer first, then go on with it.").format(
			frappe.bold(proforma)
		),
		title=_("No customer yet"),
	)


def quantity_left(row: Document, into: str) -> float:
	"""The quantity of a line that documents of a DocType can still take; services are not delivered."""
	if into == "Cronus Delivery Note" and not is_delivered(row):
		return 0
	return flt(flt(row.quantity) - flt(row.get(COUNTED_IN[into])), _DECIMALS)


def words_for_what_is_left(counted_in: str) -> str:
	"""What a message calls the rest of a line, with {0} for the quantity."""
	return {
		"ordered_quantity": _("{0} are left to order"),
		"delivered_quantity": _("{0} are left to deliver"),
		"noted_quantity": _("{0} are left for sales notes"),
		"invoiced_quantity": _("{0} are left to invoice"),
		RETURNED: _("{0} are left to return"),
	}[counted_in]


def is_delivered(row: Document) -> bool:
	"""True for goods, False for services."""
	return frappe.get_cached_value("Cronus Product", row.product, "product_type") != "Service"


def _make_draft(doctype: str, names: list[str], into: str) -> str:
	draft = None
	for name in names:
		# It asks who may read the source before anything else.
		draft = get_mapped_doc(
			doctype,
			name,
			{
				doctype: {"doctype": into},
				ITEM: {
					"doctype": ITEM,
					"field_map": {
						"parenttype": "source_doctype",
						"parent": "source_name",
						"name": "source_row",
					},
					"condition": lambda row: quantity_left(row, into) > 0,
					"postprocess": lambda row, line, _parent: line.set("quantity", quantity_left(row, into)),
				},
			},
			draft,
			lambda source, _draft: _check_something_left(source, into),
		)
	draft.insert()
	return draft.name


def check_origins(doc: Document) -> None:
	"""Lines may only come from lines of issued documents of this customer, in this currency, and of no later
	date. How much of them is left is asked when the document is issued.

	Whether its author may read them was asked before (`visibility.check_links`).

	Raises frappe.ValidationError, naming the document.
	"""
	origins = quantities_of(doc)
	before = doc.get_doc_before_save()
	known = quantities_of(before) if before else {}
	if known == origins and not any(doc.has_value_changed(fieldname) for fieldname in _OF_ORIGINS):
		return  # this was asked before; whether they are still issued is asked when they are locked
	for doctype in sorted({doctype for doctype, _name in origins}):
		if doc.doctype not in _may_become(doctype, doc):
			frappe.throw(_("{0} cannot be made from {1}.").format(_(doc.doctype), _(doctype)))
		lines = _lines_of(doctype, [name for of_doctype, name in origins if of_doctype == doctype])
		for (of_doctype, name), quantities in origins.items():
			if of_doctype == doctype:
				_check_origin(doc, name, quantities, [line for line in lines if line.parent == name])


def _lines_of(doctype: str, names: list[str]) -> list[frappe._dict]:
	"""The lines of documents, each with what its document says of itself."""
	line, source = DocType(ITEM), DocType(doctype)
	return (
		frappe.qb.from_(source)
		.join(line)
		.on((line.parent == source.name) & (line.parenttype == doctype))
		.where(source.name.isin(names) & (source.docstatus == 1))
		.select(line.name, line.parent, source.customer, source.currency, source.posting_date)
		.run(as_dict=True)
	)


def _check_origin(doc: Document, name: str, quantities: dict[str, float], lines: list[frappe._dict]) -> None:
	if not lines:
		refuse_unissued(name)
	source, label = lines[0], frappe.bold(name)
	if not source.customer:
		_refuse_without_customer(name)
	if (source.customer, source.currency) != (doc.customer, doc.currency):
		frappe.throw(
			_("{0} is for another customer or in another currency than this document.").format(label)
		)
	if getdate(doc.posting_date) < getdate(source.posting_date):
		date = frappe.format(source.posting_date, {"fieldtype": "Date"})
		frappe.throw(_("A document made from {0}, of {1}, cannot bear an earlier date.").format(label, date))
	if not quantities.keys() <= {line.name for line in lines}:
		frappe.throw(_("A line of this document is not from the lines of {0}.").format(label))


def _may_become(doctype: str, doc: Document) -> tuple[str, ...]:
	if doc.get("is_return"):
		return ("Invoice",) if doctype == "Invoice" else ()
	return BECOMES.get(doctype, ())


def quantities_of(doc: Document) -> Quantities:
	"""What a document takes from each one that it was made from."""
	taken: Quantities = defaultdict(lambda: defaultdict(float))
	for row in doc.items:
		if row.source_doctype and row.source_name:
			taken[row.source_doctype, row.source_name][row.source_row] += flt(row.quantity)
	return taken


def origins_of(doc: Document) -> tuple[Key, ...]:
	"""The documents that a document was made from, those that these were made from, and so on."""
	return tuple(_with_origins(quantities_of(doc)))


def count_taken_quantities(doc: Document, sign: int) -> None:
	"""Counts the quantities of an issued document on all it was made from; with -1, of a cancelled one, takes
	them back.

	Raises frappe.ValidationError when more is taken than is left, naming document and line.
	"""
	changes = quantities_of(doc)
	if doc.get("is_return"):
		# What comes back from an invoice is not to be invoiced again: its order is not open any more.
		fieldname = RETURNED
	else:
		fieldname = COUNTED_IN.get(doc.doctype)
		changes = _with_origins(changes)
	for doctype, name in sorted(changes, key=lambda key: (_FROM_THE_END.index(key[0]), key[1])):
		source = sales_documents.lock_origin(doc, doctype, name)
		quantities = changes[doctype, name]
		source.advance(fieldname, {row: sign * quantity for row, quantity in quantities.items()})


def store_taken_quantities(doc: Document, fieldname: str, names: Container[str]) -> None:
	"""Writes what was counted on these lines of a document: in one statement, for there may be hundreds."""
	line = DocType(ITEM)
	rows = [row for row in doc.items if row.name in names]
	counted = Case()
	for row in rows:
		counted = counted.when(line.name == row.name, row.get(fieldname))
	frappe.qb.update(line).set(fieldname, counted).where(line.name.isin([row.name for row in rows])).run()


def _with_origins(quantities: Quantities) -> Quantities:
	"""The same, and what the lines behind these lines were made from."""
	found: Quantities = defaultdict(lambda: defaultdict(float))
	while quantities:
		behind: Quantities = defaultdict(lambda: defaultdict(float))
		for key, lines in quantities.items():
			for row, quantity in lines.items():
				found[key][row] += quantity
		for row in _lines_with_origin(quantities):
			key = row.source_doctype, row.source_name
			behind[key][row.source_row] += quantities[row.parenttype, row.parent][row.name]
		quantities = behind
	return found


def _lines_with_origin(quantities: Quantities) -> list:
	"""Of these lines, those that were made from others. A proforma is where a chain begins."""
	names = [row for (doctype, _name), lines in quantities.items() if doctype != "Proforma" for row in lines]
	if not names:
		return []
	return frappe.get_all(
		ITEM,
		filters={"name": ("in", names), "source_doctype": ("is", "set")},
		fields=["name", "parenttype", "parent", "source_doctype", "source_name", "source_row"],
		order_by="name asc",
	)


def check_nothing_stands_on(doc: Document) -> None:
	"""A document is cancelled after those that were made from it.

	Raises frappe.LinkExistsError, naming them.
	"""
	if standing := _next_of([(doc.doctype, doc.name)], (1,)):
		frappe.throw(
			_("{0} cannot be cancelled while this stands on it: {1}. Cancel that first.").format(
				frappe.bold(doc.name),
				", ".join(f"{_(doctype)} {frappe.bold(name)}" for doctype, name in standing),
			),
			frappe.LinkExistsError,
			title=_("Other documents stand on it"),
		)


class Chain(TypedDict):
	"""becomes: DocTypes that the caller may make of a document now. around: the documents that it was made
	from and those made from it, of what the caller may see: doctype, name, state; in the chain's order."""

	becomes: list[str]
	around: list[dict]


def read_chain(doctype: str, name: str) -> Chain:
	"""What a document may become, and what stands around it.

	Raises frappe.PermissionError without the right to read the document.
	"""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	becomes = [
		into
		for into in (BECOMES.get(doctype, ()) if doc.docstatus.is_submitted() else ())
		if frappe.has_permission(into, "create") and any(quantity_left(row, into) > 0 for row in doc.items)
	]
	origins = origins_of(doc) if doc.get("items") else sales_documents.read_document(doc).origins
	around = [*reversed(origins), *find_documents_made_from([(doctype, name)])]
	found = [
		(key, frappe.get_list(key[0], {"name": key[1]}, pluck="state", order_by="name asc")) for key in around
	]
	return Chain(
		becomes=becomes,
		around=[{"doctype": key[0], "name": key[1], "state": states[0]} for key, states in found if states],
	)


def find_documents_made_from(keys: Iterable[Key]) -> list[Key]:
	"""The documents that were made from these, and from those in turn, issued or cancelled."""
	found: list[Key] = []
	while keys:
		keys = [key for key in _next_of(keys, (1, 2)) if key not in found]
		found += keys
	return found


def _next_of(keys: Iterable[Key], docstatus: tuple[int, ...]) -> list[Key]:
	"""The documents with lines made from these documents, and the payments that settle these, in the order of
	their names."""
	names: dict[str, list[str]] = defaultdict(list)
	for doctype, name in keys:
		names[doctype].append(name)
	found: set[Key] = set()
	for doctype, of_doctype in names.items():
		made = {"source_doctype": doctype, "source_name": ("in", of_doctype)}
		found |= _parents_of(ITEM, {**made, "docstatus": ("in", docstatus)})
		if fieldname := _SETTLED_IN.get(doctype):
			settled = {fieldname: ("in", of_doctype), "docstatus": ("in", docstatus)}
			found |= _parents_of(ALLOCATION, settled)
	return sorted(found, key=lambda key: key[::-1])


def _parents_of(table: str, filters: dict) -> set[Key]:
	fields = ["parenttype", "parent"]
	rows = frappe.get_all(table, filters=filters, fields=fields, distinct=True, order_by="parent asc")
	return {(row.parenttype, row.parent) for row in rows}
