from frappe.model.document import Document


class CronusActivityType(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		activity_type: DF.Data
		color: DF.Color | None
		disabled: DF.Check
		duration: DF.Int
		kind: DF.Literal["Follow-up", "Collection", "Call", "Meeting", "Visit", "Message", "Task"]
	# end: auto-generated types
	pass
