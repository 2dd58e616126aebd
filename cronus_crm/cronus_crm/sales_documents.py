"""What a commercial document is to Cronus, and which DocTypes are one.

An app registers its own document with one line in its `hooks.py`::

    cronus_sales_documents = {"Quotation": "my_app.cronus.read_quotation"}

where `read_quotation(doc) -> SalesDocument` says what the document means. From then on it has follow-ups
and stands in the ledger; nothing else is needed.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import frappe
from frappe.model.document import Document

Kind = Literal["Proforma", "Invoice"]


@dataclass(frozen=True)
class SalesDocument:
	"""One issued document, whatever ERP it comes from. Amounts are in the company's currency.

	kind: what it is in the chain of a sale.
	doctype, name: the document itself.
	customer, customer_name: whom it is for; `customer` is a name in the DocType of that ERP's customers, or
	    None while it is for a prospect.
	seller: name of the Cronus Seller whose document it is, or None.
	posting_date: the date that it bears.
	due_date: when an invoice must be paid; until when a proforma is valid.
	currency: the currency that it was issued in.
	amount: without tax.
	total: with tax.
	balance: of a proforma, the amount without tax that is left to invoice, at the proforma's prices;
	    of an invoice, what is left to pay, with tax.
	issued: True while it is submitted; False before that and once it is cancelled.
	origins: the documents that it was made from, as (doctype, name).
	prospect, opportunity: names of the Cronus Prospect and Cronus Opportunity that it belongs to, or None.
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
	origins: tuple[tuple[str, str], ...] = field(default=())
	prospect: str | None = None
	opportunity: str | None = None


def doctypes() -> list[str]:
	"""The registered DocTypes."""
	return list(_readers())


def read(doc: Document) -> SalesDocument | None:
	"""What a document means to Cronus, or None when its DocType is not registered."""
	readers = _readers().get(doc.doctype)
	return frappe.get_attr(readers[-1])(doc) if readers else None


def _readers() -> dict[str, list[str]]:
	# The framework gives an empty list where no app has the hook, as while ours is being uninstalled.
	return frappe.get_hooks("cronus_sales_documents") or {}


def load(doctype: str, name: str) -> SalesDocument:
	"""The same, from its name.

	Raises frappe.DoesNotExistError without such a document, KeyError when the DocType is not registered.
	"""
	if doctype not in doctypes():
		raise KeyError(doctype)
	return read(frappe.get_doc(doctype, name))
