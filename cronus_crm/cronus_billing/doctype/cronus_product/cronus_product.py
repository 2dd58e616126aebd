from frappe.model.document import Document


class CronusProduct(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		disabled: DF.Check
		family: DF.Data | None
		image: DF.AttachImage | None
		is_bought: DF.Check
		is_sold: DF.Check
		price: DF.Currency
		product_code: DF.Data
		product_name: DF.Data
		product_type: DF.Literal["Goods", "Service"]
		tax_rate: DF.Percent
		unit: DF.Data | None
	# end: auto-generated types
	pass
