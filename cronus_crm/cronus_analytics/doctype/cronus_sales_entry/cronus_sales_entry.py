import frappe
from frappe import _
from frappe.model.document import Document


class CronusSalesEntry(Document):
	"""A line of the ledger; written by `cronus_analytics/ledger/entries.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_analytics.doctype.cronus_sales_entry_origin.cronus_sales_entry_origin import (
			CronusSalesEntryOrigin,
		)

		amount: DF.Currency
		balance: DF.Currency
		cancelled: DF.Check
		currency: DF.Link | None
		customer: DF.Data | None
		due_date: DF.Date | None
		first_invoiced_on: DF.Date | None
		is_sale: DF.Check
		kind: DF.Literal[
			"Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"
		]
		number: DF.Data | None
		origins: DF.Table[CronusSalesEntryOrigin]
		posting_date: DF.Date
		seller: DF.Link | None
		source_doctype: DF.Link
		source_name: DF.DynamicLink
		total: DF.Currency
		work_center: DF.Link | None
	# end: auto-generated types

	def validate(self):
		frappe.throw(_("Entries of the ledger are written by the documents themselves and not by hand."))

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			frappe.throw(_("Entries of the ledger are not deleted; cancel the document."))


def on_doctype_update():
	"""One entry for each document, and the orders in which reports and a customer's history read them."""
	frappe.db.add_unique("Cronus Sales Entry", ["source_doctype", "source_name"])
	frappe.db.add_index("Cronus Sales Entry", ["posting_date", "seller"])
	frappe.db.add_index("Cronus Sales Entry", ["customer", "posting_date", "source_doctype", "source_name"])
	# Purchases of all customers, from the index alone, and what is left of documents: customer_figures.py
	frappe.db.add_index(
		"Cronus Sales Entry",
		["kind", "cancelled", "posting_date", "customer", "seller", "owner", "amount"],
		"purchases",
	)
	frappe.db.add_index("Cronus Sales Entry", ["kind", "balance", "customer", "seller"], "open_balances")
	# Proformas that are valid today: open_offers.py
	frappe.db.add_index("Cronus Sales Entry", ["kind", "due_date", "seller"])
