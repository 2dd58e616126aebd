import math

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.company import company_currency


class CronusExchangeRate(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		currency: DF.Link
		rate: DF.Float
		valid_from: DF.Date
	# end: auto-generated types

	def validate(self):
		self.rate = flt(self.rate)
		if not (math.isfinite(self.rate) and self.rate > 0):
			frappe.throw(
				_("Write the exchange rate: how many {0} are paid for one {1}.").format(
					company_currency(), self.currency
				)
			)
		if self.currency == company_currency():
			frappe.throw(
				_("{0} is the currency of the company. It needs no rate.").format(frappe.bold(self.currency))
			)
		self.refuse_second_rate()

	def refuse_second_rate(self):
		"""Raises frappe.DuplicateEntryError for a second rate of a currency and day, with a message that says
		what to do. The unique name would refuse it too, less clearly. Currency and day cannot change later,
		so only new rates are checked."""
		same = {"currency": self.currency, "valid_from": self.valid_from}
		if self.is_new() and frappe.db.exists("Cronus Exchange Rate", same):
			frappe.throw(
				_("{0} has a rate from {1} already. Change that one.").format(
					frappe.bold(self.currency), frappe.format(self.valid_from, {"fieldtype": "Date"})
				),
				frappe.DuplicateEntryError,
				title=_("Rate there already"),
			)
