"""Makes payments from invoices, and allocates advances to invoices."""

import frappe
from frappe import _
from frappe.utils import flt

from cronus_crm.base.arguments import read_number
from cronus_crm.base.company import day_of_next_document
from cronus_crm.cronus_billing.documents import document_chain

PAYMENT = "Cronus Payment"


def make_payment(invoices: list[str] | str) -> str:
	"""Makes a draft payment of the balances of issued invoices, or a returned payment of the balances of
	credit notes; returns its name. The exchange rate is that of the first invoice.

	invoices: one name, a list of names, or its JSON; of one customer, in one currency, and either all
	invoices or all credit notes.

	Raises frappe.PermissionError when the user may not read one of them or create payments, and
	frappe.ValidationError when one is not issued or has no balance, or they do not belong together.
	"""
	sources = []
	for name in document_chain.read_names(invoices, _("Choose at least one invoice.")):
		source = frappe.get_doc("Invoice", name)
		source.check_permission("read")
		if not source.docstatus.is_submitted() or flt(source.balance) <= 0:
			frappe.throw(_("Nothing is left to pay of {0}.").format(frappe.bold(name)))
		sources.append(source)
	if len({(source.customer, source.currency, source.is_return) for source in sources}) > 1:
		frappe.throw(
			_("One payment is of one customer and in one currency, and for invoices or for credit notes.")
		)
	payment = frappe.new_doc(PAYMENT)
	payment.update(
		{
			"kind": "Returned" if sources[0].is_return else "Received",
			"customer": sources[0].customer,
			"currency": sources[0].currency,
			"exchange_rate": sources[0].exchange_rate,
			"posting_date": day_of_next_document(*(source.posting_date for source in sources)),
		}
	)
	for source in sources:
		payment.append("allocations", {"invoice": source.name, "amount": source.balance})
	payment.insert()
	return payment.name


def allocate_payment(payment: str, invoice: str, amount: float | str) -> dict:
	"""Allocates a part of the advance of an issued payment to an invoice of the same customer.

	amount: in the currency of both. Returns the new `unallocated_amount` of the payment and `balance` of the
	invoice.

	Raises frappe.PermissionError where the user may not submit the payment or read the invoice, and
	frappe.ValidationError where either has less left than the amount.
	"""
	frappe.get_doc("Invoice", invoice).check_permission("read")
	document = frappe.get_doc(PAYMENT, payment, for_update=True)
	document.check_permission("submit")
	document.allocate_to_invoice(invoice, read_number(amount, "amount"))
	return {
		"unallocated_amount": document.unallocated_amount,
		"balance": frappe.db.get_value("Invoice", invoice, "balance"),
	}


def take_back_allocation(payment: str, allocation: str) -> dict:
	"""Takes an allocation of an issued received payment back: it is an advance again.

	allocation: name of the row. Returns what :func:`allocate_payment` does.

	Raises frappe.PermissionError where the user may not submit the payment, and frappe.ValidationError where
	the payment gives money back or has no such allocation to an invoice.
	"""
	document = frappe.get_doc(PAYMENT, payment, for_update=True)
	document.check_permission("submit")
	invoice = document.take_back_from_invoice(allocation)
	return {
		"unallocated_amount": document.unallocated_amount,
		"balance": frappe.db.get_value("Invoice", invoice, "balance"),
	}


def list_advances(customer: str, currency: str) -> list[dict]:
	"""The issued payments of a customer in a currency that have something left to allocate and that the user
	sees.

	Returns name, posting_date and unallocated_amount of each, the oldest first.
	"""
	return frappe.get_list(
		PAYMENT,
		filters={"customer": customer, "currency": currency, "docstatus": 1, "unallocated_amount": (">", 0)},
		fields=["name", "posting_date", "unallocated_amount"],
		order_by="posting_date asc, name asc",
	)
