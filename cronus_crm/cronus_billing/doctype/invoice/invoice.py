from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import add_days, cint, flt, getdate, nowdate

from cronus_crm.cronus_billing.commercial_document import CommercialDocument, names_in


class Invoice(CommercialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_document_item.cronus_document_item import (
			CronusDocumentItem,
		)

		amended_from: DF.Link | None
		balance: DF.Currency
		base_net_total: DF.Currency
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		due_date: DF.Date | None
		exchange_rate: DF.Float
		grand_total: DF.Currency
		items: DF.Table[CronusDocumentItem]
		naming_series: DF.Literal["FAC-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		paid_amount: DF.Currency
		posting_date: DF.Date
		seller: DF.Link | None
		state: DF.Literal["Draft", "Issued", "Partly paid", "Paid", "Overdue", "Cancelled"]
		tax_total: DF.Currency
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		super().before_validate()
		self.set_due_date()

	def validate(self):
		super().validate()
		self.check_date_order("due_date", _("An invoice cannot be due before its own date."))
		self.check_proformas()
		self.reckon_balance()

	def before_update_after_submit(self):
		self.reckon_balance()
		self.state = self.state_now()

	def set_due_date(self):
		if not self.due_date:
			days = self.customer and frappe.get_cached_value("Cronus Customer", self.customer, "payment_days")
			days = days or frappe.get_cached_doc("Cronus CRM Settings").payment_days
			self.due_date = add_days(self.posting_date or nowdate(), cint(days))

	def check_proformas(self):
		"""Lines may only come from lines of issued proformas of this customer, in this currency."""
		for name, quantities in self.quantities_by_proforma().items():
			source = frappe.db.get_value(
				"Proforma", name, ["docstatus", "customer", "currency", "posting_date"], as_dict=True
			)
			proforma = frappe.bold(name)
			if not source or source.docstatus != 1:
				frappe.throw(_("{0} is not issued, so it cannot be invoiced.").format(proforma))
			if not source.customer:
				_refuse_without_customer(name)
			if (source.customer, source.currency) != (self.customer, self.currency):
				frappe.throw(
					_("{0} is for another customer or in another currency than this invoice.").format(
						proforma
					)
				)
			if getdate(self.posting_date) < getdate(source.posting_date):
				date = frappe.format(source.posting_date, {"fieldtype": "Date"})
				frappe.throw(
					_("The invoice cannot be dated before its proforma {0}, of {1}.").format(proforma, date)
				)
			lines = frappe.get_all(
				"Cronus Document Item", {"parenttype": "Proforma", "parent": name}, pluck="name"
			)
			if not quantities.keys() <= set(lines):
				frappe.throw(_("A line of this invoice is not from the lines of {0}.").format(proforma))

	def reckon_balance(self):
		paid = flt(self.paid_amount)
		if not 0 <= paid <= flt(self.grand_total, 2):
			frappe.throw(
				_("What is paid must be from 0 to the total of the invoice, {0}.").format(
					frappe.format_value(self.grand_total, {"fieldtype": "Currency"}, currency=self.currency)
				)
			)
		self.paid_amount = flt(paid, 2)
		self.balance = flt(self.grand_total - self.paid_amount, 2)

	def quantities_by_proforma(self) -> dict[str, dict[str, float]]:
		"""What this invoice takes from each proforma: its name: {name of its line: quantity}."""
		taken: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
		for row in self.items:
			if row.proforma:
				taken[row.proforma][row.proforma_item] += flt(row.quantity)
		return taken

	def before_submit(self):
		self.state = self.state_now()

	def on_submit(self):
		self.take_from_proformas(sign=1)

	def on_cancel(self):
		self.take_from_proformas(sign=-1)
		self.db_set("state", "Cancelled")

	def take_from_proformas(self, sign: int):
		"""Marks the quantities of this invoice as invoiced (or, with -1, as open again) on its proformas.

		The proformas are locked in the order of their names, so that two invoices of the same ones wait for
		each other instead of deadlocking.
		"""
		for name, quantities in sorted(self.quantities_by_proforma().items()):
			proforma = frappe.get_doc("Proforma", name, for_update=True)
			proforma.change_invoiced_quantities({line: sign * taken for line, taken in quantities.items()})

	def state_now(self) -> str:
		"""The state that payment and dates give to an issued invoice."""
		if self.balance <= 0:
			return "Paid"
		if getdate(self.due_date) < getdate(nowdate()):
			return "Overdue"
		return "Partly paid" if self.paid_amount else "Issued"


def mark_overdue() -> None:
	"""Daily: an issued invoice with a balance past its due date is overdue."""
	invoice = frappe.qb.DocType("Invoice")
	(
		frappe.qb.update(invoice)
		.set(invoice.state, "Overdue")
		.where(
			invoice.state.isin(["Issued", "Partly paid"])
			& (invoice.docstatus == 1)
			& (invoice.due_date < nowdate())
			& (invoice.balance > 0)
		)
	).run()


@frappe.whitelist(methods=["POST"])
def make_from_proformas(proformas: list[str] | str) -> list[str]:
	"""Makes draft invoices of what is left of issued proformas; gives back their names.

	proformas: one name or several (a list, or its JSON). Those of the same customer, seller and currency
	go on one invoice.

	Raises frappe.PermissionError when the user may not read one of them or create invoices, and
	frappe.ValidationError when one is not issued, has nothing left, or is for a prospect that is no customer
	yet. Then no invoice is made.
	"""
	together: dict[tuple, list] = defaultdict(list)
	for name in names_in(proformas, _("Choose at least one proforma.")):
		proforma = frappe.get_doc("Proforma", name)
		proforma.check_permission("read")
		if not proforma.customer:
			_refuse_without_customer(name)
		together[proforma.customer, proforma.seller, proforma.currency, proforma.exchange_rate].append(
			proforma
		)
	return [_make_invoice(group) for group in together.values()]


def _refuse_without_customer(proforma: str) -> None:
	frappe.throw(
		_("{0} is for a prospect. Convert the prospect to a customer first, then invoice it.").format(
			frappe.bold(proforma)
		),
		title=_("No customer yet"),
	)


def _make_invoice(proformas: list) -> str:
	first = proformas[0]
	invoice = frappe.new_doc("Invoice")
	for fieldname in ("customer", "seller", "work_center", "currency", "exchange_rate"):
		invoice.set(fieldname, first.get(fieldname))
	for proforma in proformas:
		if not proforma.docstatus.is_submitted():
			frappe.throw(_("{0} is not issued, so it cannot be invoiced.").format(frappe.bold(proforma.name)))
		if proforma.state == "Invoiced":
			frappe.throw(_("Nothing is left to invoice of {0}.").format(frappe.bold(proforma.name)))
		_add_lines(invoice, proforma)
	invoice.insert()
	return invoice.name


def _add_lines(invoice: Invoice, proforma) -> None:
	for row in proforma.items:
		left = flt(row.quantity - flt(row.invoiced_quantity), 6)
		if left <= 0:
			continue
		line = {
			f: row.get(f) for f in ("product", "description", "unit", "price", "discount_percent", "tax_rate")
		}
		invoice.append(
			"items", {**line, "quantity": left, "proforma": proforma.name, "proforma_item": row.name}
		)
