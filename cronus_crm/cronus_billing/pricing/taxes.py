"""The tax of a line or a product. Users choose the tax; its rate is stored beside it."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_billing.documents import document_lines
from cronus_crm.cronus_billing.pricing import country_taxes

TAX, SETTINGS = "Cronus Tax", "Cronus CRM Settings"


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
	its product. A line without product, which is still being filled in, is left without tax.

	Raises frappe.ValidationError, naming the line, for a rate that no enabled tax has and for a tax that does
	not exist.
	"""
	rows = [row for row in rows if row.product or row.tax or row.tax_rate not in (None, "")]
	for row in rows:
		if not row.tax and row.tax_rate in (None, ""):
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
	known = country_taxes.find_country_tax(frappe.get_system_settings("country"))
	return known and known.rates[0]


def choose_default_tax(rate: float) -> str:
	"""Makes the tax of a rate the default, and makes the tax where there is none; returns its name.

	Raises frappe.PermissionError where the user may not write the settings, and frappe.ValidationError for a
	rate that is not from 0 to 100.
	"""
	settings = frappe.get_doc(SETTINGS)
	settings.check_permission("write")
	tax = ensure_tax(rate)
	settings.default_tax = tax
	settings.save()
	return tax


def ensure_tax(rate: float) -> str:
	"""The tax of a rate, which is made where there is none, under the name that the country gives to it.

	Raises frappe.PermissionError where the user may not make taxes, and frappe.ValidationError for a rate
	that is not from 0 to 100.
	"""
	rate = flt(rate)
	if tax := find_taxes_by_rate([rate]).get(rate):
		return tax
	known = country_taxes.find_country_tax(frappe.get_system_settings("country"))
	title = _("{0} {1} %").format(known.name if known else "VAT", f"{rate:g}")
	if frappe.db.exists(TAX, {"title": title, "rate": rate, "disabled": 1}):
		message = _("The tax {0} is disabled. Enable it in its form, or choose another one.")
		frappe.throw(message.format(frappe.bold(title)))
	return frappe.get_doc({"doctype": TAX, "title": title, "rate": rate}).insert().name
