import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType, Interval
from frappe.query_builder.functions import Now


class CronusIdempotentRequest(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		body: DF.LongText | None
		content_type: DF.Data | None
		fingerprint: DF.Data | None
		idempotency_key: DF.Data | None
		request: DF.SmallText | None
		status_code: DF.Int
		user: DF.Link | None
	# end: auto-generated types

	@staticmethod
	def clear_old_logs(days: int = 30) -> None:
		"""Deletes the keys of requests older than `days`. The framework calls it daily (Log Settings)."""
		request = DocType("Cronus Idempotent Request")
		frappe.db.delete(request, filters=(request.modified < (Now() - Interval(days=days))))
