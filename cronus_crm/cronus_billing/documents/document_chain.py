"""The chain of commercial documents: proforma → order → delivery note or sales note → invoice.

A line that was made from the line of another document refers to it (`source_doctype`, `source_name`,
`source_row`). Each line counts the quantities that later documents have taken from it: ordered, delivered,
noted (in sales notes) and invoiced. What an invoice takes from a delivery note is also counted on the order
and the proforma behind that note, so that nothing is delivered or invoiced twice, whichever way a sale goes.

Quantities are counted in the transaction of the document that takes them. Its origins are locked from the end
of the chain backwards, and within a DocType in the order of their names. As every transaction locks in this
order, two that need the same documents wait for each other and cannot deadlock.
"""

from collections import defaultdict
from collections.abc import Container, Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder import Case, DocType
from frappe.utils import flt, getdate

from cronus_crm.base import arguments, sales_documents
from cronus_crm.base.company import day_of_next_document
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.sales_documents import Key

ITEM = "Cronus Document Item"

# The field in which a line counts the quantity that documents of a DocType have taken from it.
QUANTITY_FIELDS = {
	"Cronus Order": "ordered_quantity",
	"Cronus Delivery Note": "delivered_quantity",
	"Cronus Sales Note": "noted_quantity",
	"Invoice": "invoiced_quantity",
}

# The field in which the line of an invoice counts the quantity that credit notes have returned.
RETURNED_QUANTITY = "returned_quantity"

# What a document made of a part cannot have from the whole; its percentage it has.
AMOUNTS_OF_THE_WHOLE = ["fixed_discount"]

# Which DocTypes can be made from a DocType.
NEXT_DOCTYPES = {
	"Proforma": ("Cronus Order", "Cronus Delivery Note", "Cronus Sales Note", "Invoice"),
	"Cronus Order": ("Cronus Delivery Note", "Invoice"),
	"Cronus Delivery Note": ("Invoice",),
	"Cronus Sales Note": ("Invoice",),
}

# DocTypes in the order in which their documents are locked.
_LOCK_ORDER = ("Invoice", "Cronus Sales Note", "Cronus Delivery Note", "Cronus Order", "Proforma")

# Documents with equal values in these fields go into one draft.
_GROUPING_FIELDS = ("customer", "seller", "currency", "exchange_rate", "taxes_included", "discount_percent")

# When one of these fields changes, a document is checked against its origins again.
_FIELDS_CHECKED_WITH_ORIGINS = ("customer", "currency", "posting_date", "is_return")

_DECIMALS = 6

# Quantities of lines by document: {(doctype, name): {name of the line: quantity}}.
Quantities = dict[Key, dict[str, float]]


def convert_documents(source_doctype: str, names: list[str] | str, into: str) -> list[str]:
	"""Makes drafts of the quantities that are left of issued documents, and returns their names.

	source_doctype, into: DocTypes, see NEXT_DOCTYPES. names: one name, a list of names, or its JSON.
	Documents that have the fields _GROUPING_FIELDS in common go into one draft.

	Raises frappe.PermissionError when the user may not read one of the documents or create the drafts, and
	frappe.ValidationError when one is not issued, has nothing left, or is for a prospect that is not a
	customer yet. Then no draft is made.
	"""
	if into not in NEXT_DOCTYPES.get(source_doctype, ()):
		frappe.throw(_("{0} cannot be made from {1}.").format(_(into), _(source_doctype)))
	names = read_names(names, _("Choose at least one document."))
	return [_make_draft(source_doctype, group, into) for group in _group_for_drafts(source_doctype, names)]


def _group_for_drafts(doctype: str, names: list[str]) -> list[list[str]]:
	"""Groups the names of documents by the draft that they go into.

	It reads without checking permissions, which is safe: none of the values leaves this function, and
	`_make_draft` checks the read permission of each document before anything is made of it.
	"""
	if len(names) == 1:
		return [names]
	found = frappe.get_all(
		doctype, {"name": ("in", names)}, ["name", *_GROUPING_FIELDS], as_list=True, order_by="name asc"
	)
	common = {name: values for name, *values in found}
	groups: dict[tuple, list[str]] = defaultdict(list)
	for name in names:
		groups[tuple(common.get(name, ()))].append(name)
	return list(groups.values())


def read_names(given: list[str] | str, message_when_empty: str) -> list[str]:
	"""Parses names of documents that a client has sent: one name, a list, or the JSON of a list.

	Returns them in order, without duplicates. Raises frappe.ValidationError with the message when there is
	none.
	"""
	is_name = isinstance(given, str) and not given.startswith("[")
	names = [given] if is_name and given else arguments.read_names(None if is_name else given, "names")
	if not names:
		frappe.throw(message_when_empty)
	return names


