from frappe.model.document import Document


class CronusModuleLimit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		module_name: DF.Literal[
			"Cronus CRM", "Cronus Billing", "Cronus Analytics", "Cronus Exchange", "Cronus Service"
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		told: DF.Check
		user_limit: DF.Int
	# end: auto-generated types
	pass
