import frappe
from frappe import _
from frappe.utils import flt, getdate

from cronus_crm.base.company import company_today
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument
from cronus_crm.cronus_billing.money import credit_limit


class CronusOrder(CommercialDocument):
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

		amended_from: DF.Link | None
		base_net_total: DF.Currency
		credit_override: DF.Check
		credit_override_reason: DF.SmallText | None
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		customer_order: DF.Data | None
		delivery_date: DF.Date | None
		discount_amount: DF.Currency
		discount_percent: DF.Percent
		exchange_rate: DF.Float
		fixed_discount: DF.Currency
		grand_total: DF.Currency
		issue_asked_by: DF.Link | None
		issue_asked_on: DF.Datetime | None
		items: DF.Table[CronusDocumentItem]
		left_to_invoice: DF.Currency
		naming_series: DF.Literal["PED-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		opportunity: DF.Link | None
		party_address: DF.SmallText | None
		party_email: DF.Data | None
		party_name: DF.Data | None
		party_phone: DF.Data | None
		party_tax_id: DF.Data | None
		posting_date: DF.Date
		price_list: DF.Link | None
		seller: DF.Link | None
		state: DF.Literal[
			"Draft",
			"Issued",
			"Partly delivered",
			"Delivered",
			"Partly invoiced",
			"Invoiced",
			"Completed",
			"Late",
			"Cancelled",
		]
		tax_total: DF.Currency
		taxes: DF.Table[CronusDocumentTax]
		taxes_included: DF.Check
		to_deliver: DF.Check
		work_center: DF.Link | None

	# end: auto-generated types
	def validate(self):
		super().validate()
		self.check_date_order("delivery_date", _("An order cannot be delivered before its own date."))

	def before_submit(self):
		super().before_submit()
		credit_limit.check_credit_limit(self, flt(self.grand_total))

	def before_update_after_submit(self):
		self.check_date_order("delivery_date", _("An order cannot be delivered before its own date."))
		self.state = self.compute_state()

	def compute_state(self) -> str:
		"""The state of an issued order, from the quantities taken of its lines and the delivery date.

		Services are not delivered: only goods count for "Late", "Delivered" and "Partly delivered".
		"""
		goods = [row for row in self.items if document_chain.needs_delivery(row)]
		delivered = self.taken_part("delivered_quantity", goods)
		invoiced = self.taken_part("invoiced_quantity")
		if (delivered, invoiced) == ("all", "all"):
			return "Completed"
		if delivered != "all" and self.delivery_date and getdate(self.delivery_date) < company_today():
			return "Late"
		if invoiced == "all":
			return "Invoiced"
		if goods and delivered != "nothing":
			return "Delivered" if delivered == "all" else "Partly delivered"
		return "Partly invoiced" if invoiced == "part" else "Issued"

	def compute_progress(self) -> dict:
		goods = [row for row in self.items if document_chain.needs_delivery(row)]
		return super().compute_progress() | {
			"to_deliver": self.taken_part("delivered_quantity", goods) != "all"
		}


def mark_late() -> None:
	"""Daily: sets the state "Late" of issued orders with something to deliver and a past delivery date.

	`to_deliver` is a denormalised field of the order, so no lines are read here.
	"""
	order = frappe.qb.DocType("Cronus Order")
	(
		frappe.qb.update(order)
		.set(order.state, "Late")
		.where((order.to_deliver == 1) & (order.docstatus == 1))
		.where((order.state != "Late") & (order.delivery_date < company_today()))
	).run()
