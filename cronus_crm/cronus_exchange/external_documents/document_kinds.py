"""The kinds of rows “document” and “balance”: see `pushing/row_kinds.py`."""

from collections.abc import Sequence
from typing import Any

from frappe import _

from cronus_crm.cronus_exchange.external_documents import told_documents
from cronus_crm.cronus_exchange.external_documents.named_records import Masters
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT
from cronus_crm.cronus_exchange.external_documents.stored_papers import load_papers
from cronus_crm.cronus_exchange.external_documents.telling import prepare, tell
from cronus_crm.cronus_exchange.external_documents.told_documents import DocumentTold
from cronus_crm.cronus_exchange.external_documents.told_values import WrongTold
from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow, Reference
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext, RowKind

_TOLD = "told"


class _OfDocuments(RowKind):
	"""What rows of documents and of balances have in common."""

	import_doctype = DOCUMENT

	def read(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		"""Reads rows, and refuses those with which a document would not be whole."""
		for row in rows:
			_try(row, lambda row: row.values.update({_TOLD: self.read_told(row, context)}))
		rows = [row for row in rows if row.is_open]
		told = [row.values[_TOLD] for row in rows]
		papers = load_papers(sorted(one.name for one in told)) if told else {}
		masters = Masters(context)
		masters.prefetch(told, papers.values())
		for row, one in zip(rows, told, strict=True):
			_try(row, lambda row, one=one: self.check(row, one, papers.get(one.name), masters, context))

	def read_told(self, row: PushedRow, context: PushContext) -> DocumentTold:
		raise NotImplementedError

	def check(self, row, one: DocumentTold, paper, masters: Masters, context: PushContext) -> None:
		prepare(one, paper, masters, context.is_history)
		row.notes += masters.list_notes(one)

	def write(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		done = tell([row.values[_TOLD] for row in rows], Masters(context), context.is_history)
		for row, one in zip(rows, done, strict=True):
			row.finish(codes.CREATED if one.is_new else codes.UPDATED, DOCUMENT, one.name, one.changes)


class DocumentRows(_OfDocuments):
	name, label, rank = "document", "Document", 60

	def list_references(self, row: PushedRow) -> list[Reference]:
		"""Its customer, for which it waits, and the products of its lines, for which it does not. Documents
		that it names may come later, or never."""
		found = []
		customer = row.data.get("customer")
		if isinstance(customer, str | int) and not isinstance(customer, bool) and str(customer).strip():
			found.append(Reference("customer", "customer", str(customer).strip()))
		products = dict.fromkeys(told_documents.list_products(row.data))
		return found + [Reference("items.product", "product", one, is_optional=True) for one in products]

	def read_told(self, row: PushedRow, context: PushContext) -> DocumentTold:
		here = row.known and row.known.is_here
		if row.is_cancelled and not row.data and not here:
			raise WrongTold(
				codes.MISSING_FIELD,
				_("This document was not told yet: say what it is, or leave it out."),
				"data",
			)
		told_before = row.known.told if row.known else None
		return told_documents.read_document(
			context.source.name, row.external_id, row.data, row.is_cancelled, told_before
		)


class BalanceRows(_OfDocuments):
	name, label, rank = "balance", "Balance", 70

	def list_references(self, row: PushedRow) -> list[Reference]:
		return [Reference("id", "document", row.external_id)]

	def read_told(self, row: PushedRow, context: PushContext) -> DocumentTold:
		if row.is_cancelled:
			raise WrongTold(
				codes.BAD_VALUE,
				_("A balance is not cancelled: tell it as null, and it is computed."),
				"cancelled",
			)
		return told_documents.read_balance(context.source.name, row.external_id, row.data)

	def check(self, row, one: DocumentTold, paper, masters: Masters, context: PushContext) -> None:
		if not paper or not paper.is_issued:
			raise WrongTold(
				codes.CONFLICT,
				_("The document is cancelled, and has no balance. Tell the document again first."),
				"id",
			)
		super().check(row, one, paper, masters, context)


def _try(row: PushedRow, read: Any) -> None:
	try:
		read(row)
	except WrongTold as wrong:
		row.refuse(wrong.code, wrong.message, wrong.fieldname, wrong.value)


KINDS = [DocumentRows(), BalanceRows()]
