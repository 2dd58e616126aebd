"""The tax of a line or a product. Users choose the tax; its rate is stored beside it."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_billing.documents import document_lines

TAX, SETTINGS = "Cronus Tax", "Cronus CRM Settings"

# The general rate of the tax on sales by ISO code of the country, as in force in 2026. Only a proposal: the
# person who sets the company up confirms it.
GENERAL_RATES = {
	**{"ar": 21, "bo": 13, "cl": 19, "co": 19, "cr": 13, "cu": 10, "do": 18, "ec": 15, "es": 21, "gt": 12},
	**{"hn": 15, "mx": 16, "ni": 15, "pa": 7, "pe": 18, "pr": 11.5, "py": 10, "sv": 13, "uy": 22, "ve": 16},
}


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


def find_default_tax() -> str | None:
	"""The tax of products that are made without one, from the settings; None while nobody has chosen it."""
	return frappe.db.get_single_value(SETTINGS, "default_tax")


def require_default_tax() -> str:
	"""The default tax. Raises frappe.MandatoryError, which says where to choose it, while there is none."""
	if tax := find_default_tax():
		return tax
	frappe.throw(
		_(
			"Choose the tax of the product. An administrator can choose in {0}, once, the tax that products"
			" have by default."
		).format(f'<a href="/app/cronus-crm-settings">{_(SETTINGS)}</a>'),
		frappe.MandatoryError,
		title=_("No tax"),
	)


def propose_rate() -> float | None:
	"""The general rate in the country of the site; None for a country that is not in the table."""
	country = frappe.get_system_settings("country")
	# From the cache: the codes of countries do not change.
	return GENERAL_RATES.get(country and frappe.get_cached_value("Country", country, "code"))


def choose_default_tax(rate: float) -> str:
	"""Makes the tax of a rate the default, and makes the tax where there is none; returns its name.

	Raises frappe.PermissionError where the user may not write the settings, and frappe.ValidationError for a
	rate that is not from 0 to 100.
	"""
	settings = frappe.get_doc(SETTINGS)
	settings.check_permission("write")
	rate = flt(rate)
	tax = find_taxes_by_rate([rate]).get(rate)
	if not tax:
		title = f"VAT {rate:g} %"
		tax = frappe.get_doc({"doctype": TAX, "title": title, "rate": rate}).insert().name
	settings.default_tax = tax
	settings.save()
	return tax
