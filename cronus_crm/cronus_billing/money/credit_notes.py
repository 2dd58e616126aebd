"""Credit notes: documents of the DocType Invoice (`is_return`) that cancel lines of an invoice, in whole or
in part.

When it is issued, a credit note reduces the balance of its invoice: by min(its grand total, balance of the
invoice). The rest is credit of the customer: the `balance` of the credit note, which a returned payment pays
out.

Its lines refer to those of the invoice, which count the returned quantities (see `document_chain.py`) and the
amounts that go with them (`returned_net`, `returned_tax`). A line of a credit note is its share of what is
left of the invoice's line: rest × quantity / quantity left, rounded, for the amount without tax and for the
tax. So the last part takes the rest, whatever the parts before were rounded to, and none is negative. A
credit note at other terms (a lower price) comes to less, and takes its share all the same.

Rows are locked in the same order as for all documents: first the credit note, then its invoice.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import flt

from cronus_crm.base import sales_documents
from cronus_crm.base.amounts import add_amounts, as_decimal, currency_decimals, round_decimal, smallest_amount
from cronus_crm.base.company import day_of_next_document
from cronus_crm.base.money_format import format_money
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.documents.document_totals import Tax
from cronus_crm.cronus_billing.money import credit_use, credits_without_invoice

# What a credit note at other terms than its invoice may exceed its share by, in the smallest amounts of the
# currency: how a document's discount is distributed to its lines depends on rounding.
_TOLERANCE = 2

# The terms of a line and of a document, on which the amounts depend besides the quantity.
_LINE_TERMS, _DOCUMENT_TERMS = (
	("price", "discount_percent", "tax_rate"),
	("discount_percent", "taxes_included"),
)


def make_credit_note(invoice: str) -> str:
	"""Makes a draft credit note for the quantities of an issued invoice that were not returned yet; returns
	its name.

	Raises frappe.PermissionError where the user may not read the invoice or create invoices, and
	frappe.ValidationError where it is not issued, is a credit note itself, or has nothing left.
	"""
	source = frappe.get_doc("Invoice", invoice)
	source.check_permission("read")
	_check_source(source)
	if not any(creditable_quantity(row) > 0 for row in source.items):
		frappe.throw(
			_("Everything of {0} was returned already.").format(frappe.bold(source.name)),
			title=_("Nothing is left"),
		)
	draft = get_mapped_doc(
		"Invoice",
		source.name,
		{
			"Invoice": {
				"doctype": "Invoice",
				"field_map": {"name": "return_against"},
				"field_no_map": document_chain.AMOUNTS_OF_THE_WHOLE,
			},
			document_chain.ITEM: {
				"doctype": document_chain.ITEM,
				"field_no_map": document_chain.AMOUNTS_OF_THE_WHOLE,
				"field_map": {"parenttype": "source_doctype", "parent": "source_name", "name": "source_row"},
				"condition": lambda row: creditable_quantity(row) > 0,
				"postprocess": lambda row, line, _parent: line.set("quantity", creditable_quantity(row)),
			},
		},
	)
	draft.is_return = 1
	draft.posting_date = day_of_next_document(source.posting_date)
	draft.insert()
	return draft.name


def creditable_quantity(row: Document) -> float:
	"""The quantity of a line of an invoice that can still be returned."""
	return flt(flt(row.quantity) - flt(row.returned_quantity), 6)


def check_credit_note(doc: Document) -> None:
	"""Checks that each line of a credit note refers to a line of its one issued invoice, has the same tax
	rate, and is not more expensive.

	Raises frappe.ValidationError. The quantities are checked when it is issued, under lock. What is asked of
	one without its invoice says `credits_without_invoice.py`.
	"""
	if not doc.return_against:
		return credits_without_invoice.check_credit_without_invoice(doc)
	doc.credit_reason = None
	source = frappe.get_doc("Invoice", doc.return_against)
	_check_source(source)
	lines = {row.name: row for row in source.items}
	for row in doc.items:
		if (row.source_doctype, row.source_name) != ("Invoice", source.name) or row.source_row not in lines:
			frappe.throw(
				_("Line {0}: a credit note only has lines of its invoice, {1}.").format(
					row.idx, frappe.bold(source.name)
				)
			)
		_check_amount(doc, row, lines[row.source_row])


def _check_amount(doc: Document, row: Document, invoiced: Document) -> None:
	"""Raises frappe.ValidationError for another tax rate, and for a net amount above the line's share, see
	`take_shares`."""
	if flt(row.tax_rate, 6) != flt(invoiced.tax_rate, 6):
		frappe.throw(_("Line {0}: the tax is not that of the invoice.").format(row.idx))
	if add_amounts(row.net_amount, -row.returned_net) > 0:
		frappe.throw(
			_("Line {0}: it comes to {1}, and in the invoice that quantity comes to {2}.").format(
				row.idx,
				frappe.bold(format_money(row.net_amount, doc.currency)),
				frappe.bold(format_money(row.returned_net, doc.currency)),
			)
		)


@dataclass
class Rest:
	"""What credit notes have left of a line of an invoice. net, tax: in the currency of the invoice."""

	quantity: Decimal
	net: Decimal
	tax: Decimal

	def take(self, quantity: Decimal, decimals: int) -> tuple[Decimal, Decimal]:
		"""The share of a quantity, (net, tax), which is not left any more."""
		if quantity == self.quantity:
			net, tax = self.net, self.tax
		else:
			part = quantity / self.quantity if self.quantity > 0 else Decimal(0)
			net, tax = (round_decimal(amount * part, decimals) for amount in (self.net, self.tax))
		self.quantity, self.net, self.tax = self.quantity - quantity, self.net - net, self.tax - tax
		return net, tax


def take_shares(doc: Document) -> None:
	"""Sets the amounts of the lines of a credit note to their shares of the invoice's, and its totals.

	The share of each line is also stored in `returned_net` and `returned_tax`. When the credit note is being
	issued, the invoice is locked first, so that of two parts the second knows what the first has left. Lines
	that do not refer to the invoice are left as they are; `check_credit_note` refuses them.
	"""
	if doc.docstatus.is_submitted():
		source = sales_documents.lock_origin(doc, "Invoice", doc.return_against)
	else:
		source = frappe.get_doc("Invoice", doc.return_against)
	decimals = currency_decimals(doc.currency)
	invoiced = {row.name: row for row in source.items}
	rests = {row.name: _compute_rest(row) for row in source.items}
	for row in doc.items:
		if row.source_row not in rests:
			continue
		net, tax = rests[row.source_row].take(as_decimal(row.quantity), decimals)
		row.returned_net, row.returned_tax = float(net), float(tax)
		if _has_terms_of(doc, source, _DOCUMENT_TERMS) and _has_terms_of(
			row, invoiced[row.source_row], _LINE_TERMS
		):
			row.net_amount, row.gross_amount = float(net), float(net + tax)
		else:
			_limit_to_share(row, decimals)
	_add_up(doc)


def _compute_rest(row: Document) -> Rest:
	tax = as_decimal(row.gross_amount) - as_decimal(row.net_amount)
	return Rest(
		as_decimal(row.quantity) - as_decimal(row.returned_quantity),
		as_decimal(row.net_amount) - as_decimal(row.returned_net),
		tax - as_decimal(row.returned_tax),
	)


def _has_terms_of(one: Document, other: Document, fieldnames: tuple[str, ...]) -> bool:
	return all(flt(one.get(fieldname), 9) == flt(other.get(fieldname), 9) for fieldname in fieldnames)


def _limit_to_share(row: Document, decimals: int) -> None:
	"""Takes away by what little a line at other terms exceeds its share; `check_credit_note` refuses more."""
	tolerance = _TOLERANCE * smallest_amount(decimals)
	net, tax = as_decimal(row.net_amount), as_decimal(row.gross_amount) - as_decimal(row.net_amount)
	if 0 < net - as_decimal(row.returned_net) <= tolerance:
		net = as_decimal(row.returned_net)
	if 0 < tax - as_decimal(row.returned_tax) <= tolerance:
		tax = as_decimal(row.returned_tax)
	row.net_amount, row.gross_amount = float(net), float(net + tax)


def _add_up(doc: Document) -> None:
	"""Sets taxes and totals of a document to the sums of its lines."""
	groups: dict[tuple[str, float], list[Document]] = defaultdict(list)
	for row in doc.items:
		groups[row.tax or "", flt(row.tax_rate)].append(row)
	taxes = []
	for (tax, rate), rows in sorted(groups.items()):
		base = add_amounts(*(row.net_amount for row in rows))
		amount = add_amounts(*(row.gross_amount for row in rows), -base)
		taxes.append(Tax(tax, rate, base, amount))
	doc.set_totals(tuple(taxes))


def _check_source(source: Document) -> None:
	name = frappe.bold(source.name)
	if source.is_return:
		frappe.throw(_("{0} is a credit note itself.").format(name))
	if not source.docstatus.is_submitted():
		frappe.throw(_("{0} is not issued, so there can be no credit note for it.").format(name))


def apply_credit_note(doc: Document) -> None:
	"""Reduces the balance of the invoice by the credit note that is being issued, as far as it has a balance.

	The invoice is locked: `document_chain.count_taken_quantities` has counted the returned quantities on it.
	"""
	if not doc.return_against:
		return
	invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
	_count_returned_amounts(doc, invoice, 1)
	amount = min(doc.grand_total, invoice.balance)
	if amount <= 0:
		return
	invoice.take_credit(amount)
	doc.paid_amount = doc.credited_amount = amount
	doc.update_balance()
	doc.state = doc.compute_state()
	doc.db_set({f: doc.get(f) for f in ("paid_amount", "credited_amount", "balance", "state")})


def undo_credit_note(doc: Document) -> None:
	"""Increases the balances of its invoice, and of those on which it was used, by what a cancelled credit
	note had reduced them by."""

	def lock_invoice(name: str) -> Document:
		return sales_documents.find_locked_origin(doc, "Invoice", name) or sales_documents.lock_origin(
			doc, "Invoice", name
		)

	credit_use.undo_uses(doc, lock_invoice)
	if not doc.return_against:
		return
	invoice = sales_documents.find_locked_origin(doc, "Invoice", doc.return_against)
	_count_returned_amounts(doc, invoice, -1)
	if flt(doc.credited_amount) > 0:
		invoice.take_credit(-doc.credited_amount)


def _count_returned_amounts(doc: Document, invoice: Document, sign: int) -> None:
	"""Counts the shares of a credit note on the lines of its locked invoice. sign: -1 to take them back."""
	for fieldname in ("returned_net", "returned_tax"):
		shares: dict[str, list[float]] = defaultdict(list)
		for row in doc.items:
			shares[row.source_row].append(sign * flt(row.get(fieldname)))
		for row in invoice.items:
			row.set(fieldname, add_amounts(row.get(fieldname), *shares.get(row.name, ())))
		document_chain.store_taken_quantities(invoice, fieldname, shares)
