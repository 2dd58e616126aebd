from frappe.model.document import Document


class CronusCaseType(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		disabled: DF.Check
		for_customers: DF.Check
		priority: DF.Literal["", "Low", "Medium", "High", "Urgent"]
		team: DF.Link | None
		type_name: DF.Data

	# end: auto-generated types
