import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, nowdate

from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency

FINISHED_STATES = ("Won", "Not won", "Closed")


class CronusOpportunity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_crm.doctype.cronus_opportunity_product.cronus_opportunity_product import (
			CronusOpportunityProduct,
		)

		closed_on: DF.Date | None
		contact: DF.Link | None
		currency: DF.Link
		customer: DF.Link | None
		customer_name: DF.Data | None
		description: DF.TextEditor | None
		expected_close: DF.Date | None
		external_key: DF.Data | None
		loss_notes: DF.SmallText | None
		loss_reason: DF.Link | None
		naming_series: DF.Literal["OP-.YYYY.-.#####"]
		opened_on: DF.Date | None
		priority: DF.Literal["Low", "Medium", "High"]
		probability: DF.Percent
		products: DF.Table[CronusOpportunityProduct]
		prospect_name: DF.Data | None
		seller: DF.Link | None
		stage: DF.Link
		state: DF.Literal["Open", "Pending", "Won", "Not won", "Closed"]
		title: DF.Data
		value: DF.Currency
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		self.currency = self.currency or company_currency()

	def validate(self):
		self.require_somebody()
		self.follow_stage()
		self.require_loss_reason()
		self.add_up_products()

	def require_somebody(self):
		if not self.customer and not self.prospect_name:
			frappe.throw(
				_("Say whose opportunity it is: choose a customer, or write the name of the prospect.")
			)

	def follow_stage(self):
		"""The stage gives the state and, unless a person wrote another, the probability."""
		if not self.stage:
			return  # mandatory: the framework says so next
		stage = frappe.get_cached_doc("Cronus Stage", self.stage)
		self.state = stage.state
		if self.has_value_changed("stage") and not (
			self.has_value_changed("probability") and flt(self.probability)
		):
			self.probability = stage.probability
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(_("The probability is a percentage from 0 to 100."))
		if self.state in FINISHED_STATES:
			self.closed_on = self.closed_on or nowdate()
			if self.opened_on and getdate(self.closed_on) < getdate(self.opened_on):
				frappe.throw(
					_("The deal cannot close on {0}, before it was opened.").format(
						frappe.format(self.closed_on, {"fieldtype": "Date"})
					)
				)
		else:
			self.closed_on = None

	def require_loss_reason(self):
		if self.state == "Not won" and not self.loss_reason:
			frappe.throw(_("Choose why the deal was not won."), frappe.MandatoryError, title=_("Loss reason"))
		if self.state != "Not won":
			self.loss_reason = self.loss_notes = None

	def add_up_products(self):
		"""With products, the value of the deal is theirs."""
		for row in self.products:
			if not flt(row.quantity) > 0 or flt(row.price) < 0:
				frappe.throw(
					_(
						"Products, row {0}: the quantity must be above zero and the price not below it."
					).format(row.idx)
				)
			row.amount = flt(flt(row.quantity) * flt(row.price), 2)
		if self.products:
			self.value = sum(row.amount for row in self.products)
		if flt(self.value) < 0:
			frappe.throw(_("The value of a deal cannot be negative."))
