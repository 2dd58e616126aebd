"""What the printed page of a commercial document or a payment says.

How it looks is in `templates/print`; a print format sets what is its own and includes those.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, format_date

from cronus_crm.cronus_billing.documents import document_totals
from cronus_crm.cronus_billing.printing import printed_letter
from cronus_crm.cronus_billing.printing.amount_in_words import amount_in_words
from cronus_crm.cronus_billing.printing.printed_letter import Letter, without_gaps
from cronus_crm.cronus_billing.printing.printed_table import (
	Column,
	Row,
	Table,
	format_amount,
	make_column,
	make_table,
)

# What the amount of a payment takes above its rows, in millimetres.
_HEIGHT_OF_AMOUNT = 26


@dataclass(frozen=True)
class Tax:
	"""What one rate comes to, as text."""

	rate: str
	base: str
	tax: str


@dataclass(frozen=True)
class PrintedDocument:
	"""due: date and amount of each instalment, where there are several."""

	letter: Letter
	table: Table
	taxes: tuple[Tax, ...]
	discount: str | None
	due: tuple[tuple[str, str], ...]
	words: str


@dataclass(frozen=True)
class PrintedPayment:
	"""table: what it was allocated to, or given back of.
	sums: labels and amounts of what became of the money.
	"""

	letter: Letter
	table: Table
	amount: str
	words: str
	sums: tuple[tuple[str, str], ...]


def printed_document(doc: Document, fieldnames: list[str], letter_head: str | None = None) -> PrintedDocument:
	"""What a print format shows of a document, in the language that is being printed; a method of Jinja.

	fieldnames: of what stands beside the customer.
	letter_head: HTML that stands above the document, for the room that it takes.
	"""
	letter = printed_letter.letter_of(doc, fieldnames)
	rows = [_row(row) for row in doc.get("items") or []]
	return PrintedDocument(
		letter=letter,
		table=make_table(rows, _columns(rows), printed_letter.height_of_letter(letter, letter_head)),
		taxes=_taxes(doc),
		discount=_discount(doc),
		due=_instalments(doc),
		words=_in_words(doc.get("grand_total"), doc),
	)


def printed_payment(doc: Document, fieldnames: list[str], letter_head: str | None = None) -> PrintedPayment:
	"""What a print format shows of a payment; a method of Jinja with the arguments of `printed_document`."""
	letter = printed_letter.letter_of(doc, fieldnames, bank_details=False)
	rows = [_allocation(row, doc) for row in doc.allocations]
	above = printed_letter.height_of_letter(letter, letter_head) + _HEIGHT_OF_AMOUNT
	return PrintedPayment(
		letter=letter,
		table=make_table(rows, _allocation_columns(rows), above),
		amount=_money(doc.amount, doc),
		words=_in_words(doc.amount, doc),
		sums=_what_became_of(doc),
	)


def _in_words(amount: float | None, doc: Document) -> str:
	return amount_in_words(flt(amount, 2), doc.currency, frappe.local.lang or "en")


def _money(amount: float | None, doc: Document) -> str:
	return fmt_money(flt(amount, 2), currency=doc.currency)


def _row(row: Document) -> Row:
	return {
		"number": str(row.idx),
		"code": row.product or "",
		"description": row.description or row.product or "",
		"quantity": " ".join(without_gaps(_number(row.quantity), _(row.unit) if row.unit else None)),
		"price": _number(row.price, at_least=2),
		"discount": f"{_number(row.discount_percent)} %" if flt(row.discount_percent) else "",
		"tax": f"{_number(row.tax_rate)} %",
		"amount": format_amount(row.net_amount or 0),
	}


def _number(number: float | None, at_least: int = 0, at_most: int = 6) -> str:
	"""With as many decimals as it has, and its thousands apart as the site writes them."""
	decimals = -Decimal(f"{flt(number, at_most):f}").normalize().as_tuple().exponent
	return fmt_money(flt(number), precision=min(max(decimals, at_least), at_most))


def _columns(rows: Sequence[Row]) -> list[Column]:
	"""Those that say something; figures have the room that they need, the description has the rest."""
	several_rates = len({row["tax"] for row in rows}) > 1
	columns = [
		make_column(rows, "number", "#", right=True),
		make_column(rows, "code", _("Code"), most=30),
		Column("description", _("Description"), None),
		make_column(rows, "quantity", _("Quantity"), most=34, right=True),
		make_column(rows, "price", _("Price"), right=True),
	]
	if any(row["discount"] for row in rows):
		columns.append(make_column(rows, "discount", _("Disc."), right=True))
	if several_rates:
		columns.append(make_column(rows, "tax", _("Tax"), right=True))
	columns.append(make_column(rows, "amount", _("Amount"), right=True))
	return columns


def _taxes(doc: Document) -> tuple[Tax, ...]:
	"""Base and tax of each rate, the lowest first."""
	return tuple(
		Tax(f"{_number(rate)} %", _money(base, doc), _money(tax, doc))
		for rate, base, tax in sorted(_stored_taxes(doc) or _taxes_of_lines(doc))
	)


def _stored_taxes(doc: Document) -> list[tuple[float, float, float]]:
	return [(flt(row.rate), row.base, row.amount) for row in doc.get("taxes") or []]


def _taxes_of_lines(doc: Document) -> list[tuple[float, float, float]]:
	"""Of a document from before rates were stored: reckoned as `totals.add_up` does."""
	bases: dict[Decimal, Decimal] = defaultdict(Decimal)
	for row in doc.get("items") or []:
		bases[document_totals.as_decimal(row.tax_rate)] += document_totals.as_decimal(row.net_amount)
	return [
		(float(rate), float(base), float(document_totals.to_cents(base * rate / 100)))
		for rate, base in bases.items()
	]


def _discount(doc: Document) -> str | None:
	"""The discount of the whole document, which the amounts of the lines already have."""
	if not flt(doc.get("discount_percent")):
		return None
	return _("Discount of {0} %, already in the amounts: {1}").format(
		_number(doc.discount_percent), _money(doc.get("discount_amount"), doc)
	)


def _instalments(doc: Document) -> tuple[tuple[str, str], ...]:
	rows = doc.get("instalments") or []
	if len(rows) < 2:
		return ()
	return tuple((format_date(row.due_date), _money(row.amount, doc)) for row in rows)


def _allocation(row: Document, doc: Document) -> Row:
	"""What a payment settles, with its balance before that."""
	if row.payment:
		kind = _("Advance")
	else:
		kind = _("Credit note") if doc.kind == "Returned" else _("Invoice")
	return {
		"number": str(row.idx),
		"document": f"{kind} {row.payment or row.invoice or ''}",
		"date": format_date(row.invoice_date) if row.invoice_date else "",
		"total": format_amount(row.total),
		"balance": format_amount(row.balance),
		"amount": format_amount(row.amount),
	}


def _allocation_columns(rows: Sequence[Row]) -> list[Column]:
	return [
		make_column(rows, "number", "#", right=True),
		Column("document", _("Document"), None),
		make_column(rows, "date", _("Date")),
		make_column(rows, "total", _("Total"), right=True),
		make_column(rows, "balance", _("Balance before"), right=True),
		make_column(rows, "amount", _("Amount"), right=True),
	]


def _what_became_of(doc: Document) -> tuple[tuple[str, str], ...]:
	if doc.kind == "Returned":
		return ((_("Given back"), _money(doc.amount, doc)),)
	sums = (
		(_("Allocated"), doc.allocated_amount),
		(_("Returned to the customer"), doc.returned_amount),
		(_("Advance left"), doc.unallocated_amount),
	)
	return tuple((label, _money(sum_, doc)) for label, sum_ in sums if flt(sum_))
