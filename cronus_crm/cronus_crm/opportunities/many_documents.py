"""What many documents, which an ERP has told together, do to opportunities: what `opportunity_progress.py`
does for each document that is issued here, and what follows from corrections."""

from collections.abc import Callable, Sequence

from frappe.model.document import Document

from cronus_crm.base.sales_documents import INVOICE, DocumentChange, Key, SalesDocument
from cronus_crm.cronus_crm.opportunities.opportunity_progress import (
	add_to_value,
	take_back_wins,
	win_opportunities,
)


def on_changes(changes: Sequence[DocumentChange], insert: Callable[[list[Document]], None]) -> None:
	"""Hook `cronus_on_changes`: opportunities get the value of their documents, invoices win them, and both
	are taken back where the ERP takes back what it has told."""
	concerned = [change for change in changes if _concerns(change)]
	for change in concerned:
		_move_value(change)
	gone: set[Key] = {change.now.key for change in concerned if not _wins(change.now)}
	for change in concerned:
		if change.before and (lost := _won_before(change) - _won_now(change)):
			take_back_wins(change.before, gone | {change.now.key}, kept=_won_before(change) - lost)
	for change in concerned:
		if _won_now(change) - _won_before(change):
			win_opportunities(_won_now(change), change.now)


def _concerns(change: DocumentChange) -> bool:
	opportunities = (change.now.opportunity, change.before and change.before.opportunity)
	return any(opportunities) or bool(change.opportunities_before or change.opportunities_now)


def _move_value(change: DocumentChange) -> None:
	"""What was made from a document of the same opportunity is in its value already."""
	before = _value_of(change.before, change.opportunities_before)
	now = _value_of(change.now, change.opportunities_now)
	if before == now:
		return
	for sign, (opportunity, amount) in ((-1, before), (1, now)):
		if opportunity:
			add_to_value(opportunity, sign * amount)


def _value_of(document: SalesDocument | None, behind: frozenset[str]) -> tuple[str | None, float]:
	if not document or not document.issued or not document.opportunity or document.opportunity in behind:
		return None, 0
	return document.opportunity, document.amount


def _wins(document: SalesDocument | None) -> bool:
	return bool(document and document.issued and document.kind == INVOICE)


def _won_before(change: DocumentChange) -> set[str]:
	return _list_won(change.before, change.opportunities_before)


def _won_now(change: DocumentChange) -> set[str]:
	return _list_won(change.now, change.opportunities_now)


def _list_won(document: SalesDocument | None, behind: frozenset[str]) -> set[str]:
	if not _wins(document):
		return set()
	return {*behind, *([document.opportunity] if document.opportunity else [])}
