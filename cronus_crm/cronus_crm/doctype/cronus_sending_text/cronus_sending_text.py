from frappe.model.document import Document


class CronusSendingText(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		kind: DF.Literal[
			"", "Proforma", "Order", "Delivery Note", "Sales Note", "Invoice", "Credit Note", "Payment"
		]
		language: DF.Link | None
		medium: DF.Literal["E-mail", "WhatsApp"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		subject: DF.Data | None
		text: DF.SmallText

	# end: auto-generated types
