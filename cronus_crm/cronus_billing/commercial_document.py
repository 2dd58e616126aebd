"""What Proforma and Invoice have in common: whom they are for, their lines, what they come to."""

import math

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.cronus_billing import totals
from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency
from cronus_crm.cronus_crm.visibility import seller_of_user

# Beyond these a figure is a slip of the keyboard, and beyond the database's columns soon after.
LARGEST_QUANTITY = 1e9
LARGEST_AMOUNT = 1e12


class CommercialDocument(Document):
	def before_validate(self):
		# Read here from cached records: `fetch_from` would ask the database once for each line.
		self.set_customer_name()
		self.set_seller()
		self.set_work_center()
		self.set_currency()
		self.set_lines_from_products()

	def validate(self):
		self.check_customer()
		self.check_seller()
		self.check_lines()
		self.add_up()

	def set_customer_name(self):
		if self.customer:
			self.customer_name = frappe.get_cached_value("Cronus Customer", self.customer, "customer_name")

	def set_work_center(self):
		if self.seller and not self.work_center:
			self.work_center = frappe.get_cached_value("Cronus Seller", self.seller, "work_center")

	def set_seller(self):
		"""That of the opportunity, else that of the customer, else whoever writes the document."""
		if self.seller:
			return
		opportunity = self.get("opportunity")
		self.seller = (
			(opportunity and frappe.db.get_value("Cronus Opportunity", opportunity, "seller"))
			or (self.customer and frappe.get_cached_value("Cronus Customer", self.customer, "seller"))
			or seller_of_user()
		)

	def set_currency(self):
		if not self.currency:
			self.currency = (
				self.customer and frappe.get_cached_value("Cronus Customer", self.customer, "currency")
			) or company_currency()
		if self.currency == company_currency():
			self.exchange_rate = 1

	def set_lines_from_products(self):
		"""A line takes from its product what it does not say itself: text, unit, price with its tax."""
		for row in self.items:
			if not row.product or (row.price is not None and row.description and row.unit):
				continue
			product = frappe.get_cached_doc("Cronus Product", row.product)
			row.description = row.description or product.product_name
			row.unit = row.unit or product.unit
			if row.price is None:
				row.price = flt(flt(product.price) / (flt(self.exchange_rate) or 1), 2)
				row.tax_rate = product.tax_rate

	def check_customer(self):
		if not self.customer:
			frappe.throw(self.ask_for_customer(), frappe.MandatoryError, title=_("No customer"))
		if frappe.get_cached_value("Cronus Customer", self.customer, "disabled"):
			frappe.throw(
				_("{0} is disabled. Enable the customer before making documents for it.").format(
					frappe.bold(self.customer_name or self.customer)
				)
			)

	def ask_for_customer(self) -> str:
		return _("Choose the customer.")

	def check_seller(self):
		if not self.seller:
			frappe.throw(
				_(
					"Choose the seller. Neither the customer nor you have one: an administrator can set the"
					" customer's seller, or make you a seller."
				),
				frappe.MandatoryError,
				title=_("No seller"),
			)
		user, enabled = frappe.get_cached_value("Cronus Seller", self.seller, ["user", "enabled"])
		if not user:
			frappe.throw(
				_("{0} is a team without a user. Choose the person who sells.").format(
					frappe.bold(self.seller)
				),
				title=_("A seller needs a user"),
			)
		if not enabled and self.docstatus.is_draft():
			frappe.throw(_("The seller {0} is disabled. Choose another.").format(frappe.bold(self.seller)))

	def check_lines(self):
		if not self.items:
			frappe.throw(_("Add at least one line."), frappe.MandatoryError, title=_("No lines"))
		if not (math.isfinite(flt(self.exchange_rate)) and flt(self.exchange_rate) > 0):
			frappe.throw(
				_("Write the exchange rate: how many {0} are paid for one {1}.").format(
					company_currency(), self.currency
				)
			)
		for row in self.items:
			self.check_line(row)

	def check_line(self, row):
		"""Written so that what is not a number fails every comparison and is refused too."""
		# flt reads numbers as people write them; the database would otherwise get the text as it came.
		for fieldname in ("quantity", "price", "discount_percent", "tax_rate"):
			row.set(fieldname, flt(row.get(fieldname)))
		if not 0 < row.quantity <= LARGEST_QUANTITY:
			_refuse(
				row, _("the quantity must be above zero and at most {0}").format(f"{LARGEST_QUANTITY:,.0f}")
			)
		if not 0 <= row.price <= LARGEST_AMOUNT:
			_refuse(row, _("the price cannot be negative nor above {0}").format(f"{LARGEST_AMOUNT:,.0f}"))
		if not 0 <= row.discount_percent <= 100:
			_refuse(row, _("the discount is a percentage from 0 to 100"))
		if not 0 <= row.tax_rate <= 100:
			_refuse(row, _("the tax is a percentage from 0 to 100"))

	def add_up(self):
		result = totals.add_up(
			totals.Line(row.quantity, row.price, row.discount_percent, row.tax_rate) for row in self.items
		)
		if result.grand_total > LARGEST_AMOUNT:
			frappe.throw(
				_("The total is above {0}. Look at quantities and prices.").format(f"{LARGEST_AMOUNT:,.0f}")
			)
		for row, amount in zip(self.items, result.net_amounts, strict=True):
			row.net_amount = amount
		self.net_total = result.net_total
		self.tax_total = result.tax_total
		self.grand_total = result.grand_total
		self.base_net_total = self.in_company_currency(result.net_total)

	def in_company_currency(self, amount: float) -> float:
		return totals.in_company_currency(flt(amount, 2), self.exchange_rate)

	def check_date_order(self, later: str, message: str):
		"""Refuses a document whose date of the named field is before its own date."""
		if self.get(later) and getdate(self.get(later)) < getdate(self.posting_date):
			frappe.throw(message)


def names_in(given: list[str] | str, message_when_empty: str) -> list[str]:
	"""Names of documents as a caller gives them: one, a list, or the JSON of a list; each once, in order.

	Raises frappe.ValidationError with the message when there is none.
	"""
	names = frappe.parse_json(given) if isinstance(given, str) and given.startswith("[") else given
	names = [names] if isinstance(names, str) else names
	if not names:
		frappe.throw(message_when_empty)
	return list(dict.fromkeys(names))


def _refuse(row, reason: str):
	frappe.throw(_("Line {0}, {1}: {2}.").format(row.idx, frappe.bold(row.product), reason))
