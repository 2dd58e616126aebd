"""The content of the printed page of a commercial document or a payment, as text that is ready to print.

The layout is in `templates/print`, which the print formats include.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, format_date

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_amount, round_decimal
from cronus_crm.base.money_format import format_amount, format_money, format_number
from cronus_crm.cronus_billing.printing import printed_letter
from cronus_crm.cronus_billing.printing.amount_in_words import amount_in_words
from cronus_crm.cronus_billing.printing.printed_letter import Letter, drop_empty
from cronus_crm.cronus_billing.printing.printed_table import (
	Column,
	Row,
	Table,
	estimate_width,
	fit_type,
	make_column,
	make_table,
)

# The height, in millimetres, of the block with the amount in figures and in words, which the page of a
# payment has above its table.
_AMOUNT_BLOCK_HEIGHT = 26


@dataclass(frozen=True)
class Tax:
	"""Rate, base and amount of a tax, formatted."""

	rate: str
	base: str
	tax: str


@dataclass(frozen=True)
class PrintedDocument:
	"""The content of a document's page. discount: a sentence, None without one. due: date and amount of each
	instalment, where there are several. words: the grand total in words. sums_points: the size of the type of
	taxes and totals."""

	letter: Letter
	table: Table
	taxes: tuple[Tax, ...]
	discount: str | None
	net_total: str
	tax_total: str
	grand_total: str
	due: tuple[tuple[str, str], ...]
	words: str
	sums_points: float


@dataclass(frozen=True)
class PrintedPayment:
	"""The content of a payment's page. table: the documents that it was allocated to. words: the amount in
	words. sums: label and amount of the allocated, returned and remaining parts.
	"""

	letter: Letter
	table: Table
	amount: str
	words: str
	sums: tuple[tuple[str, str], ...]


def printed_document(doc: Document, fieldnames: list[str], letter_head: str | None = None) -> PrintedDocument:
	"""Jinja method: the content of a document's page, in the language of the print.

	fieldnames: of the fields that are shown beside the customer. letter_head: the HTML above the document,
	whose height is needed to break the table into pages.
	"""
	letter = printed_letter.make_letter(doc, fieldnames)
	rows = [_make_row(row, doc.currency) for row in doc.get("items") or []]
	return PrintedDocument(
		letter=letter,
		table=make_table(
			rows, _make_columns(rows), printed_letter.estimate_letter_height(letter, letter_head)
		),
		taxes=_list_taxes(doc),
		discount=_describe_discount(doc),
		net_total=_format_money(doc.get("net_total"), doc),
		tax_total=_format_money(doc.get("tax_total"), doc),
		grand_total=_format_money(doc.get("grand_total"), doc),
		due=_list_instalments(doc),
		words=_write_in_words(doc.get("grand_total"), doc),
		sums_points=_fit_sums(doc),
	)


def printed_payment(doc: Document, fieldnames: list[str], letter_head: str | None = None) -> PrintedPayment:
	"""Jinja method: the content of a payment's page; arguments as in `printed_document`."""
	letter = printed_letter.make_letter(doc, fieldnames, bank_details=False)
	rows = [_make_allocation_row(row, doc) for row in doc.allocations]
	above = printed_letter.estimate_letter_height(letter, letter_head) + _AMOUNT_BLOCK_HEIGHT
	return PrintedPayment(
		letter=letter,
		table=make_table(rows, _make_allocation_columns(rows), above),
		amount=_format_money(doc.amount, doc),
		words=_write_in_words(doc.amount, doc),
		sums=_list_payment_sums(doc),
	)


def _write_in_words(amount: float | None, doc: Document) -> str:
	return amount_in_words(flt(amount), doc.currency, frappe.local.lang or "en")


def _format_money(amount: float | None, doc: Document) -> str:
	return format_money(amount, doc.currency)


def _make_row(row: Document, currency: str) -> Row:
	return {
		"number": str(row.idx),
		"code": row.product or "",
		"description": row.description or row.product or "",
		"quantity": " ".join(drop_empty(_format_number(row.quantity), _(row.unit) if row.unit else None)),
		"price": _format_number(row.price, at_least=currency_decimals(currency)),
		"discount": _describe_line_discount(row, currency),
		"tax": f"{_format_number(row.tax_rate)} %",
		"amount": format_amount(row.net_amount, currency),
	}


def _describe_line_discount(row: Document, currency: str) -> str:
	if flt(row.get("fixed_discount")):
		return format_amount(row.fixed_discount, currency)
	return f"{_format_number(row.discount_percent)} %" if flt(row.discount_percent) else ""


