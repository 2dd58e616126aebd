"""Compares telephones and tax ids by the customer's country, and not by the site's alone."""

import frappe

from cronus_crm.cronus_crm.customers.tax_ids import GENERIC_TAX_IDS
from cronus_crm.cronus_crm.prospects.duplicates import build_keys


def execute() -> None:
	"""Fills the telephone's key of customers abroad, and clears the keys of tax ids that many share."""
	site = frappe.get_system_settings("country") or ""
	abroad = {"country": ("not in", ("", site)), "phone": ("is", "set")}
	for name, phone, country in frappe.get_all(
		"Cronus Customer",
		filters=abroad,
		fields=("name", "phone", "country"),
		order_by="name asc",
		as_list=True,
	):
		key = build_keys(phone, None, None, country)["phone_key"]
		frappe.db.set_value("Cronus Customer", name, "phone_key", key, update_modified=False)
	for doctype in ("Cronus Customer", "Cronus Prospect"):
		shared = {"tax_key": ("in", list(GENERIC_TAX_IDS))}
		frappe.db.set_value(doctype, shared, "tax_key", None, update_modified=False)
