from frappe.model.document import Document


class CronusDocumentBundle(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Data | None
		documents: DF.LongText | None
		done: DF.Int
		heartbeat: DF.Datetime | None
		language: DF.Data | None
		request: DF.Data | None
		shape: DF.Data | None
		state: DF.Literal["Waiting", "Running", "Done", "Failed"]
		total: DF.Int
		tries: DF.Int
		user: DF.Data | None
	# end: auto-generated types
