"""Sets the day from which an allocation of a payment counts, `allocated_on`."""

import frappe
from frappe.query_builder import Case, CustomFunction, DocType
from frappe.query_builder.functions import Date

_greatest = CustomFunction("greatest", ["one", "other"])


def execute() -> None:
	"""Idempotent; what is set stays.

	The framework stamps a row that is saved with its payment with the payment's `creation`. A row with
	another stamp is an advance that was allocated later, on the day of its stamp.
	"""
	allocation, payment = DocType("Cronus Payment Allocation"), DocType("Cronus Payment")
	later = _greatest(payment.posting_date, Date(allocation.creation))
	(
		frappe.qb.update(allocation)
		.join(payment)
		.on((payment.name == allocation.parent) & (allocation.parenttype == "Cronus Payment"))
		.set(
			allocation.allocated_on,
			Case().when(allocation.creation == payment.creation, payment.posting_date).else_(later),
		)
		.where(allocation.allocated_on.isnull())
	).run()