def _format_number(number: float | None, at_least: int = 0, at_most: int = 6) -> str:
	"""A number with as many decimals as it has, within the limits, and with the site's thousands
	separator."""
	decimals = -round_decimal(as_decimal(number), at_most).normalize().as_tuple().exponent
	return format_number(number, min(max(decimals, at_least), at_most))


def _make_columns(rows: Sequence[Row]) -> list[Column]:
	"""The columns of a document's table: discount and tax only where rows differ. Columns of figures are as
	wide as their content, the description takes the remaining width."""
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


def _list_taxes(doc: Document) -> tuple[Tax, ...]:
	"""Base and amount of each tax, formatted, the lowest rate first."""
	return tuple(
		Tax(f"{_format_number(rate)} %", _format_money(base, doc), _format_money(tax, doc))
		for rate, base, tax in sorted(_read_stored_taxes(doc) or _compute_line_taxes(doc))
	)


def _fit_sums(doc: Document) -> float:
	"""The size of type in which the taxes, on 55 % of the page, and the totals beside them fit."""
	gap = 8
	taxes = max((estimate_width(tax.rate, tax.base, tax.tax) for tax in _list_taxes(doc)), default=0)
	# The total is larger, and bold.
	totals = estimate_width(_("Net total"), _format_money(doc.get("grand_total"), doc)) * 1.35
	return fit_type(max((taxes + gap) / 0.55, totals / 0.45))


def _read_stored_taxes(doc: Document) -> list[tuple[float, float, float]]:
	return [(flt(row.rate), row.base, row.amount) for row in doc.get("taxes") or []]


def _compute_line_taxes(doc: Document) -> list[tuple[float, float, float]]:
	"""(rate, base, amount) of each rate, for documents that are older than the table of taxes.

	Computed from the net amounts of the lines: base = Σ net amounts, amount = base × rate / 100, rounded as
	`document_totals.compute_totals` does.
	"""
	bases: dict[Decimal, Decimal] = defaultdict(Decimal)
	for row in doc.get("items") or []:
		bases[as_decimal(row.tax_rate)] += as_decimal(row.net_amount)
	return [
		(float(rate), float(base), round_amount(base * rate / 100, doc.currency))
		for rate, base in bases.items()
	]


def _describe_discount(doc: Document) -> str | None:
	"""A sentence about the discount of the whole document, which is already subtracted from the amounts of
	the lines; None without one."""
	if not flt(doc.get("discount_percent")):
		return None
	if flt(doc.get("fixed_discount")):
		return _("Discount, already in the amounts: {0}").format(_format_money(doc.discount_amount, doc))
	return _("Discount of {0} %, already in the amounts: {1}").format(
		_format_number(doc.discount_percent), _format_money(doc.get("discount_amount"), doc)
	)


def _list_instalments(doc: Document) -> tuple[tuple[str, str], ...]:
	rows = doc.get("instalments") or []
	if len(rows) < 2:
		return ()
	return tuple((format_date(row.due_date), _format_money(row.amount, doc)) for row in rows)


def _make_allocation_row(row: Document, doc: Document) -> Row:
	"""A row for a document that the payment settles, with its balance before the payment."""
	if row.payment:
		kind = _("Advance")
	else:
		kind = _("Credit note") if doc.kind == "Returned" else _("Invoice")
	return {
		"number": str(row.idx),
		"document": f"{kind} {row.payment or row.invoice or ''}",
		"date": format_date(row.invoice_date) if row.invoice_date else "",
		"total": format_amount(row.total, doc.currency),
		"balance": format_amount(row.balance, doc.currency),
		"amount": format_amount(row.amount, doc.currency),
	}


def _make_allocation_columns(rows: Sequence[Row]) -> list[Column]:
	return [
		make_column(rows, "number", "#", right=True),
		Column("document", _("Document"), None),
		make_column(rows, "date", _("Date")),
		make_column(rows, "total", _("Total"), right=True),
		make_column(rows, "balance", _("Balance before"), right=True),
		make_column(rows, "amount", _("Amount"), right=True),
	]


def _list_payment_sums(doc: Document) -> tuple[tuple[str, str], ...]:
	if doc.kind == "Returned":
		return ((_("Given back"), _format_money(doc.amount, doc)),)
	sums = (
		(_("Allocated"), doc.allocated_amount),
		(_("Returned to the customer"), doc.returned_amount),
		(_("Advance left"), doc.unallocated_amount),
	)
	return tuple((label, _format_money(sum_, doc)) for label, sum_ in sums if flt(sum_))
