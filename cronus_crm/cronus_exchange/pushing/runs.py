"""The log of runs: a Cronus Exchange Run for each batch, which is its checkpoint and, in the end, its
answer."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import add_days, add_to_date, cint, now, now_datetime

from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.running.part_records import write_json

RUN = "Cronus Exchange Run"
REQUEST, FILE, WAITED = "Request", "File", "Waiting rows"

# Runs that are deleted in one statement.
_DELETED_AT_ONCE = 500


class BatchKeyReused(frappe.ValidationError):
	http_status_code = 422


class TooManyRows(frappe.ValidationError):
	"""More rows in an hour than the source may tell."""

	http_status_code = 429
	# Seconds, for the header Retry-After.
	retry_after = 600


@dataclass
class Run:
	"""name: of the Cronus Exchange Run. results: what became of each row so far, as in the answer, by its
	number. waited: of rows that were told earlier and went in now. is_done: nothing is left to do."""

	name: str
	batch: str
	total: int
	results: dict[int, dict] = field(default_factory=dict)
	waited: list[dict] = field(default_factory=list)
	is_done: bool = False

	def count(self) -> Counter:
		return Counter(result["outcome"] for result in self.results.values())

	def write_answer(self, repeated: bool = False) -> dict:
		"""The answer to the request."""
		counts = self.count()
		answer = {
			"batch": self.batch,
			"run": self.name,
			"counts": {outcome: counts[outcome] for outcome in codes.OUTCOMES},
			"results": [self.results[number] for number in sorted(self.results)],
		}
		if self.waited:
			answer["waited"] = self.waited
		if repeated:
			answer["repeated"] = True
		return answer


def make_name(source: str, batch: str) -> str:
	return sha256(f"{source}\n{batch}".encode()).hexdigest()[:32]


def begin(source: frappe._dict, batch: str, body_hash: str, total: int, is_history: bool, origin: str) -> Run:
	"""The run of a batch: a new one, which is committed, or that of the same batch, as far as it has come.
	The caller holds the lock of the source.

	Raises BatchKeyReused where the key was that of other rows, TooManyRows.
	"""
	name = make_name(source.name, batch)
	stored = frappe.db.get_value(RUN, name, ["state", "body_hash", "answer"], as_dict=True)
	if stored:
		if stored.body_hash != body_hash:
			frappe.throw(
				_("The batch {0} was sent before with other rows. Give each batch a key of its own.").format(
					frappe.bold(frappe.utils.escape_html(batch))
				),
				BatchKeyReused,
			)
		return _read(name, batch, total, stored)
	_limit_rate(source, total)
	user, moment = frappe.session.user, now()
	values = {
		"name": name,
		"source": source.name,
		"batch": batch,
		"state": "Running",
		"user": user,
		"origin": origin,
		"is_history": cint(is_history),
		"began_on": moment,
		"rows_total": total,
		"body_hash": body_hash,
	}
	standard = {"owner": user, "modified_by": user, "creation": moment, "modified": moment}
	frappe.db.bulk_insert(RUN, [*values, *standard], [[*values.values(), *standard.values()]])
	frappe.db.commit()
	return Run(name, batch, total)


def _read(name: str, batch: str, total: int, stored: frappe._dict) -> Run:
	kept = json.loads(stored.answer or "{}")
	results = {result["row"]: result for result in kept.get("results", ())}
	return Run(name, batch, total, results, kept.get("waited", []), stored.state == "Done")


def _limit_rate(source: frappe._dict, total: int) -> None:
	if not source.rows_per_hour:
		return
	table = DocType(RUN)
	query = frappe.qb.from_(table).select(Sum(table.rows_total))
	query = query.where(
		(table.source == source.name) & (table.began_on > add_to_date(now_datetime(), hours=-1))
	)
	told = cint(query.run()[0][0])
	if told + total > source.rows_per_hour:
		frappe.throw(
			_(
				"{0} may tell {1} rows an hour, and has told {2}. Send the batch again later, or have an "
				"administrator raise the limit."
			).format(frappe.bold(source.name), source.rows_per_hour, told),
			TooManyRows,
		)


def checkpoint(run: Run, rows: Sequence[PushedRow], waited: Sequence[PushedRow] = ()) -> None:
	"""Keeps what became of rows, in the transaction that has written them. waited: rows that were told
	earlier; the run counts them, too."""
	run.results.update({row.number: write_result(row) for row in rows})
	run.waited += [write_result(row) for row in waited if row.outcome != codes.WAITING]
	counts = run.count()
	counts.update(result["outcome"] for result in run.waited)
	answer = {"results": list(run.results.values()), "waited": run.waited}
	values = {f"rows_{outcome}": counts[outcome] for outcome in codes.OUTCOMES}
	values |= {"rows_done": len(run.results), "answer": write_json(answer)}
	frappe.db.set_value(RUN, run.name, values, update_modified=False)


def end(run: Run, source: str) -> None:
	"""The batch is done, and the source has spoken."""
	moment = now()
	frappe.db.set_value(RUN, run.name, {"state": "Done", "ended_on": moment}, update_modified=False)
	frappe.db.set_value("Cronus Source", source, "last_told_on", moment, update_modified=False)
	run.is_done = True


def write_result(row: PushedRow) -> dict:
	"""What became of a row, as the answer says it."""
	result = {"row": row.number, "kind": row.kind, "id": row.external_id, "outcome": row.outcome}
	more = {
		"name": row.name,
		"code": row.code,
		"field": row.fieldname,
		"value": row.value,
		"message": row.message,
		"changes": row.changes,
		"notes": row.notes,
	}
	if row.number < 1:
		del result["row"]
	return result | {name: value for name, value in more.items() if value}


def delete_old() -> None:
	"""Scheduled: deletes the runs that each source has kept long enough. It commits after each batch."""
	for source, days in frappe.get_all(
		"Cronus Source", fields=["name", "keep_runs_days"], as_list=True, order_by="name asc"
	):
		filters = {"source": source, "began_on": ("<", add_days(now_datetime(), -cint(days)))}
		while names := frappe.get_all(
			RUN, filters, pluck="name", order_by="began_on asc", limit=_DELETED_AT_ONCE
		):
			frappe.db.delete(RUN, {"name": ("in", names)})
			frappe.db.commit()
