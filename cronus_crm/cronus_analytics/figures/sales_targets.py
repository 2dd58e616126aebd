"""Targets of sellers by month (Cronus Sales Target): read, written for a whole year, and kept when sellers
become one."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import cint

from cronus_crm.base.amounts import add_amounts
from cronus_crm.base.arguments import read_list, read_number
from cronus_crm.base.company import round_company_amount
from cronus_crm.cronus_analytics.doctype.cronus_sales_target.cronus_sales_target import MONTH_FIELDS
from cronus_crm.visibility import rule

TARGET = "Cronus Sales Target"


def read_targets(month: date, sellers: list[str]) -> dict[str, float]:
	"""The targets of a month by seller, of what the session's user sees. month: any day of it."""
	target = DocType(TARGET)
	amount = target[MONTH_FIELDS[month.month - 1]]
	query = (
		frappe.qb.from_(target)
		.select(target.seller, amount)
		.where((target.year == month.year) & target.seller.isin(sellers))
		.orderby(target.seller)
	)
	rows = rule.filter_visible(query, TARGET, target).run()
	return {seller: round_company_amount(found) for seller, found in rows}


def set_year(seller: str, year: int | str, amounts: list | str) -> dict[str, Any]:
	"""Sets the targets of a seller for the twelve months of a year, in place of those that there are.

	amounts: twelve numbers, from January on, in the company's currency; one number stands for each month.

	Gives back `name`, `seller`, `year` and `total`. Raises frappe.PermissionError when the user may not set
	the targets of the seller, and frappe.ValidationError for another number of amounts and for amounts that
	are none.
	"""
	given = [read_number(amount, "amounts") for amount in read_list(amounts, "amounts")]
	if len(given) == 1:
		given *= len(MONTH_FIELDS)
	if len(given) != len(MONTH_FIELDS):
		frappe.throw(
			_(
				"Targets are twelve amounts, from January to December, or one for each month. {0} came."
			).format(len(given))
		)
	stored = frappe.db.get_value(TARGET, {"seller": seller, "year": cint(year)})
	doc = frappe.get_doc(TARGET, stored) if stored else frappe.new_doc(TARGET)
	doc.update({"seller": seller, "year": cint(year), **dict(zip(MONTH_FIELDS, given, strict=True))})
	doc.save()
	return {name: doc.get(name) for name in ("name", "seller", "year", "total")}


def before_seller_rename(
	seller: Document, method: str | None, old: str, new: str, merge: bool = False
) -> None:
	"""Event `before_rename` of Cronus Seller: of two who become one, the targets are added up, as what they
	sold is. With another name they are renamed by the framework."""
	if not merge:
		return
	for name, year in frappe.get_all(
		TARGET, {"seller": old}, ["name", "year"], as_list=True, order_by="year"
	):
		kept = frappe.db.get_value(TARGET, {"seller": new, "year": year})
		if not kept:
			continue
		doc, added = frappe.get_doc(TARGET, kept, for_update=True), frappe.get_doc(TARGET, name)
		for month in MONTH_FIELDS:
			doc.set(month, add_amounts(doc.get(month), added.get(month)))
		# Whoever may merge the sellers decides on their targets.
		doc.save(ignore_permissions=True)
		frappe.delete_doc(
			TARGET, name, ignore_permissions=True, force=True
		)  # its amounts are in the other one
