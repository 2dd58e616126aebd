import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_billing.pricing.taxes import TAX, find_taxes_by_rate, require_default_tax


class CronusProduct(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		disabled: DF.Check
		family: DF.Data | None
		image: DF.AttachImage | None
		is_bought: DF.Check
		is_sold: DF.Check
		price: DF.Currency
		product_code: DF.Data
		product_name: DF.Data
		product_type: DF.Literal["Goods", "Service"]
		tax: DF.Link | None
		tax_rate: DF.Percent
		unit: DF.Data | None
	# end: auto-generated types

	def on_update(self):
		self.rename_in_drafts()

	def rename_in_drafts(self):
		"""Lines of drafts that describe the product by its former name take the new one; what was issued
		keeps what it said."""
		before = self.get_doc_before_save()
		if before and before.product_name != self.product_name:
			frappe.db.set_value(
				"Cronus Document Item",
				{"product": self.name, "description": before.product_name, "docstatus": 0},
				"description",
				self.product_name,
				update_modified=False,
			)

	def validate(self):
		self.set_tax()

	def set_tax(self):
		"""Sets tax and rate: the rate of the chosen tax; without one, the tax of the rate that a client has
		sent; without both, for a new product, the default tax of the settings.

		Raises frappe.ValidationError for a rate that no enabled tax has, and without a default tax.
		"""
		if not self.tax and self.is_new() and self.tax_rate in (None, ""):
			self.tax = require_default_tax()
		elif not self.tax:
			rate = flt(self.tax_rate)
			self.tax = find_taxes_by_rate([rate]).get(rate)
			if rate and not self.tax:
				frappe.throw(
					_("There is no tax of {0} %. Choose one of the taxes.").format(frappe.bold(f"{rate:g}"))
				)
		self.tax_rate = get_present_value(TAX, self.tax, "rate") if self.tax else 0
