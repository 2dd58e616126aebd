"""What the desk and other programs ask of payments: to make one from invoices, to allocate an advance."""

import frappe
from frappe import _
from frappe.utils import flt, nowdate

from cronus_crm.cronus_billing.documents import document_chain

PAYMENT = "Cronus Payment"


def make_payment(invoices: list[str] | str) -> str:
	"""Makes a draft payment of what is left to pay of issued invoices, at their exchange rate, and gives back
	its name. Of credit notes it makes one that gives back what is left of them.

	invoices: one name or several (a list, or its JSON), of one customer and in one currency.

	Raises frappe.PermissionError when the user may not read one of them or create payments, and
	frappe.ValidationError when one is not issued or has no balance, or they do not belong together.
	"""
	sources = []
	for name in document_chain.read_names(invoices, _("Choose at least one invoice.")):
		source = frappe.get_doc("Invoice", name)
		source.check_permission("read")
		if not source.docstatus.is_submitted() or flt(source.balance, 2) <= 0:
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
			"posting_date": nowdate(),
		}
	)
	for source in sources:
		payment.append("allocations", {"invoice": source.name, "amount": source.balance})
	payment.insert()
	return payment.name


def allocate_payment(payment: str, invoice: str, amount: float | str) -> dict:
	"""Allocates a part of the advance of an issued payment to an invoice of the same customer.

	amount: in the currency of both. Gives back `unallocated_amount` of the payment and `balance` of the
	invoice.

	Raises frappe.PermissionError without the right to submit the payment or to read the invoice, and
	frappe.ValidationError when either has less left than the amount.
	"""
	frappe.get_doc("Invoice", invoice).check_permission("read")
	document = frappe.get_doc(PAYMENT, payment, for_update=True)
	document.check_permission("submit")
	document.allocate(invoice, flt(amount))
	return {
		"unallocated_amount": document.unallocated_amount,
		"balance": frappe.db.get_value("Invoice", invoice, "balance"),
	}


def list_advances(customer: str, currency: str) -> list[dict]:
	"""The issued payments of a customer, of those that the user sees, with something left to allocate.

	Gives back name, posting_date and unallocated_amount of each, oldest first.
	"""
	return frappe.get_list(
		PAYMENT,
		filters={"customer": customer, "currency": currency, "docstatus": 1, "unallocated_amount": (">", 0)},
		fields=["name", "posting_date", "unallocated_amount"],
		order_by="posting_date asc, name asc",
	)