def _start_draft(source: Document, draft: Document) -> None:
	"""Checks that something is left of a document for a draft, and dates the draft."""
	_check_something_left(source, draft.doctype)
	draft.posting_date = day_of_next_document(draft.posting_date, source.posting_date)


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
	"""Raises frappe.ValidationError: no document can be made from a draft or a cancelled document."""
	frappe.throw(_("{0} is not issued, so it cannot become another document.").format(frappe.bold(name)))


def _refuse_without_customer(proforma: str) -> None:
	frappe.throw(
		_("{0} is for a prospect. Convert the prospect to a customer first, then go on with it.").format(
			frappe.bold(proforma)
		),
		title=_("No customer yet"),
	)


def quantity_left(row: Document, into: str) -> float:
	"""The quantity of a line that documents of the DocType `into` can still take; 0 for the delivery of
	services."""
	if into == "Cronus Delivery Note" and not needs_delivery(row):
		return 0
	return flt(flt(row.quantity) - flt(row.get(QUANTITY_FIELDS[into])), _DECIMALS)


def describe_quantity_left(counted_in: str) -> str:
	"""The translated words of an error message for the quantity left of a line; {0} stands for the
	quantity."""
	return {
		"ordered_quantity": _("{0} are left to order"),
		"delivered_quantity": _("{0} are left to deliver"),
		"noted_quantity": _("{0} are left for sales notes"),
		"invoiced_quantity": _("{0} are left to invoice"),
		RETURNED_QUANTITY: _("{0} are left to return"),
	}[counted_in]


def needs_delivery(row: Document) -> bool:
	"""True for goods, False for services."""
	return get_present_value("Cronus Product", row.product, "product_type") != "Service"


