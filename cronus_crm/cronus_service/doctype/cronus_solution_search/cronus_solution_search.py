import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Now
from pypika import Interval


class CronusSolutionSearch(Document):
	"""A search that found nothing. Written by solutions/missing_answers.py alone."""

	@staticmethod
	def clear_old_logs(days: int = 180) -> None:
		"""Forgets what nobody has searched for in so many days."""
		search = DocType("Cronus Solution Search")
		frappe.db.delete(search, filters=(search.last_on < (Now() - Interval(days=days))))


def on_doctype_update():
	"""One row for the same words, whoever asks at once."""
	frappe.db.add_unique("Cronus Solution Search", ["words", "place"])
