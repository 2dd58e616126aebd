"""Discounts that are given as an amount, of a line or of the whole document (`fixed_discount`).

The amount is what counts; the percentage beside it is computed from it, for whoever compares discounts and
for the documents that are made from this one. It has nine decimals, so that 7,500 off 8,500 is 1,000.00 there
too.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_amount, round_decimal
from cronus_crm.base.money_format import format_money
from cronus_crm.cronus_billing.documents import document_lines

FIXED, PERCENT = "fixed_discount", "discount_percent"
PERCENT_DECIMALS = 9


def set_percentages(doc: Document) -> None:
	"""Sets the percentages of discounts that are given as an amount.

	Of a stored document, the one of both that has changed counts; where both have, or the document is new,
	the amount. Raises frappe.ValidationError for a discount that is negative or above what it is taken from.
	"""
	before = doc.get_doc_before_save()
	rows_before = {row.name: row for row in before.items} if before else {}
	whole = 0
	for row in doc.items:
		_choose_changed(row, rows_before.get(row.name), doc.currency)
		amount = round_amount(as_decimal(row.quantity) * as_decimal(row.price), doc.currency)
		if flt(row.get(FIXED)):
			if not 0 < row.fixed_discount <= amount:
				document_lines.refuse_line(
					row,
					_("the discount cannot be negative nor above {0}, what the line comes to").format(
						format_money(amount, doc.currency)
					),
				)
			row.discount_percent = _compute_percentage(row.fixed_discount, amount)
		whole += amount_of_line(row, doc.currency)
	_choose_changed(doc, before, doc.currency)
	if flt(doc.get(FIXED)):
		if not 0 < doc.fixed_discount <= whole:
			frappe.throw(
				_("The discount on the whole document cannot be negative nor above {0}, its amount.").format(
					format_money(whole, doc.currency)
				)
			)
		doc.discount_percent = _compute_percentage(doc.fixed_discount, whole)


def _choose_changed(record: Document, before: Document | None, currency: str) -> None:
	"""Rounds the amount, and takes away the one of amount and percentage that has not changed with the
	other."""
	record.fixed_discount = round_amount(flt(record.get(FIXED)), currency)
	if not before or not flt(before.get(FIXED)):
		return
	percentage_changed = flt(record.get(PERCENT), PERCENT_DECIMALS) != flt(
		before.get(PERCENT), PERCENT_DECIMALS
	)
	amount_changed = record.fixed_discount != flt(before.get(FIXED))
	if percentage_changed and not amount_changed:
		record.fixed_discount = 0
	elif amount_changed and not record.fixed_discount and not percentage_changed:
		record.discount_percent = 0


def amount_of_line(row: Document, currency: str) -> float:
	"""quantity × price, less the discount of the line, rounded."""
	amount = as_decimal(row.quantity) * as_decimal(row.price)
	decimals = currency_decimals(currency)
	if flt(row.get(FIXED)):
		return float(round_decimal(amount, decimals) - as_decimal(row.fixed_discount))
	return float(round_decimal(amount * (1 - as_decimal(row.get(PERCENT)) / 100), decimals))


def _compute_percentage(discount: float, amount: float) -> float:
	return float(round_decimal(as_decimal(discount) * 100 / as_decimal(amount), PERCENT_DECIMALS))
