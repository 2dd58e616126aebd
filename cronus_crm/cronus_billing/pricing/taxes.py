"""The tax of a line or a product. Users choose the tax; its rate is stored beside it."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_billing.documents import document_lines

TAX = "Cronus Tax"


def find_taxes_by_rate(rates: Iterable[float]) -> dict[float, str]:
	"""The enabled tax of each of these rates, by rate; of several with the same rate, the first by name."""
	rates = {flt(rate) for rate in rates}
	if not rates:
		return {}
	found = frappe.get_all(
		TAX,
		filters={"rate": ("in", sorted(rates)), "disabled": 0},
		fields=["name", "rate"],
		order_by="name desc",
	)
	return {flt(tax.rate): tax.name for tax in found}


def set_taxes(rows: list[Document]) -> None:
	"""Sets tax and rate of each line. A line that names a tax gets its rate; a line that has only a rate
	(from a client that does not know taxes) gets the tax of that rate; a line with neither gets the tax of
	its product.

	Raises frappe.ValidationError, naming the line, for a rate that no enabled tax has and for a tax that does
	not exist.
	"""
	for row in rows:
		if not row.tax and row.tax_rate in (None, "") and row.product:
			row.tax = document_lines.get_product(row).tax
	_set_taxes_by_rate([row for row in rows if not row.tax])
	for row in rows:
		if row.tax:
			row.tax_rate = get_rate(row)


def _set_taxes_by_rate(rows: list[Document]) -> None:
	for row in rows:
		row.tax_rate = flt(row.tax_rate)
		if not 0 <= row.tax_rate <= 100:
			document_lines.refuse_line(row, _("the tax is a percentage from 0 to 100"))
	taxes = find_taxes_by_rate(row.tax_rate for row in rows)
	for row in rows:
		row.tax = taxes.get(row.tax_rate)
		# On a site without a tax of 0 %, lines of 0 % have no tax.
		if not row.tax and row.tax_rate:
			document_lines.refuse_line(
				row, _("there is no tax of {0} %. Choose one of the taxes").format(f"{row.tax_rate:g}")
			)


def get_rate(row: Document) -> float:
	"""The rate of a line's tax, as a percentage.

	Raises frappe.ValidationError, naming the line, for a tax that does not exist.
	"""
	rate = get_present_value(TAX, row.tax, "rate")
	if rate is None:
		document_lines.refuse_line(row, _("there is no tax {0}").format(frappe.bold(row.tax)))
	return rate


def is_tax_disabled(tax: str) -> bool:
	return bool(get_present_value(TAX, tax, "disabled"))
