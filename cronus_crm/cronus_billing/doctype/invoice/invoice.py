from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, flt, getdate

from cronus_crm.base.amounts import add_amounts, currency_decimals
from cronus_crm.base.company import company_today
from cronus_crm.base.money_format import format_money
from cronus_crm.base.present_records import get_present_doc, get_settings
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument
from cronus_crm.cronus_billing.money import credit_limit, credit_notes, instalments

CREDIT_NOTE_SERIES = "NC-.YYYY.-.#####"

# Fields of an issued invoice that only payments and credit notes change.
_SETTLEMENT = ("paid_amount", "credited_amount", "balance", "state")


class Invoice(CommercialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_document_item.cronus_document_item import (
			CronusDocumentItem,
		)
		from cronus_crm.cronus_billing.doctype.cronus_document_tax.cronus_document_tax import (
			CronusDocumentTax,
		)
		from cronus_crm.cronus_billing.doctype.cronus_instalment.cronus_instalment import CronusInstalment
		from cronus_crm.cronus_billing.doctype.cronus_payment_allocation.cronus_payment_allocation import (
			CronusPaymentAllocation,
		)

		amended_from: DF.Link | None
		balance: DF.Currency
		base_net_total: DF.Currency
		credit_override: DF.Check
		credit_override_reason: DF.SmallText | None
		credit_reason: DF.SmallText | None
		credit_uses: DF.Table[CronusPaymentAllocation]
		credited_amount: DF.Currency
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		discount_amount: DF.Currency
		discount_percent: DF.Percent
		due_date: DF.Date | None
		exchange_rate: DF.Float
		fixed_discount: DF.Currency
		grand_total: DF.Currency
		instalments: DF.Table[CronusInstalment]
		is_return: DF.Check
		issue_asked_by: DF.Link | None
		issue_asked_on: DF.Datetime | None
		items: DF.Table[CronusDocumentItem]
		naming_series: DF.Literal["FAC-.YYYY.-.#####", "NC-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		paid_amount: DF.Currency
		party_address: DF.SmallText | None
		party_email: DF.Data | None
		party_name: DF.Data | None
		party_phone: DF.Data | None
		party_tax_id: DF.Data | None
		payment_terms: DF.Link | None
		posting_date: DF.Date
		price_list: DF.Link | None
		return_against: DF.Link | None
		seller: DF.Link | None
		state: DF.Literal["Draft", "Issued", "Partly paid", "Paid", "Overdue", "Settled", "Cancelled"]
		tax_total: DF.Currency
		taxes: DF.Table[CronusDocumentTax]
		taxes_included: DF.Check
		work_center: DF.Link | None

	# end: auto-generated types
	def autoname(self):
		if self.is_return:
			self.naming_series = CREDIT_NOTE_SERIES
		super().autoname()

	def before_validate(self):
		super().before_validate()
		self.set_payment_terms()

	def validate(self):
		super().validate()
		if self.is_return:
			credit_notes.check_credit_note(self)
		else:
			self.make_instalments()
		# Only an issued invoice is settled. A draft that amends a cancelled invoice is a copy with its
		# amounts.
		self.paid_amount = self.credited_amount = 0
		self.set("credit_uses", [])
		self.update_balance()

	def compute_totals(self):
		super().compute_totals()
		if self.is_return and self.return_against:
			credit_notes.take_shares(self)
		else:
			for row in self.items:
				row.returned_net = row.returned_tax = 0

	def before_submit(self):
		super().before_submit()
		if not self.is_return:
			credit_limit.check_credit_limit(self, flt(self.grand_total))

	def on_submit(self):
		super().on_submit()
		if self.is_return:
			credit_notes.apply_credit_note(self)

	def on_cancel(self):
		super().on_cancel()
		if self.is_return:
			credit_notes.undo_credit_note(self)

	def before_update_after_submit(self):
		self.protect_issued_fields()
		self.update_balance()
		self.state = self.compute_state()

	def set_payment_terms(self):
		"""Sets missing payment terms or a missing due date: the customer's terms, else the customer's days,
		else the days of the settings. A credit note has neither."""
		if self.is_return:
			self.due_date = self.payment_terms = None
			self.set("instalments", [])
			return
		customer = get_present_doc("Cronus Customer", self.customer) if self.customer else frappe._dict()
		if not self.due_date and not self.payment_terms:
			self.payment_terms = customer.payment_terms
		if not self.due_date and not self.payment_terms:
			days = customer.payment_days or get_settings().payment_days
			self.due_date = add_days(self.posting_date or company_today(), cint(days))

	def make_instalments(self):
		"""Writes the rows of the instalments by the payment terms.

		Due dates that a user has changed on the draft stay until the payment terms or the date of the invoice
		change.
		"""
		planned = self.plan_instalments()
		before = self.get_doc_before_save()
		terms_changed = before and any(
			cstr(before.get(fieldname)) != cstr(self.get(fieldname))
			for fieldname in ("payment_terms", "posting_date")
		)
		same_number = len(self.instalments) == len(planned)
		keeps_dates = self.payment_terms and same_number and not terms_changed
		if not same_number:
			self.set("instalments", [{} for _instalment in planned])
		for row, (due_date, amount) in zip(self.instalments, planned, strict=True):
			row.amount = amount
			if not keeps_dates or not row.due_date:
				row.due_date = due_date
		self.check_instalment_dates()

	def plan_instalments(self) -> list[tuple[date, float]]:
		"""Due date and amount of each instalment by the payment terms; a single one without terms.

		The amounts are in the currency of the invoice and sum to the grand total.
		"""
		if not self.payment_terms:
			self.check_date_order("due_date", _("An invoice cannot be due before its own date."))
			return [(getdate(self.due_date), flt(self.grand_total))]
		terms = get_present_doc("Cronus Payment Terms", self.payment_terms).terms
		amounts = instalments.split_total(
			self.grand_total, [term.percentage for term in terms], currency_decimals(self.currency)
		)
		return [
			(getdate(add_days(self.posting_date, cint(term.days))), amount)
			for term, amount in zip(terms, amounts, strict=True)
		]

	def check_instalment_dates(self):
		for row in self.instalments:
			if not row.due_date or getdate(row.due_date) < getdate(self.posting_date):
				frappe.throw(
					_("Instalment {0}: write a due date that is not before the invoice's own date.").format(
						row.idx
					)
				)

	def protect_issued_fields(self):
		"""Restores the fields of an issued invoice that only payments change; of the instalments, only the
		due dates may change. Raises frappe.ValidationError for any other change of the instalments."""
		restore_server_fields(self, _SETTLEMENT)
		before = self.get_doc_before_save()
		if self.is_return:
			self.set("credit_uses", [row.as_dict() for row in before.credit_uses])
			return
		if [(row.name, row.amount) for row in self.instalments] != [
			(row.name, row.amount) for row in before.instalments
		]:
			frappe.throw(_("The instalments of an issued invoice can only change their due dates."))
		if len(self.instalments) == 1 and getdate(self.due_date) != getdate(before.due_date):
			self.instalments[0].due_date = self.due_date
		self.check_instalment_dates()

	def update_balance(self):
		"""Computes the balance from the paid amount, and allocates that to the instalments, the earliest due
		date first. The due date of the invoice is that of its first unpaid instalment.

		balance = grand total - paid amount. Nothing is stored.
		"""
		self.balance = add_amounts(self.grand_total, -flt(self.paid_amount))
		rows = sorted(self.instalments, key=lambda row: (getdate(row.due_date), row.idx))
		for row, paid in zip(
			rows, instalments.fill_instalments(self.paid_amount, [row.amount for row in rows]), strict=True
		):
			row.paid, row.balance = paid, add_amounts(row.amount, -paid)
		if rows:
			self.due_date = next((row for row in rows if row.balance > 0), rows[-1]).due_date

	def take_payment(self, amount: float):
		"""Adds an amount to the paid amount and stores the new balance; negative to undo it. For a credit
		note, the paid amount is the part of its credit that was used.

		amount: in the document's currency. The caller has locked the row. Raises frappe.ValidationError where
		it is above the balance, or the document is not issued.
		"""
		if not self.docstatus.is_submitted():
			frappe.throw(_("{0} is not issued, so nothing can be paid of it.").format(frappe.bold(self.name)))
		if add_amounts(amount, -self.balance) > 0:
			frappe.throw(
				_("{0} has a balance of {1}, and {2} is above it.").format(
					frappe.bold(self.name),
					frappe.bold(format_money(self.balance, self.currency)),
					format_money(amount, self.currency),
				),
				title=_("More than the balance"),
			)
		self.paid_amount = max(add_amounts(self.paid_amount, amount), 0)
		self.store_balance()

	def take_credit(self, amount: float):
		"""Adds an amount of a credit note to the credited and to the paid amount, and stores the new balance;
		negative to undo it. Arguments and errors are those of `take_payment`."""
		self.credited_amount = max(add_amounts(self.credited_amount, amount), 0)
		self.take_payment(amount)

	def store_balance(self):
		"""Computes balance and state, and stores them past the controller.

		The hooks of issued documents are not called here: the payment or credit note that changes this
		invoice calls them when it is issued or cancelled, and passes this invoice as one of its origins.
		"""
		self.update_balance()
		self.state = self.compute_state()
		self.db_set({fieldname: self.get(fieldname) for fieldname in (*_SETTLEMENT, "due_date")})
		for row in self.instalments:
			paid = {"paid": row.paid, "balance": row.balance}
			frappe.db.set_value(row.doctype, row.name, paid, update_modified=False)

	def compute_state(self) -> str:
		"""The state of an issued invoice, from its balance and due date; of a credit note, from its
		balance."""
		if self.is_return:
			return "Issued" if self.balance > 0 else "Settled"
		if self.balance <= 0:
			return "Paid"
		if getdate(self.due_date) < company_today():
			return "Overdue"
		return "Partly paid" if self.paid_amount else "Issued"


def on_doctype_update():
	"""The index of the locking read of what a customer owes, see `money/credit_limit.py`."""
	frappe.db.add_index("Invoice", list(credit_limit.INDEX), credit_limit.INDEX_NAME)


def mark_overdue() -> None:
	"""Daily: sets the state "Overdue" of issued invoices with a balance and a past due date."""
	invoice = frappe.qb.DocType("Invoice")
	(
		frappe.qb.update(invoice)
		.set(invoice.state, "Overdue")
		.where(
			invoice.state.isin(["Issued", "Partly paid"])
			& (invoice.docstatus == 1)
			& (invoice.due_date < company_today())
			& (invoice.balance > 0)
		)
	).run()