def _make_draft(doctype: str, names: list[str], into: str) -> str:
	draft = None
	for name in names:
		# It checks the read permission of the source before anything else.
		draft = get_mapped_doc(
			doctype,
			name,
			{
				doctype: {"doctype": into, "field_no_map": AMOUNTS_OF_THE_WHOLE},
				ITEM: {
					"doctype": ITEM,
					"field_no_map": AMOUNTS_OF_THE_WHOLE,
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
			_start_draft,
		)
	draft.insert()
	return draft.name


def check_origins(doc: Document) -> None:
	"""Checks that the lines were made from lines of issued documents of the same customer and currency, which
	are not dated later than this document.

	The quantities left are checked when the document is issued, under lock. Whether the user may read the
	origins was checked before (`link_checks.check_links`).

	Raises frappe.ValidationError, naming the origin.
	"""
	origins = sum_taken_quantities(doc)
	before = doc.get_doc_before_save()
	known = sum_taken_quantities(before) if before else {}
	if (
		known == origins
		and _list_products(before) == _list_products(doc)
		and not any(doc.has_value_changed(fieldname) for fieldname in _FIELDS_CHECKED_WITH_ORIGINS)
	):
		# Nothing has changed since the last check. Whether the origins are still issued is checked under
		# lock.
		return
	for doctype in sorted({doctype for doctype, _name in origins}):
		if doc.doctype not in _list_next_doctypes(doctype, doc):
			frappe.throw(_("{0} cannot be made from {1}.").format(_(doc.doctype), _(doctype)))
		lines = _read_lines(doctype, [name for origin_doctype, name in origins if origin_doctype == doctype])
		for (origin_doctype, name), quantities in origins.items():
			if origin_doctype == doctype:
				_check_origin(doc, name, quantities, [line for line in lines if line.parent == name])
				_check_products(doc, {line.name: line.product for line in lines if line.parent == name})


def _list_products(doc: Document | None) -> list[tuple]:
	return [(row.source_row, row.product) for row in doc.items] if doc else []


def _check_products(doc: Document, products: dict[str, str]) -> None:
	"""Raises frappe.ValidationError for a line whose product is not that of the line it was made from, by
	whose name `products` holds it: quantities are counted on that line."""
	for row in doc.items:
		if (product := products.get(row.source_row)) and product != row.product:
			frappe.throw(
				_(
					"Line {0}: it was made from a line of {1}, not of {2}. Put {2} on a line of its own."
				).format(row.idx, frappe.bold(product), frappe.bold(row.product))
			)


def _read_lines(doctype: str, names: list[str]) -> list[frappe._dict]:
	"""The lines of issued documents, each with customer, currency and date of its document."""
	line, source = DocType(ITEM), DocType(doctype)
	return (
		frappe.qb.from_(source)
		.join(line)
		.on((line.parent == source.name) & (line.parenttype == doctype))
		.where(source.name.isin(names) & (source.docstatus == 1))
		.select(line.name, line.parent, line.product, source.customer, source.currency, source.posting_date)
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


def _list_next_doctypes(doctype: str, doc: Document) -> tuple[str, ...]:
	if doc.get("is_return"):
		return ("Invoice",) if doctype == "Invoice" else ()
	return NEXT_DOCTYPES.get(doctype, ())


def sum_taken_quantities(doc: Document) -> Quantities:
	"""The quantities that a document takes from the lines that its own lines refer to."""
	taken: Quantities = defaultdict(lambda: defaultdict(float))
	for row in doc.items:
		if row.source_doctype and row.source_name:
			taken[row.source_doctype, row.source_name][row.source_row] += flt(row.quantity)
	return taken


def find_origins(doc: Document) -> tuple[Key, ...]:
	"""(doctype, name) of all documents that a document was made from, directly or through others."""
	return tuple(_add_indirect_origins(sum_taken_quantities(doc)))


def trace_quantities(invoices: Iterable[str]) -> Quantities:
	"""The quantities that these invoices have taken from the lines of all documents behind them."""
	lines = frappe.get_all(
		ITEM,
		filters={"parenttype": "Invoice", "parent": ("in", list(invoices))},
		fields=["name", "parent", "quantity"],
		order_by="name asc",
	)
	taken: Quantities = defaultdict(lambda: defaultdict(float))
	for line in lines:
		taken["Invoice", line.parent][line.name] = flt(line.quantity)
	return _add_indirect_origins(taken)


def count_taken_quantities(doc: Document, sign: int) -> None:
	"""Counts the quantities of a document on all its origins, which are locked in the order of _LOCK_ORDER.

	sign: 1 when the document is issued; -1 when it is cancelled, to take the quantities back. A credit note
	counts on its invoice only.

	Raises frappe.ValidationError, naming document and line, when more is taken than is left.
	"""
	changes = sum_taken_quantities(doc)
	if doc.get("is_return"):
		# Returned goods must not be invoiced again from the order, so the order keeps counting them as
		# invoiced.
		fieldname = RETURNED_QUANTITY
	else:
		fieldname = QUANTITY_FIELDS.get(doc.doctype)
		changes = _add_indirect_origins(changes)
	for doctype, name in sorted(changes, key=lambda key: (_LOCK_ORDER.index(key[0]), key[1])):
		source = sales_documents.lock_origin(doc, doctype, name)
		quantities = changes[doctype, name]
		source.take_quantities(fieldname, {row: sign * quantity for row, quantity in quantities.items()})


def store_taken_quantities(doc: Document, fieldname: str, names: Container[str]) -> None:
	"""Stores the counted quantities of lines of a document, in one statement, as there may be hundreds of
	lines.

	names: of the lines that have changed.
	"""
	line = DocType(ITEM)
	rows = [row for row in doc.items if row.name in names]
	counted = Case()
	for row in rows:
		counted = counted.when(line.name == row.name, row.get(fieldname))
	frappe.qb.update(line).set(fieldname, counted).where(line.name.isin([row.name for row in rows])).run()


def _add_indirect_origins(quantities: Quantities) -> Quantities:
	"""Adds the quantities on indirect origins: the lines that these lines were made from, and so on."""
	found: Quantities = defaultdict(lambda: defaultdict(float))
	while quantities:
		indirect: Quantities = defaultdict(lambda: defaultdict(float))
		for key, lines in quantities.items():
			for row, quantity in lines.items():
				found[key][row] += quantity
		for row in _read_lines_with_origin(quantities):
			key = row.source_doctype, row.source_name
			indirect[key][row.source_row] += quantities[row.parenttype, row.parent][row.name]
		quantities = indirect
	return found


def _read_lines_with_origin(quantities: Quantities) -> list:
	"""The ones of these lines that were made from other lines. Proformas are the beginning of a chain, so
	their lines are not read."""
	names = [row for (doctype, _name), lines in quantities.items() if doctype != "Proforma" for row in lines]
	if not names:
		return []
	return frappe.get_all(
		ITEM,
		filters={"name": ("in", names), "source_doctype": ("is", "set")},
		fields=["name", "parenttype", "parent", "source_doctype", "source_name", "source_row"],
		order_by="name asc",
	)
