from frappe.model.document import Document


class CronusWorkCenter(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		city: DF.Data | None
		disabled: DF.Check
		series_code: DF.Data | None
		work_center: DF.Data
	# end: auto-generated types
	pass
