"""Adds one instalment, with the whole amount and the due date, to invoices from before instalments
existed."""

import frappe
from frappe.query_builder import CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Concat
from pypika.terms import ValueWrapper


def execute() -> None:
	"""Inserts the rows in one statement. Invoices with instalments are left unchanged."""
	invoice, instalment = DocType("Invoice"), DocType("Cronus Instalment")
	md5, left = CustomFunction("MD5", ["text"]), CustomFunction("LEFT", ["text", "length"])
	copied = ("creation", "modified", "owner", "modified_by", "docstatus")
	with_instalments = (
		frappe.qb.from_(instalment).select(instalment.parent).where(instalment.parenttype == "Invoice")
	)
	columns = (
		"name",
		*copied,
		*("parent", "parenttype", "parentfield", "idx", "due_date", "amount", "paid", "balance"),
	)
	(
		frappe.qb.into(instalment)
		.columns(*columns)
		.from_(invoice)
		.select(
			left(md5(Concat("instalment/", invoice.name)), 20),
			*(invoice[fieldname] for fieldname in copied),
			invoice.name,
			ValueWrapper("Invoice"),
			ValueWrapper("instalments"),
			ValueWrapper(1),
			Coalesce(invoice.due_date, invoice.posting_date),
			invoice.grand_total,
			invoice.paid_amount,
			invoice.balance,
		)
		.where((invoice.is_return == 0) & invoice.name.notin(with_instalments))
	).run()
