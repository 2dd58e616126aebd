"""What all that the demo writes is written with: the story, its language, and the record of what is made."""

from collections import Counter
from datetime import date, timedelta

from frappe.model.document import Document
from frappe.model.naming import make_autoname

from cronus_crm.demo import company_story, demo_records, past_documents
from cronus_crm.demo.story_types import Story


class RecordWriter:
	"""Writes documents, and records and counts them."""

	def __init__(self, told: Story, language: str):
		self.told = told
		self.language = language
		self.record = demo_records.Record()
		self.counts: Counter[str] = Counter()
		self.founded_on = told.today - timedelta(days=company_story.DAYS_OF_HISTORY + 30)

	def add(self, doc: Document, group: object = None) -> Document:
		"""Records what has been made; group: see `demo_records.Record`."""
		self.counts[doc.doctype] += 1
		return self.record.add(doc, group)

	def new(
		self,
		doctype: str,
		group: object = None,
		on: date | None = None,
		series: str | None = None,
		by: str | None = None,
		**values,
	) -> Document:
		"""Writes a document; on: see `past_documents.write`, by default the day on which the company was
		founded."""
		name = make_autoname(series) if series else None
		return self.add(past_documents.write(doctype, values, on or self.founded_on, name, by=by), group)
