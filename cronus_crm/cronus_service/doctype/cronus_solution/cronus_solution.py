"""Cronus Solution: a question that comes again, with its answer."""

import frappe
from frappe.model.document import Document

from cronus_crm.base.company import company_now
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_service.solutions import solution_use, solution_versions, solution_words

# Fields that only the server writes; values from a form or the API are ignored.
SERVER_FIELDS = (
	"times_used",
	"times_helpful",
	"times_not_helpful",
	"version_number",
	"last_used_on",
	"published_on",
	"review_told_for",
	"search_question",
	"search_text",
)


class CronusSolution(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_service.doctype.cronus_solution_product.cronus_solution_product import (
			CronusSolutionProduct,
		)

		answer: DF.TextEditor
		category: DF.Link | None
		language: DF.Link | None
		last_used_on: DF.Datetime | None
		naming_series: DF.Literal["SL-.#####"]
		products: DF.TableMultiSelect[CronusSolutionProduct]
		published_on: DF.Datetime | None
		question: DF.Data
		responsible: DF.Link | None
		review_on: DF.Date | None
		review_told_for: DF.Date | None
		search_question: DF.SmallText | None
		search_text: DF.LongText | None
		state: DF.Literal["Draft", "Internal", "Public"]
		times_helpful: DF.Int
		times_not_helpful: DF.Int
		times_used: DF.Int
		version_number: DF.Int
	# end: auto-generated types

	def before_insert(self):
		self.responsible = self.responsible or frappe.session.user
		self.language = self.language or frappe.local.lang

	def before_validate(self):
		restore_server_fields(self, SERVER_FIELDS)

	def validate(self):
		self.count_version()
		self.set_search_words()
		if self.state == "Public" and not self.published_on:
			self.published_on = company_now()

	def count_version(self):
		"""A change of what it says is a new version."""
		before = self.get_doc_before_save()
		if not before:
			self.version_number = 1
		elif self.has_new_version(before):
			self.version_number = (before.version_number or 1) + 1

	def has_new_version(self, before: Document) -> bool:
		return any((self.get(field) or "") != (before.get(field) or "") for field in solution_versions.FIELDS)

	def set_search_words(self):
		question = read_text(self.question)
		names = [row.product for row in self.products]
		products = frappe.get_all(
			"Cronus Product", {"name": ("in", names or [""])}, ["name", "product_name"], order_by="name asc"
		)
		texts = [text for row in products for text in (row.name, row.product_name)]
		self.search_question = solution_words.make_index_text(question)
		self.search_text = solution_words.make_index_text(question, self.answer, self.category, *texts)

	def on_update(self):
		before = self.get_doc_before_save()
		if not before or self.version_number != before.version_number:
			solution_versions.keep_version(self)

	def on_trash(self):
		solution_versions.remove_versions(self.name)
		solution_use.remove_uses(self.name)


def on_doctype_update():
	"""Full text indexes of the folded words: see solutions/solution_words.py."""
	for column in ("search_question", "search_text"):
		if not frappe.db.has_index("tabCronus Solution", f"{column}_words"):
			frappe.db.sql_ddl(
				f"alter table `tabCronus Solution` add fulltext index `{column}_words` (`{column}`)"
			)
	frappe.db.add_index("Cronus Solution", ["state", "category"])
