from frappe.model.document import Document


class CronusExternalOrigin(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		base_taken: DF.Currency
		document: DF.Link | None
		document_key: DF.Data | None
		external_id: DF.Data | None
		kind: DF.Literal[
			"", "Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"
		]
		named: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		taken: DF.Currency
	# end: auto-generated types
	pass
