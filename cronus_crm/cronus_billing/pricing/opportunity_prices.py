"""The prices of the products of an opportunity: those of a document without taxes, in its currency.

A price that is missing is found when the opportunity is saved; one that is zero was written: the product is
free, and stays so in the proforma.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from cronus_crm.base.arguments import read_mapping
from cronus_crm.cronus_billing.documents import document_lines
from cronus_crm.cronus_billing.pricing import exchange_rates, prices
from cronus_crm.visibility import document_checks, link_checks

_SENT_FIELDS = ("customer", "currency", "opened_on")
_SENT_ROW_FIELDS = ("name", "idx", "product", "quantity")


def set_prices_of_opportunity(opportunity: Document, method: str | None = None) -> None:
	"""Event `before_validate` of Cronus Opportunity, after that of its exchange rate: sets missing prices.

	Raises frappe.ValidationError, naming the row, where a user saves a product for which there is no price.
	"""
	missing = [row for row in opportunity.products if row.product and row.get("price") in (None, "")]
	if not missing:
		return
	if not opportunity.exchange_rate:
		return
	for row, price in zip(missing, find_prices_of_products(opportunity, missing), strict=True):
		if price is None and not opportunity.flags.ignore_permissions:
			document_lines.refuse_line(
				row, _("no price list has a price for it. Write the price; 0 when it is free")
			)
		row.price = price


def find_prices_of_products(opportunity: Document, rows: list[Document]) -> list[float | None]:
	"""The price of the product of each row by the rule of `prices.py`, in the currency of the opportunity;
	None where there is none.

	Raises frappe.ValidationError for a price in a currency without a rate.
	"""
	terms = frappe._dict(
		price_list=prices.find_price_list(opportunity.customer),
		posting_date=opportunity.opened_on or nowdate(),
		currency=opportunity.currency,
		exchange_rate=opportunity.exchange_rate,
		taxes_included=0,
	)
	lines = [
		frappe._dict(
			idx=row.idx,
			product=row.product,
			quantity=row.quantity,
			tax_rate=document_lines.get_product(row).tax_rate,
		)
		for row in rows
	]
	return [found and found.price for found in prices.find_prices(terms, lines)]


def preview_prices(opportunity: dict | str) -> dict[str, float | None]:
	"""The prices that the products of an opportunity have, by name of the row, for its form.

	opportunity: its fields, or their JSON, with `products`; it need not be saved. A row without a product,
	or whose product has no price, has None.

	Raises frappe.PermissionError where the user may not create opportunities or read a record that it links
	to, and frappe.ValidationError without an exchange rate.
	"""
	sent = read_mapping(opportunity, "opportunity")
	frappe.has_permission("Cronus Opportunity", "create", throw=True)
	doc = frappe.new_doc("Cronus Opportunity")
	doc.update({fieldname: sent.get(fieldname) for fieldname in _SENT_FIELDS})
	rows = [frappe._dict(row) for row in sent.get("products") or []]
	doc.set("products", [{fieldname: row.get(fieldname) for fieldname in _SENT_ROW_FIELDS} for row in rows])
	document_checks.check_values(doc)
	link_checks.check_links(doc)
	exchange_rates.set_rate_of_opportunity(doc)
	priced = [row for row in doc.products if row.product]
	found = zip(priced, find_prices_of_products(doc, priced), strict=True)
	return {row.name: None for row in doc.products} | {row.name: price for row, price in found}
