"""Writes documents of the demo, and records them so that they can be removed."""

from collections import Counter
from datetime import date, timedelta

from frappe.model.document import Document
from frappe.model.naming import make_autoname

from cronus_crm.demo import company_story, demo_records, past_documents
from cronus_crm.demo.story_types import Story


class RecordWriter:
	"""Writes, records and counts documents. founded_on: the date of what was there before the story
	begins."""

	def __init__(self, story: Story, language: str):
		self.story = story
		self.language = language
		self.record = demo_records.DemoRecord()
		self.counts: Counter[str] = Counter()
		self.founded_on = story.today - timedelta(days=company_story.DAYS_OF_HISTORY + 30)

	def record_document(self, doc: Document, group: object = None) -> Document:
		"""Records and counts a document that has been written; group: see `demo_records.DemoRecord.add`."""
		self.counts[doc.doctype] += 1
		return self.record.add(doc, group)

	def write(
		self,
		doctype: str,
		group: object = None,
		on: date | None = None,
		series: str | None = None,
		by: str | None = None,
		**values,
	) -> Document:
		"""Writes and records a document.

		on, by: see `past_documents.write_document`; on is `founded_on` by default. series: naming series of
		the name.
		"""
		name = make_autoname(series) if series else None
		return self.record_document(
			past_documents.write_document(doctype, values, on or self.founded_on, name, by=by), group
		)
