from frappe.model.document import Document


class CronusDocumentItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		delivered_quantity: DF.Float
		description: DF.Data | None
		discount_percent: DF.Percent
		fixed_discount: DF.Currency
		gross_amount: DF.Currency
		invoiced_quantity: DF.Float
		list_price: DF.Currency
		net_amount: DF.Currency
		noted_quantity: DF.Float
		ordered_quantity: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		price: DF.Currency
		price_source: DF.Data | None
		product: DF.Link
		quantity: DF.Float
		returned_net: DF.Currency
		returned_quantity: DF.Float
		returned_tax: DF.Currency
		source_doctype: DF.Link | None
		source_name: DF.Data | None
		source_row: DF.Data | None
		tax: DF.Link | None
		tax_rate: DF.Percent
		unit: DF.Data | None
	# end: auto-generated types
	pass
