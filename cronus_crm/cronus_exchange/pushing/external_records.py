"""What a source has told of each record, read and written for many rows at once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import now
from pypika.terms import Values

from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.merging.customer_merges import follow_merges
from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.pushed_rows import KnownRecord, PushedRow, make_key
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext, load_kinds
from cronus_crm.cronus_exchange.running.part_records import write_json

RECORD = "Cronus External Record"

IN_STEP, WAITING, REFUSED, DIFFERS = "In Step", "Waiting", "Refused", "Differs"

_MAX_REASON = 1000

# Records that are changed in one statement.
STORED_AT_ONCE = 1000

_READ = (
	"name",
	"kind",
	"external_id",
	"record_doctype",
	"record_name",
	"version",
	"row_hash",
	"told",
	"state",
	"pending",
	"waits_since",
	"asked_on",
	*kept_values.COLUMNS,
)
# What a row that was told may change. Of one that is refused or waits, the record here stays as it was
# accepted last.
_WRITTEN = (
	"record_doctype",
	"record_name",
	"version",
	"row_hash",
	"told",
	"told_on",
	"state",
	"code",
	"reason",
	"waits_for",
	"waits_for_key",
	"waits_since",
	"pending",
	"run",
	# What is told is not asked for any more.
	"asked_on",
)


def read_known(keys: Iterable[str]) -> dict[str, KnownRecord]:
	"""What was told before of records, by key (see `make_key`). A record that was deleted here is not here
	any more; a merged customer is the one that stayed."""
	keys = sorted(set(keys))
	if not keys:
		return {}
	table = DocType(RECORD)
	query = frappe.qb.from_(table).select(*(table[column] for column in _READ))
	rows = query.where(table.name.isin(keys)).run(as_dict=True)
	labels = {kind.label: name for name, kind in load_kinds().items()}
	here = _find_present(rows)
	return {
		row.name: _build_known(row, labels.get(row.kind, ""), here.get((row.record_doctype, row.record_name)))
		for row in rows
	}


def _build_known(row: frappe._dict, kind: str, name: str | None) -> KnownRecord:
	return KnownRecord(
		key=row.name,
		kind=kind,
		external_id=row.external_id,
		doctype=row.record_doctype if name else None,
		name=name,
		version=row.version,
		row_hash=row.row_hash,
		told=json.loads(row.told or "{}"),
		state=row.state or "",
		pending=json.loads(row.pending) if row.pending else None,
		waits_since=row.waits_since,
		stored_name=row.record_name,
		kept=kept_values.read_kept(row),
		is_asked=bool(row.asked_on),
	)


def _find_present(rows: Sequence[frappe._dict]) -> dict[tuple[str, str], str]:
	"""The records that are still here, by DocType and name: their names, or that of the customer into which
	one was merged."""
	wanted = defaultdict(set)
	for row in rows:
		if row.record_doctype and row.record_name:
			wanted[row.record_doctype].add(row.record_name)
	found = {}
	for doctype, names in wanted.items():
		table = DocType(doctype)
		query = frappe.qb.from_(table).select(table.name).where(table.name.isin(sorted(names)))
		merges = frappe.get_meta(doctype).has_field("merged_into")
		if merges:
			query = query.select(table.merged_into)
		for name, *into in query.run():
			found[doctype, name] = follow_merges(name) if merges and into[0] else name
	return found


def find_claims(doctype: str, names: Iterable[str]) -> dict[str, set[str]]:
	"""The sources that tell records: names of the sources by name of the record."""
	names, claims = sorted(set(names)), defaultdict(set)
	if names:
		table = DocType(RECORD)
		query = frappe.qb.from_(table).select(table.record_name, table.source)
		query = query.where((table.record_doctype == doctype) & table.record_name.isin(names))
		for name, source in query.run():
			claims[name].add(source)
	return claims


def find_told_names(doctype: str, names: Iterable[str], source: str) -> set[str]:
	"""Those of the records that a source tells."""
	return {name for name, sources in find_claims(doctype, names).items() if source in sources}


def store(rows: Sequence[PushedRow], context: PushContext) -> None:
	"""Keeps what has become of rows: all in one statement. What is older changes nothing; of a record that
	was told twice, the last row counts."""
	source = context.source.name
	latest = {
		make_key(source, row.kind, row.external_id): row
		for row in rows
		if row.outcome and row.outcome != codes.OLDER and row.kind in load_kinds()
	}
	if not latest:
		return
	table, user, moment = DocType(RECORD), frappe.session.user, now()
	standard = ("name", "owner", "modified_by", "creation", "modified", "source", "kind", "external_id")
	query = frappe.qb.into(table).columns(*standard, *_WRITTEN, *kept_values.COLUMNS)
	for key, row in sorted(latest.items()):
		values = _build_values(row, context, moment)
		query = query.insert(
			*(key, user, user, moment, moment, source, load_kinds()[row.kind].label, row.external_id),
			*(values[column] for column in _WRITTEN),
			*(row.kept.get(column) for column in kept_values.COLUMNS),
		)
	for column in ("modified", "modified_by", *_WRITTEN):
		query = query.on_duplicate_key_update(table[column], Values(table[column]))
	for column in kept_values.COLUMNS:
		# A row that nothing was written of leaves them alone: somebody may be deciding about them now.
		query = query.on_duplicate_key_update(table[column], Coalesce(Values(table[column]), table[column]))
	query.run()


def _build_values(row: PushedRow, context: PushContext, moment: str) -> dict:
	known = row.known
	values = dict.fromkeys(_WRITTEN)
	if known:
		values |= {
			"record_doctype": known.doctype,
			"record_name": known.stored_name if known.is_here else None,
			"version": known.version,
			"row_hash": known.row_hash,
			"told": write_json(known.told),
		}
	values |= {"told_on": moment, "run": context.run}
	if row.outcome in codes.ACCEPTED:
		return values | {
			"record_doctype": row.doctype,
			# A merged customer goes on leading to the one that stayed, until the merge is undone.
			"record_name": known.stored_name if known and known.name == row.name else row.name,
			"version": row.version or (known.version if known else None),
			"row_hash": row.row_hash,
			"told": write_json({**(known.told if known else {}), **row.data}),
			"state": DIFFERS if row.differs else IN_STEP,
		}
	values |= {"code": row.code, "reason": (row.message or "")[:_MAX_REASON]}
	if row.outcome == codes.REFUSED:
		return values | {"state": REFUSED}
	awaited = row.awaited
	return values | {
		"state": WAITING,
		"waits_for": f"{awaited.kind} {awaited.external_id}",
		"waits_for_key": make_key(context.source.name, awaited.kind, awaited.external_id),
		"waits_since": (known.waits_since if known else None) or moment,
		"pending": write_json(_write_pending(row, context.is_history)),
	}


def _write_pending(row: PushedRow, is_history: bool) -> dict:
	"""What is kept of a row that waits; `waiting_rows.py` reads it."""
	told = {"version": row.version, "data": row.data, "cancelled": row.is_cancelled}
	return {"row": told, "is_history": is_history}
