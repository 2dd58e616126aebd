"""What a commercial document is to Cronus, and which DocTypes are one.

An app registers its own document with one line in its `hooks.py`::

    cronus_sales_documents = {"Quotation": "my_app.cronus.read_quotation"}

where `read_quotation(doc) -> SalesDocument` says what the document means. From then on it has follow-ups
and stands in the ledger; nothing else is needed.

What follows documents is registered too. When one is issued, cancelled or changed, the functions of the hooks
`cronus_on_issue`, `cronus_on_cancel` and `cronus_on_change` are called in its transaction, with the document
as the framework has it and as Cronus reads it. The first two are also given the documents that it was made
from, as they are now: they are read once for all who follow.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import frappe
from frappe.model.document import Document

from cronus_crm.base.framework_state import snapshot_for_comparison
from cronus_crm.base.hook_calls import call_hooks

# A document, as (doctype, name).
Key = tuple[str, str]

_LOCKED_FLAG = "cronus_locked"

Kind = Literal["Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"]

# The kinds by which others tell documents apart, whatever their DocTypes are called.
PROFORMA: Kind = "Proforma"
ORDER: Kind = "Order"
INVOICE: Kind = "Invoice"
# What may stand for an order where a sale has none of its own: it was delivered or invoiced at once.
FULFILMENT: tuple[Kind, ...] = ("Delivery Note", "Sales Note", INVOICE)


@dataclass(frozen=True)
class Instalment:
	"""A part of an invoice that is due on a day of its own.

	number: 1 for the first; it stays the same while the document is issued.
	balance: what is left to pay of it, with tax, in the company's currency.
	"""

	number: int
	due_date: date
	balance: float


@dataclass(frozen=True)
class SalesDocument:
	"""One issued document, whatever ERP it comes from. Amounts are in the company's currency.

	kind: what it is in the chain of a sale.
	doctype, name: the document itself.
	customer, customer_name: whom it is for; `customer` is a name in the DocType of that ERP's customers, or
	    None while it is for a prospect.
	seller: name of the Cronus Seller whose document it is, or None.
	posting_date: the date that it bears.
	due_date: when an invoice must be paid; until when a proforma is valid; when an order was promised for.
	currency: the currency that it was issued in.
	amount: without tax.
	total: with tax.
	balance: of a proforma, an order, a delivery note or a sales note, the amount without tax that is left to
	    invoice, at its own prices; of an invoice, what is left to pay, with tax; of a credit note, what the
	    customer has left of it (negative, as its other amounts); of a payment, the advance that is left.
	issued: True while it is submitted; False before that and once it is cancelled.
	origins: the documents that it was made from, and those that these were made from, as (doctype, name).
	prospect, opportunity: names of the Cronus Prospect and Cronus Opportunity that it belongs to, or None.
	instalments: of an invoice that is paid in several parts, in their order. Empty: one, on its due date.
	"""

	kind: Kind
	doctype: str
	name: str
	customer: str | None
	customer_name: str
	seller: str | None
	work_center: str | None
	posting_date: date
	due_date: date | None
	currency: str
	amount: float
	total: float
	balance: float
	issued: bool
	origins: tuple[Key, ...] = field(default=())
	prospect: str | None = None
	opportunity: str | None = None
	instalments: tuple[Instalment, ...] = ()


def on_submit(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: a commercial document is issued."""
	_call_with_origins("cronus_on_issue", doc)


def on_cancel(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: a commercial document is cancelled."""
	_call_with_origins("cronus_on_cancel", doc)


def on_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: an issued commercial document is paid, or due on another day."""
	if document := read_document(doc):
		call_hooks("cronus_on_change", doc, document)


def _call_with_origins(hook: str, doc: Document) -> None:
	if document := read_document(doc):
		call_hooks(hook, doc, document, [_read_origin(doc, key) for key in document.origins])


def _read_origin(doc: Document, key: Key) -> SalesDocument:
	held = find_locked_origin(doc, *key)
	return read_document(held) if held else load_document(*key, for_update=True)


def lock_origin(doc: Document, doctype: str, name: str) -> Document:
	"""Reads and locks a document that another one was made from, for the event of that one.

	Whoever changes it does so in the one that is given back: what follows the document reads that.
	"""
	source = frappe.get_doc(doctype, name, for_update=True)
	snapshot_for_comparison(source)
	# What follows is called by the framework's events, which take no arguments: the document has it with it.
	doc.flags.setdefault(_LOCKED_FLAG, {})[doctype, name] = source
	return source


def find_locked_origin(doc: Document, doctype: str, name: str) -> Document | None:
	"""What `lock_origin` gave back in the same event; None for a document that was not locked by it."""
	return doc.flags.get(_LOCKED_FLAG, {}).get((doctype, name))


def registered_doctypes() -> list[str]:
	"""The registered DocTypes."""
	return list(_readers())


def read_document(doc: Document) -> SalesDocument | None:
	"""What a document means to Cronus, or None when its DocType is not registered."""
	readers = _readers().get(doc.doctype)
	return frappe.get_attr(readers[-1])(doc) if readers else None


def _readers() -> dict[str, list[str]]:
	# The framework gives an empty list where no app has the hook, as while ours is being uninstalled.
	return frappe.get_hooks("cronus_sales_documents") or {}


def load_document(doctype: str, name: str, for_update: bool = False) -> SalesDocument:
	"""The same, from its name.

	for_update: of a document that the transaction has locked, as it is now and not as it was when the
	transaction began.

	Raises frappe.DoesNotExistError without such a document, KeyError when the DocType is not registered.
	"""
	if doctype not in registered_doctypes():
		raise KeyError(doctype)
	return read_document(frappe.get_doc(doctype, name, for_update=for_update))
