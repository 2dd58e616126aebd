from frappe.model.document import Document


class CronusCaseState(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		category: DF.Literal[
			"New", "Open", "Waiting for them", "Waiting for us", "Solved", "Closed", "Cancelled"
		]
		color: DF.Color | None
		disabled: DF.Check
		position: DF.Int
		state_name: DF.Data

	# end: auto-generated types
