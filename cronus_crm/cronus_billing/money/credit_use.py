"""The use of the credit of a credit note on an invoice of the same customer, in parts, and its taking back.

A use is a row of `credit_uses` of the credit note. It reduces the balances of both by the same amount, so
what the customer owes in all, and the statement of account, stay as they are. The credit note is locked
first, then the invoice: the order of all settlements.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.amounts import add_amounts, round_settlement
from cronus_crm.base.company import company_today
from cronus_crm.base.money_format import format_money

INVOICE, USES = "Invoice", "credit_uses"


def use_credit(credit_note: str, invoice: str, amount: float) -> dict:
	"""Uses a part of the credit of an issued credit note on an issued invoice.

	amount: in the currency of both. Returns the new balances: `credit` of the credit note, and `balance` of
	the invoice.

	Raises frappe.PermissionError where the user may not submit the credit note or read the invoice, and
	frappe.ValidationError where they do not belong together or either has less left than the amount.
	"""
	frappe.get_doc(INVOICE, invoice).check_permission("read")
	credit = _lock_credit_note(credit_note)
	locked = frappe.get_doc(INVOICE, invoice, for_update=True)
	_check_pair(credit, locked)
	amount = round_settlement(amount, min(credit.balance, locked.balance), credit.currency)
	if not amount > 0:
		frappe.throw(_("Write how much of the credit is used: it must be above zero."))
	row = credit.append(
		USES,
		{
			"invoice": locked.name,
			"invoice_date": locked.posting_date,
			"allocated_on": company_today(),
			"total": locked.grand_total,
			"balance": locked.balance,
			"amount": amount,
			"docstatus": 1,
		},
	)
	_move(credit, locked, amount)
	row.db_insert()
	return _announce(credit, locked)


def take_back_credit(credit_note: str, use: str) -> dict:
	"""Takes one use of a credit back: the credit is left again, and the invoice is owed again.

	use: name of the row. Returns and raises what :func:`use_credit` does.
	"""
	credit = _lock_credit_note(credit_note)
	row = next((row for row in credit.get(USES) if row.name == use), None)
	if not row:
		frappe.throw(_("{0} is not used there any more.").format(frappe.bold(credit.name)))
	locked = frappe.get_doc(INVOICE, row.invoice, for_update=True)
	_move(credit, locked, -row.amount)
	frappe.db.delete(row.doctype, {"name": row.name})
	credit.set(USES, [other for other in credit.get(USES) if other.name != use])
	return _announce(credit, locked)


def undo_uses(credit: Document, lock_invoice) -> None:
	"""Gives what a cancelled credit note has settled back to the invoices, in the order of their names.

	lock_invoice: locks and reads an invoice by its name.
	"""
	for row in sorted(credit.get(USES), key=lambda row: row.invoice):
		lock_invoice(row.invoice).take_credit(-row.amount)


def list_credits(customer: str, currency: str) -> list[dict]:
	"""The issued credit notes of a customer in a currency that have something left and that the user sees.

	Returns name, posting_date and balance of each, the oldest first.
	"""
	return frappe.get_list(
		INVOICE,
		filters={
			"customer": customer,
			"currency": currency,
			"docstatus": 1,
			"is_return": 1,
			"balance": (">", 0),
		},
		fields=["name", "posting_date", "balance"],
		order_by="posting_date asc, name asc",
	)


def _lock_credit_note(name: str) -> Document:
	credit = frappe.get_doc(INVOICE, name, for_update=True)
	credit.check_permission("submit")
	if not (credit.is_return and credit.docstatus.is_submitted()):
		frappe.throw(_("{0} is not an issued credit note.").format(frappe.bold(name)))
	return credit


def _check_pair(credit: Document, invoice: Document) -> None:
	if invoice.is_return or not invoice.docstatus.is_submitted():
		frappe.throw(_("{0} is not an issued invoice.").format(frappe.bold(invoice.name)))
	if (credit.customer, credit.currency) != (invoice.customer, invoice.currency):
		frappe.throw(
			_("{0} and {1} are of different customers, or in different currencies.").format(
				frappe.bold(credit.name), frappe.bold(invoice.name)
			)
		)


def _move(credit: Document, invoice: Document, amount: float) -> None:
	"""Takes an amount from both balances; negative to give it back. Raises frappe.ValidationError where one
	is smaller."""
	if add_amounts(amount, -flt(credit.balance)) > 0:
		frappe.throw(
			_("{0} has {1} left, and {2} is above it.").format(
				frappe.bold(credit.name),
				frappe.bold(format_money(credit.balance, credit.currency)),
				format_money(amount, credit.currency),
			),
			title=_("More than the credit"),
		)
	invoice.take_credit(amount)
	credit.take_payment(amount)


def _announce(credit: Document, invoice: Document) -> dict:
	# Nothing is issued or cancelled here, so the events of a changed document are run for both.
	for changed in (invoice, credit):
		changed.run_method("on_update_after_submit")
	return {"credit": credit.balance, "balance": invoice.balance}
