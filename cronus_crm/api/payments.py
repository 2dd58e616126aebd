"""Payments of invoices, and the advances that are left to allocate."""

import frappe

from cronus_crm.cronus_billing.money import payment_allocation


@frappe.whitelist(methods=["POST"])
def make(invoices: list[str] | str) -> str:
	"""Makes a draft payment of what is left to pay of issued invoices, at their exchange rate, and gives back
	its name. Of credit notes it makes one that gives back what is left of them.

	invoices: one name or several (a list, or its JSON), of one customer and in one currency.

	Raises frappe.PermissionError when the user may not read one of them or create payments, and
	frappe.ValidationError when one is not issued or has no balance, or they do not belong together.
	"""
	return payment_allocation.make_payment(invoices)


@frappe.whitelist(methods=["POST"])
def allocate(payment: str, invoice: str, amount: float | str) -> dict:
	"""Allocates a part of the advance of an issued payment to an invoice of the same customer.

	amount: in the currency of both. Gives back `unallocated_amount` of the payment and `balance` of the
	invoice.

	Raises frappe.PermissionError without the right to submit the payment or to read the invoice, and
	frappe.ValidationError when either has less left than the amount.
	"""
	return payment_allocation.allocate_payment(payment, invoice, amount=amount)


@frappe.whitelist()
def list_advances(customer: str, currency: str) -> list[dict]:
	"""The issued payments of a customer, of those that the user sees, with something left to allocate.

	Gives back name, posting_date and unallocated_amount of each, oldest first.
	"""
	return payment_allocation.list_advances(customer, currency)
