"""What the page *Sources* shows: the state of each source, its last runs, and what waits or was refused."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count

from cronus_crm.cronus_exchange.fetching import fetch_tasks
from cronus_crm.cronus_exchange.watching.silence import SOURCE, find_silence, is_watched

EXTERNAL, RUN = "Cronus External Record", "Cronus Exchange Run"
PAGE_LENGTH = 50
SHOWN_RUNS = 10

# The rows of these states are listed on the page.
WAITING, REFUSED = "Waiting", "Refused"

_RUN_FIELDS = (
	"name",
	"batch",
	"user",
	"origin",
	"is_history",
	"state",
	"began_on",
	"ended_on",
	"message",
	"rows_total",
	"rows_done",
	"rows_created",
	"rows_updated",
	"rows_unchanged",
	"rows_older",
	"rows_refused",
	"rows_waiting",
)


def list_sources() -> list[dict]:
	"""The sources by their names: `name`, `enabled`, `user`, `last_told_on`, `silent_after_hours`,
	`silent_since` (now, whether or not it was told), `counts` of records by state (“In Step”, “Differs”,
	“Waiting”, “Refused”), `asked`, `has_files`, and `files_error`: why its files cannot be fetched."""
	rows = frappe.get_all(
		SOURCE,
		fields=[
			"name",
			"creation",
			"enabled",
			"user",
			"last_told_on",
			"silent_after_hours",
			"silent_since",
			"watched_from",
			"file_place",
			"files_error",
		],
		order_by="name asc",
	)
	counts, asked = _count_states(), _count_asked()
	return [
		{
			"name": row.name,
			"enabled": row.enabled,
			"user": row.user,
			"last_told_on": row.last_told_on,
			"silent_after_hours": row.silent_after_hours,
			"is_watched": is_watched(row),
			"silent_since": find_silence(row, frappe.utils.now_datetime()),
			"counts": counts[row.name],
			"asked": asked.get(row.name, 0),
			"has_files": bool(row.file_place),
			"files_error": row.files_error,
		}
		for row in rows
	]


def _count_states() -> dict[str, dict[str, int]]:
	told = DocType(EXTERNAL)
	rows = (
		frappe.qb.from_(told)
		.select(told.source, told.state, Count("*"))
		.groupby(told.source, told.state)
		.orderby(told.source)
		.run()
	)
	counts: dict[str, dict[str, int]] = defaultdict(dict)
	for source, state, number in rows:
		counts[source][state] = number
	return counts


def _count_asked() -> dict[str, int]:
	told = DocType(EXTERNAL)
	return dict(
		frappe.qb.from_(told)
		.select(told.source, Count("*"))
		.where(told.asked_on.isnotnull())
		.groupby(told.source)
		.orderby(told.source)
		.run()
	)


def list_runs(source: str) -> list[dict]:
	"""The last runs of a source, the newest first; see Cronus Exchange Run."""
	return frappe.get_all(
		RUN,
		filters={"source": source},
		fields=_RUN_FIELDS,
		order_by="began_on desc, creation desc",
		limit=SHOWN_RUNS,
	)


def list_rows(source: str, state: str, after: str = "", limit: int = PAGE_LENGTH) -> dict:
	"""Rows of a source that wait or were refused: `rows` and `next`, as in `drift.list_drift`. Each row has
	`name`, `kind`, `external_id`, `record_doctype`, `record_name`, `code`, `reason`, `waits_for`,
	`waits_since`, `told_on`, `asked_on`.

	Raises frappe.ValidationError for another state.
	"""
	if state not in (WAITING, REFUSED):
		frappe.throw(_("Choose one of: {0}").format(f"{WAITING}, {REFUSED}"))
	rows = frappe.get_all(
		EXTERNAL,
		filters={"source": source, "state": state, "name": (">", after)},
		fields=[
			"name",
			"kind",
			"external_id",
			"record_doctype",
			"record_name",
			"code",
			"reason",
			"waits_for",
			"waits_since",
			"told_on",
			"asked_on",
		],
		order_by="name asc",
		limit=limit,
	)
	return {"rows": rows, "next": rows[-1].name if len(rows) == limit else None}


def fetch_files(source: str) -> None:
	"""Has the files of a source fetched now, in the background.

	Raises frappe.DoesNotExistError without such a source, frappe.ValidationError for one that is off or has
	no place for files, and where no worker takes jobs.
	"""
	doc = frappe.get_doc(SOURCE, source)
	if not (doc.enabled and doc.file_place and doc.user):
		frappe.throw(
			_("{0} fetches no files: it is switched off, or has no place for files or no user.").format(
				frappe.bold(doc.name)
			)
		)
	if not fetch_tasks.start_fetching(doc.name):
		frappe.throw(_("No worker takes jobs now. Try again in a few minutes."))


def switch_source(source: str, is_on: bool) -> None:
	"""Switches a source on or off; off, nothing of it is accepted, and its fields can be changed here.

	Raises frappe.DoesNotExistError without such a source.
	"""
	doc = frappe.get_doc(SOURCE, source, for_update=True)
	doc.check_permission("write")
	if bool(doc.enabled) != is_on:
		doc.enabled = int(is_on)
		doc.save()
