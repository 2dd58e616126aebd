"""Sets the tax of existing products and lines by their rate, and adds the rows of taxes to existing
documents.

One statement for each rate, and two for all documents.
"""

import frappe
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Floor, Min, Round, Sum
from pypika.analytics import RowNumber
from pypika.analytics import Sum as SumOver
from pypika.terms import ValueWrapper

from cronus_crm.cronus_billing.pricing.taxes import TAX

ITEM, PRODUCT, TAX_ROW = "Cronus Document Item", "Cronus Product", "Cronus Document Tax"

_sha = CustomFunction("sha1", ["text"])
_left = CustomFunction("left", ["text", "length"])
_concat = CustomFunction("concat", ["first", "second", "third", "fourth"])


def execute() -> None:
	"""Records that have a tax are left unchanged."""
	for doctype in (PRODUCT, ITEM):
		for rate in _select_rates_without_tax(doctype):
			_set_tax(doctype, rate, _find_or_make_tax(rate))
	_fill_gross_amounts()
	_insert_tax_rows()


def _select_rates_without_tax(doctype: str) -> list[float]:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.tax_rate).distinct().where(_is_empty(table.tax))
	return [float(rate) for rate in query.run(pluck=True)]


def _is_empty(field):
	return field.isnull() | (field == "")


def _find_or_make_tax(rate: float) -> str:
	"""Name of the Cronus Tax with a rate (in percent), which is created if none exists."""
	if name := frappe.db.get_value(TAX, {"rate": rate}, order_by="disabled asc, name asc"):
		return name
	return frappe.get_doc({"doctype": TAX, "title": f"VAT {rate:g} %", "rate": rate}).insert().name


def _set_tax(doctype: str, rate: float, tax: str) -> None:
	table = DocType(doctype)
	frappe.qb.update(table).set(table.tax, tax).where((table.tax_rate == rate) & _is_empty(table.tax)).run()


def _fill_gross_amounts() -> None:
	"""Sets the gross amounts of lines. The tax of a document is distributed to its lines by the largest
	remainder method, as in `document_totals.py`."""
	item = DocType(ITEM)
	of_tax = (item.parenttype, item.parent, item.tax)
	due = item.net_amount * item.tax_rate
	cents = (
		frappe.qb.from_(item)
		.select(
			item.name,
			Floor(due).as_("share"),
			RowNumber()
			.over(*of_tax)
			.orderby(due - Floor(due), item.net_amount, order=frappe.qb.desc)
			.as_("turn"),
			SumOver(item.net_amount).over(*of_tax).as_("base"),
			SumOver(Floor(due)).over(*of_tax).as_("shares"),
		)
		.where(item.gross_amount == 0)
	)
	left = Round(cents.base * item.tax_rate) - cents.shares
	(
		frappe.qb.update(item)
		.join(cents)
		.on(cents.name == item.name)
		.set(
			item.gross_amount,
			item.net_amount + (cents.share + Case().when(cents.turn <= left, 1).else_(0)) / 100,
		)
		.run()
	)


def _insert_tax_rows() -> None:
	"""Inserts a row for each tax of a document without any."""
	item, shown = DocType(ITEM), DocType(TAX_ROW)
	of_tax = (item.parenttype, item.parent, item.tax, item.tax_rate)
	row = {
		# A hash, like the random names of the framework; unique because a document has one row for each tax.
		"name": _left(_sha(_concat("tax of ", item.parenttype, item.parent, item.tax)), 16),
		"creation": Min(item.creation),
		"modified": Min(item.creation),
		"owner": Min(item.owner),
		"modified_by": Min(item.owner),
		"docstatus": Min(item.docstatus),
		"idx": RowNumber().over(item.parenttype, item.parent).orderby(item.tax),
		"parent": item.parent,
		"parenttype": item.parenttype,
		"parentfield": ValueWrapper("taxes"),
		"tax": item.tax,
		"rate": item.tax_rate,
		"base": Sum(item.net_amount),
		"amount": Round(Sum(item.net_amount) * item.tax_rate / 100, 2),
	}
	with_taxes = frappe.qb.from_(shown).select(shown.parent).where(shown.parenttype == item.parenttype)
	(
		frappe.qb.into(shown)
		.columns(*row)
		.from_(item)
		.select(*row.values())
		.where(item.parent.notin(with_taxes))
		.groupby(*of_tax)
	).run()
