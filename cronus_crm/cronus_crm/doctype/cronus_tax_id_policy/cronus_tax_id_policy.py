from frappe.model.document import Document


class CronusTaxIdPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		country: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		policy: DF.Literal["Warn", "Refuse", "Accept"]

	# end: auto-generated types
