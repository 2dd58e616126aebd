"""Baseline of the benchmarks: submittable DocTypes with the same fields and tables as ours, without
controllers and hooks."""

import frappe

from tests.scaffold import SELLER

BARE, BARE_INVOICE, BARE_LINE = "Bare Document", "Bare Invoice", "Bare Line"


def ensure_bare_doctypes() -> None:
	for name, model, flags in (
		(BARE_LINE, "Cronus Document Item", {"istable": 1}),
		(BARE, "Proforma", _numbering_settings("BARE")),
		(BARE_INVOICE, "Invoice", _numbering_settings("BARE-INV")),
	):
		if frappe.db.exists("DocType", name):
			continue
		fields = [
			{
				key: field.get(key)
				for key in ("fieldname", "fieldtype", "label", "options", "reqd", "search_index")
			}
			for field in frappe.get_meta(model).fields
			if field.fieldname not in ("naming_series", "amended_from")
		]
		for field in fields:
			if field["fieldtype"] == "Table":
				field["options"] = BARE_LINE
		permissions = [{"role": SELLER, "read": 1, "write": 1, "create": 1, "submit": 1}]
		frappe.get_doc(
			{
				"doctype": "DocType",
				"name": name,
				"module": "Core",
				"custom": 1,
				"fields": fields,
				"permissions": [] if flags.get("istable") else permissions,
				**flags,
			}
		).insert()


def _numbering_settings(prefix: str) -> dict:
	return {"is_submittable": 1, "autoname": f"{prefix}-.YYYY.-.#####", "track_changes": 1}


def make_head(customer, product: str, lines: int, price: float = 100, quantity: float = 2) -> dict:
	"""The values that the controller of a proforma computes, so that a bare document writes the same row.

	price: of a unit, in US dollars.
	"""
	total = lines * price * quantity
	return {
		"posting_date": frappe.utils.nowdate(),
		"valid_until": frappe.utils.nowdate(),
		"customer_name": customer.customer_name,
		"currency": "USD",
		"exchange_rate": 1,
		"net_total": total,
		"grand_total": total,
		"taxes": [{"product": product, "quantity": 1}],
	}
