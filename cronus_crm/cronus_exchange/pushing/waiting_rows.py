"""Rows that wait for what they refer to: told again by us as soon as it is here, and given up after some
days."""

import json
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import add_days, cint, now_datetime

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.framework_state import act_as_user
from cronus_crm.cronus_exchange.pushing import batch_reading, codes, external_records, sources
from cronus_crm.cronus_exchange.pushing.external_records import RECORD, REFUSED, WAITING
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import load_kinds
from cronus_crm.cronus_exchange.pushing.row_order import CHUNK_ROWS

_COLUMNS = ("name", "kind", "external_id", "pending", "modified_by")


def find_waiting(keys: Sequence[str], limit: int = CHUNK_ROWS) -> list[frappe._dict]:
	"""Rows that wait for one of these records, the first told first."""
	if not keys:
		return []
	table = DocType(RECORD)
	query = frappe.qb.from_(table).select(*(table[column] for column in _COLUMNS))
	query = query.where(table.waits_for_key.isin(sorted(keys)) & (table.state == WAITING))
	return query.orderby(table.waits_since).orderby(table.name).limit(limit).run(as_dict=True)


def build_rows(records: Sequence[frappe._dict]) -> dict[bool, list[PushedRow]]:
	"""The rows as they were told: by whether they tell the past."""
	kinds = {kind.label: name for name, kind in load_kinds().items()}
	found: dict[bool, list[PushedRow]] = {}
	for place, record in enumerate(records):
		pending = json.loads(record.pending)
		told = {**pending["row"], "kind": kinds[record.kind], "id": record.external_id}
		found.setdefault(pending["is_history"], []).append(batch_reading.read_row(told, -place))
	return found


def take_up() -> None:
	"""Scheduled: rows whose wait is over, because a worker was killed before it came to them, or because a
	record came in another way; and those that have waited too long. It commits."""
	for source in frappe.get_all(sources.SOURCE, {"enabled": 1}, pluck="name", order_by="name asc"):
		# What one source fails with, as where its user may not tell any more, keeps no other from its turn.
		run_in_own_transaction(_take_up_all, source)
		run_in_own_transaction(give_up, source)


def _take_up_all(source: str) -> None:
	try:
		while _take_up_some(source):
			pass
	except sources.SourceBusy:
		# The batch that is being done takes them up, or the next time does.
		pass


def _take_up_some(source: str) -> bool:
	"""Does some rows of a source whose wait is over; False where there is none."""
	from cronus_crm.cronus_exchange.pushing.push import push_waiting

	waiting, awaited = DocType(RECORD), DocType(RECORD).as_("awaited")
	users = (
		frappe.qb.from_(waiting)
		.join(awaited)
		.on(awaited.name == waiting.waits_for_key)
		.select(waiting.modified_by, waiting.waits_for_key)
		.where((waiting.source == source) & (waiting.state == WAITING))
		.where(awaited.record_name.isnotnull() & (awaited.record_name != ""))
		.orderby(waiting.waits_since)
		.limit(CHUNK_ROWS)
		.run()
	)
	known = external_records.read_known(key for _teller, key in users)
	here = [(teller, key) for teller, key in users if key in known and known[key].is_here]
	if not here:
		return False
	user = here[0][0]
	with act_as_user(user):
		return push_waiting(source, {key for teller, key in here if teller == user})


def give_up(source: str) -> int:
	"""Refuses the rows that have waited longer than the source wants; gives back how many."""
	days = cint(frappe.db.get_value(sources.SOURCE, source, "wait_days"))
	table = DocType(RECORD)
	late = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.source == source) & (table.state == WAITING))
		.where(table.waits_since < add_days(now_datetime(), -days))
		.orderby(table.name)
		.limit(external_records.STORED_AT_ONCE)
		.run(pluck=True)
	)
	if late:
		reason = _("What it refers to was not told within {0} days. Tell the row again after it.").format(
			days
		)
		values = {"state": REFUSED, "code": codes.WAITS_FOR, "reason": reason}
		values |= {"pending": None, "waits_for": None, "waits_for_key": None, "waits_since": None}
		frappe.db.set_value(RECORD, {"name": ("in", late)}, values, update_modified=False)
		frappe.db.commit()
	return len(late)
