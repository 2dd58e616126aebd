"""What the framework and other apps do when documents change: they hear of a document that an ERP has told
as of one that was issued here, unless it is of the past.

The documents are written together, past their controller. So the events of each are run afterwards, with the
document as it is stored; what `tell_changes` has done for all of them is not done again.
"""

from collections.abc import Mapping, Sequence

import frappe
from frappe.model.document import Document

from cronus_crm.base.sales_documents import TOLD_TOGETHER, DocumentChange
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT, Paper
from cronus_crm.cronus_exchange.external_documents.stored_papers import Written
from cronus_crm.cronus_exchange.running.batch_insert import insert_together
from cronus_crm.cronus_exchange.running.quiet_events import has_automations
from cronus_crm.visibility import search_index

_ON_ISSUE = ("on_update", "on_submit", "on_change")
_ON_CANCEL = ("on_cancel", "on_change")
_ON_CHANGE = ("on_update_after_submit", "on_change")


def insert(docs: list[Document], is_history: bool) -> None:
	"""Inserts what follows documents: together, unless the site does something of its own with each."""
	if is_history or not has_automations(docs[0].doctype):
		insert_together(docs)
		return
	for doc in docs:
		doc.insert()


def run_events(
	papers: Mapping[str, Paper], written: Mapping[str, Written], changes: Sequence[DocumentChange]
) -> None:
	"""Runs the events of documents that were written: notifications, webhooks, scripts, other apps' hooks."""
	for change in changes:
		doc = _build_document(papers[change.now.name], written[change.now.name])
		for event in _list_events(change):
			doc.run_method(event)


def _list_events(change: DocumentChange) -> tuple[str, ...]:
	if change.now.issued and not change.was_issued:
		return _ON_ISSUE if change.before else ("after_insert", *_ON_ISSUE)
	if change.was_issued and not change.now.issued:
		return _ON_CANCEL
	return _ON_CHANGE if change.before else ("after_insert", "on_change")


def _build_document(paper: Paper, written: Written) -> Document:
	doc = frappe.get_doc(
		{
			"doctype": DOCUMENT,
			"name": paper.name,
			"owner": paper.owner,
			**written.columns,
			"origins": written.origins,
			"instalments": written.parts,
		}
	)
	doc.flags[TOLD_TOGETHER] = doc.flags[search_index.INDEXED_FLAG] = True
	return doc
