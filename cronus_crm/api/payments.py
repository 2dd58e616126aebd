"""Payments of invoices, and the allocation of advances."""

import frappe

from cronus_crm.cronus_billing.money import payment_allocation


@frappe.whitelist(methods=["POST"])
def make(invoices: list[str] | str) -> str:
	"""Creates a draft payment of the balances of issued invoices, at their exchange rate, and gives back its
	name. For credit notes it is a payment to the customer of their remaining amounts.

	invoices: one name or several (a list, or its JSON), of one customer and in one currency.

	Raises frappe.PermissionError when the user may not read one of them or create payments, and
	frappe.ValidationError when one is not issued or has no balance, or they cannot share a payment.
	"""
	return payment_allocation.make_payment(invoices)


@frappe.whitelist(methods=["POST"])
def allocate(payment: str, invoice: str, amount: float | str) -> dict:
	"""Allocates a part of an issued payment that is not allocated yet to an invoice of the same customer.

	amount: in the currency of the two. Gives back `unallocated_amount` of the payment and `balance` of the
	invoice.

	Raises frappe.PermissionError without the right to submit the payment or to read the invoice, and
	frappe.ValidationError when the amount is more than the advance or the balance.
	"""
	return payment_allocation.allocate_payment(payment, invoice, amount=amount)


@frappe.whitelist()
def list_advances(customer: str, currency: str) -> list[dict]:
	"""The issued payments of a customer that the user sees and that are not completely allocated.

	currency: code of the currency of the payments. Gives back name, posting_date and unallocated_amount of
	each, oldest first.
	"""
	return payment_allocation.list_advances(customer, currency)
