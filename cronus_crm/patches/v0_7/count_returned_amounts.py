"""Counts on the lines of invoices what credit notes from before have taken of their amounts."""

from collections import defaultdict

import frappe

from cronus_crm.base.amounts import add_amounts, as_decimal, currency_decimals, round_amount, smallest_amount
from cronus_crm.cronus_billing.documents.document_chain import ITEM

_FIELDS = ("name", "parent", "source_row", "quantity", "returned_quantity", "net_amount", "gross_amount")


def execute() -> None:
	"""Idempotent. A line of a credit note has taken what it comes to; where it was cheaper than its share of
	the invoice's line, it has taken the share, or the rest would be worth more than it was sold for."""
	returned = frappe.get_all(
		"Invoice",
		{"is_return": 1, "docstatus": 1, "return_against": ("is", "set")},
		pluck="name",
		order_by="name asc",
	)
	for note in returned:
		currency = frappe.db.get_value("Invoice", note, "currency")
		for row in frappe.get_all(ITEM, {"parenttype": "Invoice", "parent": note}, _FIELDS, order_by="idx"):
			if invoiced := frappe.db.get_value(ITEM, row.source_row, _FIELDS, as_dict=True):
				frappe.db.set_value(
					ITEM, row.name, _compute_share(row, invoiced, currency), update_modified=False
				)
	_count_on_invoices(returned)


def _compute_share(row, invoiced, currency: str) -> dict[str, float]:
	tolerance = float(2 * smallest_amount(currency_decimals(currency)))
	part = as_decimal(row.quantity) / as_decimal(invoiced.quantity)
	share = {}
	for fieldname, of_note, of_invoice in (
		("returned_net", row.net_amount, invoiced.net_amount),
		("returned_tax", row.gross_amount - row.net_amount, invoiced.gross_amount - invoiced.net_amount),
	):
		proportion = round_amount(as_decimal(of_invoice) * part, currency)
		share[fieldname] = of_note if proportion - of_note <= tolerance else proportion
	return share


def _count_on_invoices(notes: list[str]) -> None:
	fields = ["source_row", "returned_net", "returned_tax"]
	counted = defaultdict(lambda: {"returned_net": 0.0, "returned_tax": 0.0})
	for row in frappe.get_all(
		ITEM, {"parenttype": "Invoice", "parent": ("in", notes)}, fields, order_by="parent, idx"
	):
		sums = counted[row.source_row]
		for fieldname in sums:
			sums[fieldname] = add_amounts(sums[fieldname], row[fieldname])
	for line, sums in counted.items():
		frappe.db.set_value(ITEM, line, sums, update_modified=False)
