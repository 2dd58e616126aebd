"""The registry of commercial documents: which DocTypes are one, and what a document of each means to Cronus.

An app registers its own document with one line in its `hooks.py`::

    cronus_sales_documents = {"Quotation": "my_app.cronus.read_quotation"}

where `read_quotation(doc) -> SalesDocument` maps the document. From then on its documents have follow-ups and
entries in the ledger; nothing else is needed.

When a document is issued, cancelled or changed after that, the functions of the hooks `cronus_on_issue`,
`cronus_on_cancel` and `cronus_on_change` are called in its transaction. They take the framework's document
and the `SalesDocument`. The first two also take the list of the documents that it was made from, with their
present values: these are read once for all functions.

Documents that an ERP tells come many at once: theirs is the hook `cronus_on_changes`, see `tell_changes`.
"""

from collections.abc import Callable
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
# Of a document whose change was told with those of many others (see `tell_changes`), its events say nothing.
TOLD_TOGETHER = "cronus_told_together"

Kind = Literal["Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"]

# Modules compare the kind of a document, never its DocType, which another app may name as it likes.
PROFORMA: Kind = "Proforma"
ORDER: Kind = "Order"
INVOICE: Kind = "Invoice"
# Kinds that count as the order of a sale that has no order, because it was delivered or invoiced at once.
FULFILMENT: tuple[Kind, ...] = ("Delivery Note", "Sales Note", INVOICE)


@dataclass(frozen=True)
class Instalment:
	"""A part of an invoice with its own due date.

	number: 1 for the first; it stays the same while the document is issued.
	balance: the unpaid part of it, with tax, in the company's currency.
	"""

	number: int
	due_date: date
	balance: float


@dataclass(frozen=True)
class SalesDocument:
	"""A commercial document, independent of the app or ERP that it comes from. Amounts are in the company's
	currency.

	kind: its role in a sale.
	doctype, name: the DocType and name of the document.
	customer, customer_name: whom it is for; `customer` is a name in the DocType of that ERP's customers, or
	    None while it is for a prospect.
	seller: name of the Cronus Seller whose document it is, or None. posting_date: the date of the document.
	due_date: of an invoice, the date by which it must be paid; of a proforma, the last day of its
	    validity; of an order, the promised date.
	currency: code of the currency in which it was issued.
	amount: without tax.
	total: with tax.
	balance: of a proforma, an order, a delivery note or a sales note, the amount without tax that is not
	    invoiced yet, at its own prices; of an invoice, the unpaid amount with tax; of a credit note, the part
	    that the customer has not used (negative, like its other amounts); of a payment, the part that is not
	    allocated.
	issued: True while it is submitted; False before that and once it is cancelled.
	origins: the documents that it was made from, and those that these were made from, as (doctype, name).
	prospect, opportunity: names of the Cronus Prospect and Cronus Opportunity that it belongs to, or None.
	instalments: the instalments of an invoice, in their order. Empty: the whole is due on its due date.
	number: what people call it, where that is not its name.
	settled: of a payment or a credit note of an ERP, how much it settles of each origin. Documents of our own
	    say so in rows of their own, and leave it empty.
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
	number: str | None = None
	settled: tuple[tuple[Key, float], ...] = ()

	@property
	def key(self) -> Key:
		return self.doctype, self.name

	@property
	def label(self) -> str:
		"""What people call it."""
		return self.number or self.name


@dataclass(frozen=True)
class DocumentChange:
	"""What has become of one of many documents that an ERP has told.

	before: as it was; None for a new one. now: as it is. owner: the user who has entered it.
	is_history: it is told as past, of which nobody hears. opportunities_before, opportunities_now: those of
	the documents that it was or is made from.
	"""

	before: SalesDocument | None
	now: SalesDocument
	owner: str
	is_history: bool = False
	opportunities_before: frozenset[str] = frozenset()
	opportunities_now: frozenset[str] = frozenset()

	@property
	def was_issued(self) -> bool:
		return bool(self.before and self.before.issued)


def tell_changes(changes: list[DocumentChange], insert: Callable[[list[Document]], None]) -> None:
	"""Calls the functions of the hook `cronus_on_changes` with the changes of many documents, among them all
	whose balance or origins have changed with others.

	They do together what `cronus_on_issue`, `cronus_on_change` and `cronus_on_cancel` do for one document,
	which these documents are not given to. insert: inserts new documents of one DocType together.
	"""
	call_hooks("cronus_on_changes", changes, insert)


def on_submit(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: calls `cronus_on_issue` when the document is a commercial one."""
	_call_with_origins("cronus_on_issue", doc)


def on_cancel(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: calls `cronus_on_cancel` when the document is a commercial one."""
	_call_with_origins("cronus_on_cancel", doc)


def on_update_after_submit(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: calls `cronus_on_change` when an issued commercial document has changed, as
	when it is paid or gets another due date."""
	if not doc.flags.get(TOLD_TOGETHER) and (document := read_document(doc)):
		call_hooks("cronus_on_change", doc, document)


def _call_with_origins(hook: str, doc: Document) -> None:
	if not doc.flags.get(TOLD_TOGETHER) and (document := read_document(doc)):
		call_hooks(hook, doc, document, [_read_origin(doc, key) for key in document.origins])


def _read_origin(doc: Document, key: Key) -> SalesDocument:
	"""An origin with its present values: as the controller of `doc` has locked and changed it, otherwise
	locked and read here."""
	locked = find_locked_origin(doc, *key)
	return read_document(locked) if locked else load_document(*key, for_update=True)


def lock_origin(doc: Document, doctype: str, name: str) -> Document:
	"""Locks and reads a document from which `doc` was made, during an event of `doc`.

	The caller must make its changes in the document that is given back: the functions of the hooks
	`cronus_on_issue` and `cronus_on_cancel` are given that one, and it is not read again.
	"""
	source = frappe.get_doc(doctype, name, for_update=True)
	snapshot_for_comparison(source)
	# The framework calls the hooks by events without further arguments, so the flags of `doc` pass it on.
	doc.flags.setdefault(_LOCKED_FLAG, {})[doctype, name] = source
	return source


def find_locked_origin(doc: Document, doctype: str, name: str) -> Document | None:
	"""The document that :func:`lock_origin` has locked for `doc`; None when it has not."""
	return doc.flags.get(_LOCKED_FLAG, {}).get((doctype, name))


def registered_doctypes() -> list[str]:
	"""Names of the DocTypes that are registered as commercial documents."""
	return list(_readers())


def read_document(doc: Document) -> SalesDocument | None:
	"""The `SalesDocument` of a document; None when its DocType is not registered."""
	readers = _readers().get(doc.doctype)
	return frappe.get_attr(readers[-1])(doc) if readers else None


def _readers() -> dict[str, list[str]]:
	# The framework gives an empty list when no app has the hook, as while this app is being uninstalled.
	return frappe.get_hooks("cronus_sales_documents") or {}


def load_document(doctype: str, name: str, for_update: bool = False) -> SalesDocument:
	"""Reads a document from the database and gives its `SalesDocument`.

	for_update: locks the document and reads its present values instead of those of the transaction's
	snapshot.

	Raises frappe.DoesNotExistError without such a document, KeyError when the DocType is not registered.
	"""
	if doctype not in registered_doctypes():
		raise KeyError(doctype)
	return read_document(frappe.get_doc(doctype, name, for_update=for_update))
