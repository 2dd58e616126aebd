from frappe.model.document import Document


class CronusExternalItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		description: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		price: DF.Currency
		product: DF.Link | None
		product_id: DF.Data | None
		quantity: DF.Float
		unit: DF.Data | None
	# end: auto-generated types
	pass
