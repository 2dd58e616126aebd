"""Payments of invoices, and the use of advances and of credits."""

import frappe
from frappe.utils import flt

from cronus_crm.cronus_billing.money import credit_use, payment_allocation


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


@frappe.whitelist(methods=["POST"])
def take_back_allocation(payment: str, allocation: str) -> dict:
	"""Takes an allocation of an issued payment back: it is an advance again, and the invoice is owed again.

	allocation: name of the row. Gives back `unallocated_amount` of the payment and `balance` of the invoice.

	Raises frappe.PermissionError without the right to submit the payment, and frappe.ValidationError when
	there is no such allocation to an invoice, or the payment gives money back.
	"""
	return payment_allocation.take_back_allocation(payment, allocation)


@frappe.whitelist()
def list_credits(customer: str, currency: str) -> list[dict]:
	"""The issued credit notes of a customer that the user sees and that are not completely used.

	currency: code of the currency of the credit notes. Gives back name, posting_date and balance of each,
	oldest first.
	"""
	return credit_use.list_credits(customer, currency)


@frappe.whitelist(methods=["POST"])
def use_credit(credit_note: str, invoice: str, amount: float | str) -> dict:
	"""Uses a part of the credit of an issued credit note on an invoice of the same customer.

	amount: in the currency of the two. Gives back `credit`, what is left of the credit note, and `balance` of
	the invoice.

	Raises frappe.PermissionError without the right to submit the credit note or to read the invoice, and
	frappe.ValidationError when the amount is more than the credit or the balance.
	"""
	return credit_use.use_credit(credit_note, invoice, amount=flt(amount))


@frappe.whitelist(methods=["POST"])
def take_back_credit(credit_note: str, use: str) -> dict:
	"""Takes a use of a credit note back: the credit is left again, and the invoice is owed again.

	use: name of the row in `credit_uses`. Gives back what :func:`use_credit` does.

	Raises frappe.PermissionError without the right to submit the credit note, and frappe.ValidationError when
	there is no such use.
	"""
	return credit_use.take_back_credit(credit_note, use)
