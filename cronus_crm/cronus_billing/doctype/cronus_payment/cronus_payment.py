import math

import frappe
from frappe import _
from frappe.utils import flt, getdate

from cronus_crm.base import sales_documents
from cronus_crm.base.amounts import add_amounts, round_settlement
from cronus_crm.base.company import company_today
from cronus_crm.base.money_format import format_money
from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_billing.documents import issued_party, later_documents
from cronus_crm.cronus_billing.documents.commercial_document import LARGEST_AMOUNT, CommercialDocument


class CronusPayment(CommercialDocument):
	"""Money received from a customer or returned to it, and its allocation to documents.

	A received payment is allocated to invoices; the rest is an advance, which can be allocated later. A
	returned payment must be allocated in full: to credit notes, or to the advances of other payments.

	Issuing a payment locks first the payments whose advance it returns, then its invoices and credit notes,
	each in the order of their names (so that concurrent payments cannot deadlock), and then checks their
	balances.
	"""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_payment_allocation.cronus_payment_allocation import (
			CronusPaymentAllocation,
		)

		allocated_amount: DF.Currency
		allocations: DF.Table[CronusPaymentAllocation]
		amended_from: DF.Link | None
		amount: DF.Currency
		base_amount: DF.Currency
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		exchange_rate: DF.Float
		kind: DF.Literal["Received", "Returned"]
		method: DF.Literal["Cash", "Transfer", "Card", "Cheque", "Other"]
		naming_series: DF.Literal["PAG-.YYYY.-.#####"]
		notes: DF.SmallText | None
		party_address: DF.SmallText | None
		party_email: DF.Data | None
		party_name: DF.Data | None
		party_phone: DF.Data | None
		party_tax_id: DF.Data | None
		posting_date: DF.Date
		reference_number: DF.Data | None
		returned_amount: DF.Currency
		seller: DF.Link | None
		state: DF.Literal["Draft", "Advance", "Allocated", "Cancelled"]
		unallocated_amount: DF.Currency
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		self.set_customer_name()
		self.set_seller()
		self.set_work_center()
		self.set_currency()

	def validate(self):
		issued_party.clear_party(self)
		self.check_customer()
		self.check_exchange_rate()
		self.check_allocations()
		self.compute_totals()
		self.returned_amount = 0
		self.state = "Draft"

	def before_submit(self):
		issued_party.keep_party(self)
		self.state = self.compute_state()

	def on_submit(self):
		self.apply_allocations(1)

	def before_cancel(self):
		later_documents.check_no_later_documents(self)

	def on_cancel(self):
		self.apply_allocations(-1)
		self.db_set("state", "Cancelled")

	def on_discard(self):
		self.db_set("state", "Cancelled")

	def set_seller(self):
		"""Sets a missing seller: that of the customer, else that of the first invoice, else the session's
		user."""
		first = next((row.invoice for row in self.allocations if row.invoice), None)
		if not self.seller and first and not self._seller_of_customer():
			self.seller = frappe.db.get_value("Invoice", first, "seller")
		super().set_seller()

	def follows_issued_document(self) -> bool:
		"""Always: money is taken and given back whoever the customer is by now."""
		return True

	def _seller_of_customer(self) -> str | None:
		return self.customer and get_present_value("Cronus Customer", self.customer, "seller")

	def set_currency(self):
		"""Sets a missing currency: that of the first invoice, with its exchange rate, else that of the
		customer."""
		first = next((row.invoice for row in self.allocations if row.invoice), None)
		if first and not self.currency:
			self.currency, self.exchange_rate = frappe.db.get_value(
				"Invoice", first, ["currency", "exchange_rate"]
			) or (None, None)
		super().set_currency()

	def check_exchange_rate(self):
		rate = flt(self.exchange_rate)
		if not (math.isfinite(rate) and rate > 0):
			frappe.throw(_("Write the exchange rate: it must be above zero."))

	def check_allocations(self):
		"""Checks each allocation against the document that it settles.

		The document is not locked yet: its balance is checked again when the payment is issued. Raises
		frappe.ValidationError, naming the row.
		"""
		seen = set()
		for row in self.allocations:
			row.amount = flt(row.amount)
			if not 0 < row.amount <= LARGEST_AMOUNT:
				self.refuse_row(row, _("the amount must be above zero"))
			if bool(row.invoice) == bool(row.payment):
				self.refuse_row(row, self.missing_target_message())
			target = ("Cronus Payment", row.payment) if row.payment else ("Invoice", row.invoice)
			if target in seen:
				self.refuse_row(row, _("{0} stands here twice").format(frappe.bold(target[1])))
			seen.add(target)
			self.check_target(row, *target)

	def missing_target_message(self) -> str:
		if self.kind == "Returned":
			return _("choose the credit note or the advance that is given back")
		return _("choose the invoice")

	def check_target(self, row, doctype: str, name: str):
		fields = ["docstatus", "customer", "currency", "posting_date"]
		fields += (
			["kind", "amount as total", "unallocated_amount as balance"]
			if doctype == "Cronus Payment"
			else ["is_return", "grand_total as total", "balance"]
		)
		found = frappe.get_all(doctype, filters={"name": name}, fields=fields, order_by="name asc", limit=1)
		target, label = (found[0] if found else None), frappe.bold(name)
		if not target or target.docstatus != 1:
			self.refuse_row(row, _("{0} is not issued").format(label))
		self.check_kind(row, target, label)
		if target.customer != self.customer:
			self.refuse_row(row, _("{0} is of another customer").format(label))
		if target.currency != self.currency:
			self.refuse_row(
				row, _("{0} is in {1} and the payment in {2}").format(label, target.currency, self.currency)
			)
		if getdate(self.posting_date) < getdate(target.posting_date):
			date = frappe.format(target.posting_date, {"fieldtype": "Date"})
			self.refuse_row(row, _("{0} is of {1}, and the payment cannot be before it").format(label, date))
		row.update(
			{"invoice_date": target.posting_date, "total": target.total, "balance": flt(target.balance)}
		)
		row.amount = round_settlement(row.amount, row.balance, self.currency)
		if not row.amount > 0:
			self.refuse_row(row, _("the amount must be above zero"))
		self.check_balance(row, label)

	def check_kind(self, row, target: frappe._dict, label: str):
		"""Raises frappe.ValidationError unless a received payment settles an invoice, and a returned payment
		a credit note or an advance. target: its row, with `kind` only for a payment. label: its name, for the
		message."""
		if self.kind == "Returned":
			if target.get("kind") == "Returned" or (not target.get("kind") and not target.is_return):
				self.refuse_row(row, _("{0} is neither a credit note nor an advance").format(label))
		elif target.get("kind") or target.is_return:
			self.refuse_row(row, _("{0} is not an invoice to be paid").format(label))

	def check_balance(self, row, label: str):
		if add_amounts(row.amount, -flt(row.balance)) > 0:
			self.refuse_row(
				row,
				_("{0} has a balance of {1}, and {2} is above it").format(
					label, frappe.bold(self.format_money(row.balance)), self.format_money(row.amount)
				),
			)

	def refuse_row(self, row, reason: str):
		frappe.throw(_("Row {0}: {1}.").format(row.idx, reason))

	def format_money(self, amount: float) -> str:
		return format_money(amount, self.currency)

	def compute_totals(self):
		"""Computes the amounts of the payment: allocated = Σ allocations, unallocated = amount - allocated
		(the advance of a received payment), and the amount in the company's currency. A missing amount is the
		allocated one.

		Raises frappe.ValidationError where more is allocated than the amount, and where a returned payment is
		not allocated in full.
		"""
		for row in self.allocations:
			row.allocated_on = self.posting_date
		self.allocated_amount = add_amounts(*(row.amount for row in self.allocations))
		# A payment of nothing is none: here zero, which the desk sends for an empty field, means "missing".
		given = flt(self.amount) or self.allocated_amount
		self.amount = round_settlement(given, self.allocated_amount, self.currency)
		if not 0 < self.amount <= LARGEST_AMOUNT:
			frappe.throw(_("Write the amount of the payment: it must be above zero."))
		self.base_amount = self.in_company_currency(self.amount)
		self.unallocated_amount = add_amounts(self.amount, -self.allocated_amount)
		if self.unallocated_amount < 0:
			frappe.throw(
				_("The payment is of {0}, and {1} are allocated: that is more.").format(
					frappe.bold(self.format_money(self.amount)),
					frappe.bold(self.format_money(self.allocated_amount)),
				),
				title=_("More than the payment"),
			)
		if self.kind == "Returned" and self.unallocated_amount:
			frappe.throw(
				_("Say of which credit note or advance {0} are given back.").format(
					frappe.bold(self.format_money(self.unallocated_amount))
				),
				title=_("Of what?"),
			)

	def compute_state(self) -> str:
		return "Advance" if self.unallocated_amount > 0 else "Allocated"

	def apply_allocations(self, sign: int):
		"""Applies the allocations to the documents that they settle, which are locked here.

		sign: 1 when the payment is issued, -1 when it is cancelled, to undo them.
		"""
		for row in sorted((row for row in self.allocations if row.payment), key=lambda row: row.payment):
			advance = sales_documents.lock_origin(self, "Cronus Payment", row.payment)
			advance.return_advance(sign * row.amount)
		for row in sorted((row for row in self.allocations if row.invoice), key=lambda row: row.invoice):
			invoice = sales_documents.lock_origin(self, "Invoice", row.invoice)
			invoice.take_payment(sign * row.amount)

	def return_advance(self, amount: float):
		"""Reduces the advance of this payment by an amount that is returned to the customer; negative to undo
		it.

		amount: in the payment's currency. The caller has locked the row. Raises frappe.ValidationError where
		the advance is smaller, or this payment is not issued.
		"""
		self.take_from_advance(amount)
		self.returned_amount = add_amounts(self.returned_amount, amount)
		self.store_advance("returned_amount")

	def take_from_advance(self, amount: float):
		"""Reduces the advance, without storing it; see `return_advance` for arguments and errors."""
		if not self.docstatus.is_submitted():
			frappe.throw(_("{0} is not issued.").format(frappe.bold(self.name)))
		if add_amounts(amount, -self.unallocated_amount) > 0:
			frappe.throw(
				_("{0} has {1} left as an advance, and {2} is above it.").format(
					frappe.bold(self.name),
					frappe.bold(self.format_money(self.unallocated_amount)),
					self.format_money(amount),
				),
				title=_("More than the advance"),
			)
		self.unallocated_amount = add_amounts(self.unallocated_amount, -amount)

	def store_advance(self, *fieldnames: str):
		"""Stores the advance, the state that it gives, and these fields."""
		self.state = self.compute_state()
		self.db_set({f: self.get(f) for f in ("unallocated_amount", "state", *fieldnames)})

	def allocate_to_invoice(self, invoice: str, amount: float):
		"""Allocates a part of the advance of this issued payment to an invoice.

		amount: in the currency of both. The caller has locked the row of this payment; the invoice is locked
		here.

		Raises frappe.ValidationError where the payment is a returned one, the advance or the invoice's
		balance is smaller, or the invoice is of another customer or currency or dated later.
		"""
		amount = round_settlement(amount, self.unallocated_amount, self.currency)
		if self.kind == "Returned":
			frappe.throw(_("{0} gives money back and has no advance.").format(frappe.bold(self.name)))
		self.take_from_advance(amount)
		row = self.append("allocations", {"invoice": invoice, "amount": amount})
		# Money of an earlier day that pays from today on: figures of a past day need to know.
		row.allocated_on = max(getdate(self.posting_date), company_today())
		locked = frappe.get_doc("Invoice", invoice, for_update=True)
		self.check_new_allocation(row)
		row.update({"balance": locked.balance, "docstatus": self.docstatus})
		row.db_insert()
		locked.take_payment(amount)
		self.allocated_amount = add_amounts(self.allocated_amount, amount)
		self.store_advance("allocated_amount")
		# Nothing is issued or cancelled here, so the events of a changed document are run for both.
		for changed in (locked, self):
			changed.run_method("on_update_after_submit")

	def take_back_from_invoice(self, allocation: str) -> str:
		"""Takes one allocation of this issued payment back, and returns the name of its invoice.

		allocation: name of the row. The caller has locked the row of this payment; the invoice is locked
		here. Raises frappe.ValidationError where the payment gives money back or has no such allocation.
		"""
		row = next((row for row in self.allocations if row.name == allocation and row.invoice), None)
		if not row or self.kind == "Returned" or not self.docstatus.is_submitted():
			frappe.throw(_("{0} has no such allocation to an invoice.").format(frappe.bold(self.name)))
		locked = frappe.get_doc("Invoice", row.invoice, for_update=True)
		locked.take_payment(-row.amount)
		frappe.db.delete(row.doctype, {"name": row.name})
		self.set("allocations", [other for other in self.allocations if other.name != allocation])
		self.allocated_amount = add_amounts(self.allocated_amount, -row.amount)
		self.unallocated_amount = add_amounts(self.unallocated_amount, row.amount)
		self.store_advance("allocated_amount")
		for changed in (locked, self):
			changed.run_method("on_update_after_submit")
		return locked.name

	def check_new_allocation(self, row):
		if not 0 < flt(row.amount) <= LARGEST_AMOUNT:
			self.refuse_row(row, _("the amount must be above zero"))
		self.check_target(row, "Invoice", row.invoice)
