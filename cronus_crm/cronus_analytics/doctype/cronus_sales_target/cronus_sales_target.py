import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from cronus_crm.base.amounts import add_amounts
from cronus_crm.base.company import company_currency, round_company_amount

MONTH_FIELDS = tuple(f"month_{month:02d}" for month in range(1, 13))

# Larger figures are typing errors, and would soon exceed the range of the database's columns.
LARGEST_TARGET = 1e12
FIRST_YEAR, LAST_YEAR = 2000, 2100


class CronusSalesTarget(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		currency: DF.Link | None
		month_01: DF.Currency
		month_02: DF.Currency
		month_03: DF.Currency
		month_04: DF.Currency
		month_05: DF.Currency
		month_06: DF.Currency
		month_07: DF.Currency
		month_08: DF.Currency
		month_09: DF.Currency
		month_10: DF.Currency
		month_11: DF.Currency
		month_12: DF.Currency
		notes: DF.SmallText | None
		seller: DF.Link
		total: DF.Currency
		year: DF.Int
	# end: auto-generated types

	def validate(self):
		self.currency = company_currency()
		self.check_year()
		self.check_amounts()
		self.refuse_second()
		self.total = add_amounts(*(self.get(month) for month in MONTH_FIELDS))

	def check_year(self):
		self.year = cint(self.year)
		if not FIRST_YEAR <= self.year <= LAST_YEAR:
			frappe.throw(
				_("{0} is no year of a target. Write one from {1} to {2}.").format(
					frappe.bold(self.year), FIRST_YEAR, LAST_YEAR
				)
			)

	def check_amounts(self):
		"""Raises frappe.ValidationError, naming the month, for an amount below zero or out of range. Written
		as `not low <= amount <= high`, which also refuses NaN."""
		for month in MONTH_FIELDS:
			amount = flt(self.get(month))
			if not 0 <= amount <= LARGEST_TARGET:
				frappe.throw(
					_("{0}: a target is an amount from 0 to {1}.").format(
						frappe.bold(_(self.meta.get_label(month))), f"{LARGEST_TARGET:,.0f}"
					)
				)
			self.set(month, round_company_amount(amount))

	def refuse_second(self):
		"""Raises frappe.DuplicateEntryError when the seller has a target for the year already."""
		other = frappe.db.get_value(
			self.doctype, {"seller": self.seller, "year": self.year, "name": ("!=", self.name)}
		)
		if other:
			frappe.throw(
				_("{0} has a target for {1} already. Change that one.").format(
					frappe.bold(self.seller), self.year
				),
				frappe.DuplicateEntryError,
				title=_("One target for each year"),
			)


def on_doctype_update():
	"""One for each seller and year; its order serves the reading of a year."""
	frappe.db.add_unique("Cronus Sales Target", ["year", "seller"])
