import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Now
from pypika import Interval


class CronusCaseMail(Document):
	"""A message that came to the service address, and what became of it. Its name is the hash of its
	Message-ID: so a message is taken once, whoever pulls it at the same time. Written by mail/ alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		acknowledged: DF.Check
		case: DF.Link | None
		communication: DF.Link | None
		earlier_case: DF.Link | None
		email_account: DF.Link | None
		fingerprint: DF.Data | None
		message_id: DF.SmallText | None
		outcome: DF.Literal["Case opened", "Message", "Automatic", "Bounce", "Refused"]
		reason: DF.SmallText | None
		received_on: DF.Datetime | None
		sender: DF.Data | None
		subject: DF.Data | None

	# end: auto-generated types

	@staticmethod
	def clear_old_logs(days: int = 365) -> None:
		"""Forgets what came more than so many days ago: by then no server gives it out again."""
		mail = DocType("Cronus Case Mail")
		frappe.db.delete(mail, filters=(mail.creation < (Now() - Interval(days=days))))
