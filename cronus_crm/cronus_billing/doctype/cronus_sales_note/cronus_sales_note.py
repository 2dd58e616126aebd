from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument


class CronusSalesNote(CommercialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_document_item.cronus_document_item import (
			CronusDocumentItem,
		)
		from cronus_crm.cronus_billing.doctype.cronus_document_tax.cronus_document_tax import (
			CronusDocumentTax,
		)

		amended_from: DF.Link | None
		base_net_total: DF.Currency
		currency: DF.Link
		customer: DF.Link
		customer_name: DF.Data | None
		discount_amount: DF.Currency
		discount_percent: DF.Percent
		exchange_rate: DF.Float
		fixed_discount: DF.Currency
		grand_total: DF.Currency
		issue_asked_by: DF.Link | None
		issue_asked_on: DF.Datetime | None
		items: DF.Table[CronusDocumentItem]
		left_to_invoice: DF.Currency
		naming_series: DF.Literal["NV-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		opportunity: DF.Link | None
		party_address: DF.SmallText | None
		party_email: DF.Data | None
		party_name: DF.Data | None
		party_phone: DF.Data | None
		party_tax_id: DF.Data | None
		posting_date: DF.Date
		price_list: DF.Link | None
		seller: DF.Link | None
		state: DF.Literal["Draft", "Issued", "Partly invoiced", "Invoiced", "Cancelled"]
		tax_total: DF.Currency
		taxes: DF.Table[CronusDocumentTax]
		taxes_included: DF.Check
		work_center: DF.Link | None
	# end: auto-generated types
	pass
