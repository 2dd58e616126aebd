"""Fills the keys by which customers with the same phone, e-mail or tax id are found."""

import frappe
from frappe.query_builder import Case

from cronus_crm.cronus_crm.prospects.duplicates import build_keys

BATCH_SIZE = 1000


def execute() -> None:
	"""Fills the keys of all customers, in batches in the order of their names."""
	customer = frappe.qb.DocType("Cronus Customer")
	last = ""
	while rows := (
		frappe.qb.from_(customer)
		.select(customer.name, customer.phone, customer.email, customer.tax_id)
		.where(customer.name > last)
		.orderby(customer.name)
		.limit(BATCH_SIZE)
		.run()
	):
		last = rows[-1][0]
		_write_keys(customer, {name: build_keys(*known) for name, *known in rows if any(known)})


def _write_keys(customer, keys: dict[str, dict[str, str | None]]) -> None:
	"""Writes each key of a batch of customers in one statement. `modified` is not changed.

	keys: by name of the customer, the values of the key fields.
	"""
	for field in ("phone_key", "email_key", "tax_key"):
		values = {name: each[field] for name, each in keys.items() if each[field]}
		if not values:
			continue
		case = Case()
		for name, value in values.items():
			case = case.when(customer.name == name, value)
		frappe.qb.update(customer).set(customer[field], case).where(customer.name.isin(list(values))).run()
