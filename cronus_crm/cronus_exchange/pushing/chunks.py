"""Does a chunk of rows, in the transaction of the caller: see `row_kinds.py` for what happens to a row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

import frappe
from frappe import _

from cronus_crm.base import history
from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.pushing import codes, external_records, refusals, versions
from cronus_crm.cronus_exchange.pushing.external_records import IN_STEP
from cronus_crm.cronus_exchange.pushing.pushed_rows import KnownRecord, PushedRow, make_key
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext, load_kinds
from cronus_crm.cronus_exchange.pushing.told_now import telling
from cronus_crm.cronus_exchange.running.attempts import attempt
from cronus_crm.cronus_exchange.running.chunk_writer import describe_error


def do_chunk(groups: Sequence[list[PushedRow]], context: PushContext) -> set[str]:
	"""Decides all rows of a chunk, writes them and keeps what was told; gives back the keys of the records
	that were not here before. groups: see `row_order.py`."""
	rows = [row for group in groups for row in group]
	for row in rows:
		row.start_anew()
	_read_known(rows, context)
	here_before = {key for key, known in context.known.items() if known.is_here}
	with _writing(context):
		for group in groups:
			_do_group(group, context)
	external_records.store(rows, context)
	# Hints for people who look at a form.
	frappe.clear_messages()
	return {key for key, known in context.known.items() if known.is_here} - here_before


@contextmanager
def _writing(context: PushContext) -> Iterator[None]:
	with telling(context.source.name), history.entering() if context.is_history else nullcontext():
		yield


def _read_known(rows: Sequence[PushedRow], context: PushContext) -> None:
	source = context.source.name
	keys = {make_key(source, row.kind, row.external_id) for row in rows}
	keys |= {
		make_key(source, reference.kind, reference.external_id)
		for row in rows
		for reference in row.references
	}
	context.known = external_records.read_known(keys)


def _do_group(group: Sequence[PushedRow], context: PushContext) -> None:
	kind = load_kinds()[group[0].kind]
	for row in group:
		row.known = context.known.get(make_key(context.source.name, row.kind, row.external_id))
		_compare_versions(row)
	for row in _list_open(group):
		_wait_for_references(row, context)
	if context.is_history and not history.has_right(kind.import_doctype):
		for row in _list_open(group):
			row.refuse(codes.NOT_PERMITTED, history.describe_right(kind.import_doctype))
	if due := _list_open(group):
		kind.read(due, context)
	due = _list_open(group)
	if due and not _write(due, context):
		for row in due:
			_write([row], context)
	for row in group:
		_remember(row, context)


def _write(rows: Sequence[PushedRow], context: PushContext) -> bool:
	"""Writes rows together; False where that has failed. A row that fails alone is refused."""
	failure = attempt(lambda: load_kinds()[rows[0].kind].write(rows, context), describe_error)
	if not failure:
		return True
	for row in rows:
		row.reopen()
	if len(rows) == 1:
		rows[0].refuse(refusals.find_code(failure.error), failure.reason)
	return False


def _list_open(rows: Sequence[PushedRow]) -> list[PushedRow]:
	return [row for row in rows if row.is_open]


def _compare_versions(row: PushedRow) -> None:
	"""Answers a row that is older than what was told, or says what was told last."""
	known = row.known
	if not known:
		return
	last = known.pending["row"]["version"] if known.pending else known.version
	order = versions.compare(row.version, last) if row.version and last else None
	if order is not None and order < 0:
		row.outcome, row.doctype, row.name = codes.OLDER, known.doctype, known.name
	elif _is_repeated(row, known) and not order:
		row.finish(codes.UNCHANGED, known.doctype, known.name)
		row.differs = known.state == external_records.DIFFERS


def _is_repeated(row: PushedRow, known: KnownRecord) -> bool:
	"""Whether a row says what was told last. Of a record that was asked for again, it is compared with what
	stands here now."""
	return known.is_here and not (known.pending or known.is_asked) and row.row_hash == known.row_hash


def _wait_for_references(row: PushedRow, context: PushContext) -> None:
	for reference in row.references:
		if not reference.is_optional and not context.find(reference.kind, reference.external_id):
			message = _("The {0} {1} has not been told yet, or was refused. The row waits for it.")
			row.wait(reference, message.format(reference.kind, reference.external_id))
			return


def _remember(row: PushedRow, context: PushContext) -> None:
	"""Lets the rows after this one know what it has told."""
	if row.outcome not in codes.ACCEPTED:
		return
	known = row.known or KnownRecord(
		make_key(context.source.name, row.kind, row.external_id), row.kind, row.external_id
	)
	if known.name != row.name:
		known.stored_name = row.name
	known.doctype, known.name = row.doctype, row.name
	known.version, known.row_hash = row.version or known.version, row.row_hash
	known.told, known.state, known.pending = {**known.told, **row.data}, IN_STEP, None
	if row.kept:
		known.kept = kept_values.read_kept(row.kept)
	context.known[known.key] = known
