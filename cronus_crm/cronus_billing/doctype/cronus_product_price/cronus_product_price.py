import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.base.present_records import get_present_value

# The unique key. Its order is that of the lookup in `cronus_billing/pricing/prices.py`, so the index serves
# both.
_KEY = ("price_list", "product", "minimum_quantity", "valid_from")


class CronusProductPrice(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		currency: DF.Link | None
		minimum_quantity: DF.Float
		price: DF.Currency
		price_list: DF.Link
		product: DF.Link
		valid_from: DF.Date
		valid_to: DF.Date | None
	# end: auto-generated types

	def validate(self):
		self.currency = get_present_value("Cronus Price List", self.price_list, "currency")
		self.check_numbers()
		self.check_validity()
		self.refuse_second_price()

	def check_numbers(self):
		self.price, self.minimum_quantity = flt(self.price), flt(self.minimum_quantity)
		if not 0 <= self.price < float("inf"):
			frappe.throw(_("A price cannot be negative."))
		if not 0 <= self.minimum_quantity < float("inf"):
			frappe.throw(_("The quantity from which a price holds cannot be negative."))

	def check_validity(self):
		if self.valid_to and getdate(self.valid_to) < getdate(self.valid_from):
			frappe.throw(_("A price cannot end before it begins."))

	def refuse_second_price(self):
		"""Raises frappe.DuplicateEntryError for a second price with the same list, product, minimum quantity
		and first day. Prices may overlap, as the one with the latest first day is taken; of two equal ones
		the choice would be undefined."""
		key = {fieldname: self.get(fieldname) for fieldname in _KEY}
		if other := frappe.db.exists("Cronus Product Price", {**key, "name": ("!=", self.name)}):
			frappe.throw(
				_("{0} has a price in {1} from this day and quantity already: {2}. Change that one.").format(
					frappe.bold(self.product),
					frappe.bold(self.price_list),
					frappe.utils.get_link_to_form("Cronus Product Price", other),
				),
				frappe.DuplicateEntryError,
				title=_("Price there already"),
			)


def on_doctype_update():
	"""A unique index: it serves the lookup of prices, and refuses equal prices that are saved
	concurrently."""
	frappe.db.add_unique("Cronus Product Price", list(_KEY), constraint_name="one_price")
