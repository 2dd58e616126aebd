from frappe.model.document import Document


class CronusServiceSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		acknowledge_mail: DF.Check
		acknowledgement: DF.Link | None
		agents_see_their_team: DF.Check
		close_after_days: DF.Int
		default_team: DF.Link | None
		max_acknowledgements: DF.Int
		reopen_within_days: DF.Int

	# end: auto-generated types
