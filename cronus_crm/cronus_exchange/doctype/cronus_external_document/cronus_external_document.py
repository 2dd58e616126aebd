import frappe
from frappe import _
from frappe.model.document import Document


class CronusExternalDocument(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_instalment.cronus_instalment import CronusInstalment
		from cronus_crm.cronus_exchange.doctype.cronus_external_item.cronus_external_item import (
			CronusExternalItem,
		)
		from cronus_crm.cronus_exchange.doctype.cronus_external_origin.cronus_external_origin import (
			CronusExternalOrigin,
		)

		amended_from: DF.Link | None
		balance: DF.Currency
		balance_told: DF.Check
		base_balance: DF.Currency
		base_grand_total: DF.Currency
		base_net_total: DF.Currency
		currency: DF.Link | None
		customer: DF.Link | None
		customer_name: DF.Data | None
		due_date: DF.Date | None
		exchange_rate: DF.Float
		external_id: DF.Data | None
		grand_total: DF.Currency
		instalments: DF.Table[CronusInstalment]
		is_history: DF.Check
		items: DF.Table[CronusExternalItem]
		kind: DF.Literal[
			"Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"
		]
		net_total: DF.Currency
		number: DF.Data | None
		opportunity: DF.Link | None
		origins: DF.Table[CronusExternalOrigin]
		posting_date: DF.Date | None
		rate_told: DF.Check
		seller: DF.Link | None
		source: DF.Link | None
		state: DF.Literal["Issued", "Settled", "Cancelled"]
		tax_total: DF.Currency
		told_on: DF.Datetime | None
		work_center: DF.Link | None
	# end: auto-generated types
	"""A commercial document of an ERP, as its source has told it.

	Written by `cronus_exchange/external_documents` alone, many at once and past this controller; what is
	wrong of a document is refused there, row by row.
	"""

	def validate(self):
		self.refuse_change()

	def before_update_after_submit(self):
		self.refuse_change()

	def before_cancel(self):
		self.refuse_change()

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			self.refuse_change()

	def refuse_change(self):
		frappe.throw(
			_("{0} is a document of {1}: change it there, and the source tells it here.").format(
				frappe.bold(self.number or self.name), frappe.bold(self.source or _("an ERP"))
			),
			title=_("Document of an ERP"),
		)


def on_doctype_update():
	"""For the documents of a source, newest first, and of a customer."""
	frappe.db.add_index("Cronus External Document", ["source", "posting_date"])
	frappe.db.add_index("Cronus External Document", ["customer", "docstatus", "kind"])
