from frappe.model.document import Document

from cronus_crm.cronus_service.cases import saved_replies


class CronusSavedReply(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_service.doctype.cronus_saved_reply_text.cronus_saved_reply_text import (
			CronusSavedReplyText,
		)

		case_type: DF.Link | None
		disabled: DF.Check
		reply_name: DF.Data
		texts: DF.Table[CronusSavedReplyText]

	# end: auto-generated types

	def validate(self):
		saved_replies.check_texts(self)
