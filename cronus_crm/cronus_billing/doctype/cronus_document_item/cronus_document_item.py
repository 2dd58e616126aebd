from cronus_crm.cronus_crm.table_row import TableRow


class CronusDocumentItem(TableRow):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.Data | None
		discount_percent: DF.Percent
		invoiced_quantity: DF.Float
		net_amount: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		price: DF.Currency
		product: DF.Link
		proforma: DF.Link | None
		proforma_item: DF.Data | None
		quantity: DF.Float
		tax_rate: DF.Percent
		unit: DF.Data | None
	# end: auto-generated types
	pass
