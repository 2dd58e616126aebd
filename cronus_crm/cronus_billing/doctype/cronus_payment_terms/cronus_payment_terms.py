import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt


class CronusPaymentTerms(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_payment_term.cronus_payment_term import (
			CronusPaymentTerm,
		)

		disabled: DF.Check
		terms: DF.Table[CronusPaymentTerm]
		title: DF.Data

	# end: auto-generated types
	def validate(self):
		self.check_rows()
		self.check_sum()

	def check_rows(self):
		previous = 0
		for row in self.terms:
			if not 0 < flt(row.percentage) <= 100:
				frappe.throw(_("Row {0}: the percentage must be above 0 and at most 100.").format(row.idx))
			if cint(row.days) < previous:
				frappe.throw(_("Row {0}: write the instalments in the order of their days.").format(row.idx))
			previous = cint(row.days)

	def check_sum(self):
		total = flt(sum(flt(row.percentage) for row in self.terms), 2)
		if total != 100:
			frappe.throw(
				_("The percentages sum to {0} and must sum to 100.").format(frappe.bold(f"{total:g}")),
				title=_("Not the whole"),
			)
