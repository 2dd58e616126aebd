from frappe.model.document import Document


class CronusPaymentAllocation(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		allocated_on: DF.Date | None
		amount: DF.Currency
		balance: DF.Currency
		invoice: DF.Link | None
		invoice_date: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		payment: DF.Link | None
		total: DF.Currency
	# end: auto-generated types
	pass
