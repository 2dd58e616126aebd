"""Writes documents that an ERP has told, many together, and all that follows from them, in the transaction of
the caller: what other documents of the ERP take and have left, follow-ups, opportunities, the ledger and the
totals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import frappe

from cronus_crm.base.sales_documents import DocumentChange, SalesDocument, tell_changes
from cronus_crm.cronus_exchange.external_documents import document_events
from cronus_crm.cronus_exchange.external_documents.named_records import Masters
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT, SHOWN, Paper
from cronus_crm.cronus_exchange.external_documents.settlement import settle
from cronus_crm.cronus_exchange.external_documents.stored_papers import (
	Gathered,
	Written,
	gather,
	make_written,
	write_papers,
)
from cronus_crm.cronus_exchange.external_documents.told_documents import DocumentTold, apply_told, make_new
from cronus_crm.visibility import search_index


class Told(NamedTuple):
	"""What a row has done. name: of the document. is_new: it was not here. changes: of one that was, by field
	what it was and what it is."""

	name: str
	is_new: bool
	changes: dict[str, list]


class _Before(NamedTuple):
	document: SalesDocument
	opportunities: frozenset[str]
	written: Written


def prepare(told: DocumentTold, paper: Paper | None, masters: Masters, is_history: bool) -> Paper:
	"""The document as a row makes it, without what follows from others.

	paper: as it is here, which is not changed; None for a new one. Raises WrongTold.
	"""
	values = masters.resolve(told)
	made = (
		replace(paper, parts=[replace(part) for part in paper.parts]) if paper else make_new(told, is_history)
	)
	apply_told(told, made, values, lambda one: masters.complete(one, values))
	made.owner = made.owner or frappe.session.user
	return made


def tell(rows: Sequence[DocumentTold], masters: Masters, is_history: bool) -> list[Told]:
	"""Writes documents, in the transaction of the caller, and gives back what each row has done.

	rows: each of another document. is_history: they are of the past, of which nobody hears; the caller has
	asked for the right. Raises WrongTold: each was found to be whole before.
	"""
	named = {one.name: [other.key for other in one.named or ()] for one in rows}
	around = gather(named, named)
	masters.prefetch(rows, [around.papers[name] for name in named if name in around.papers])
	before = {name: _keep(paper, around) for name, paper in around.papers.items()}
	for one in rows:
		around.papers[one.name] = prepare(one, around.papers.get(one.name), masters, is_history)
	settle(around.papers, around.complete, around.targets)
	changed = {name: around.papers[name] for name in sorted(around.complete | around.targets)}
	items = {one.name: masters.resolve_items(one) for one in rows if one.items is not None}
	formerly = {name: one.written for name, one in before.items()}
	written = {name: make_written(paper) for name, paper in changed.items()}
	write_papers(changed, written, formerly, items, told=set(named))
	changes = _list_changes(changed, before, around, is_history)
	tell_changes(changes, partial(document_events.insert, is_history=is_history))
	if not is_history:
		document_events.run_events(changed, written, changes)
	search_index.index_records(DOCUMENT, sorted(named))
	return [_describe(one.name, written[one.name], formerly.get(one.name)) for one in rows]


def _keep(paper: Paper, around: Gathered) -> _Before:
	return _Before(paper.to_sales_document(), _list_opportunities(paper, around.papers), make_written(paper))


def _list_opportunities(paper: Paper, papers: Mapping[str, Paper]) -> frozenset[str]:
	"""The opportunities of the origins of a document."""
	found = (papers[key].opportunity for key in paper.taken if key in papers)
	return frozenset(opportunity for opportunity in found if opportunity)


def _list_changes(
	changed: Mapping[str, Paper], before: Mapping[str, _Before], around: Gathered, is_history: bool
) -> list[DocumentChange]:
	"""The documents that mean something else to others now."""
	changes = []
	for name, paper in changed.items():
		former = before.get(name)
		document, opportunities = paper.to_sales_document(), _list_opportunities(paper, around.papers)
		if former and (former.document, former.opportunities) == (document, opportunities):
			continue
		changes.append(
			DocumentChange(
				before=former.document if former else None,
				now=document,
				owner=paper.owner,
				is_history=is_history,
				opportunities_before=former.opportunities if former else frozenset(),
				opportunities_now=opportunities,
			)
		)
	return changes


def _describe(name: str, written: Written, former: Written | None) -> Told:
	if not former:
		return Told(name, True, {})
	columns = written.columns
	changes = {
		name: [former.columns[name], columns[name]] for name in SHOWN if former.columns[name] != columns[name]
	}
	return Told(name, False, changes)
