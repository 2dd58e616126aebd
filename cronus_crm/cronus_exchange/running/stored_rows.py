"""Keeps the outcome of each row and the journal of each record, many in one statement.

The names of both are made of the import and the line, so that nothing can be kept twice.
"""

from collections.abc import Sequence

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import now
from pypika.terms import Function, Values

from cronus_crm.cronus_exchange.comparing.cell_readers import write_cells
from cronus_crm.cronus_exchange.comparing.earlier_rows import ROW
from cronus_crm.cronus_exchange.comparing.row_plans import KEPT_KEYS, LEFT_OUT, REFUSED, WRONG, RowPlan
from cronus_crm.cronus_exchange.running.part_records import Entry, write_json

JOURNAL = "Cronus Import Journal"

_STANDARD = ("name", "owner", "modified_by", "creation", "modified", "customer_import", "line")
_ROW_COLUMNS = (
	"outcome",
	"title",
	"reason",
	"notes",
	"record_doctype",
	"record_name",
	"changes",
	"cells",
	*KEPT_KEYS,
	"whole_key",
)
_ENTRY_COLUMNS = ("action", "record_doctype", "record_name", "before", "after")

# Rows that are deleted in one statement.
DELETED_AT_ONCE = 5000

# Longest text of reasons and notes that is kept of a row.
_MAX_TEXT = 2000


def store_rows(customer_import: str, plans: Sequence[RowPlan]) -> None:
	"""Stores the outcomes of rows; of rows that are stored already it changes them."""
	if not plans:
		return
	table = DocType(ROW)
	query = frappe.qb.into(table).columns(*_STANDARD, *_ROW_COLUMNS)
	for plan in plans:
		root = plan.root
		query = query.insert(
			*_make_standard(customer_import, f"{customer_import}-{plan.line:08d}", plan.line),
			plan.outcome,
			plan.title,
			_join(plan.reasons),
			_join(plan.notes),
			root.part.doctype if root else None,
			root.name if root else None,
			write_json(plan.list_changes()),
			write_json(write_cells(plan.read.row)),
			*_list_keys(plan),
		)
	for column in ("modified", *_ROW_COLUMNS):
		query = query.on_duplicate_key_update(table[column], Values(table[column]))
	query.run()


def _list_keys(plan: RowPlan) -> tuple[str | None, ...]:
	"""The keys by which later rows find a row: none of one that decides nothing about them."""
	if plan.outcome in (WRONG, LEFT_OUT, REFUSED) or not plan.keys:
		return (None,) * (len(KEPT_KEYS) + 1)
	return (*plan.keys, plan.whole_key)


def _join(texts: Sequence[str]) -> str | None:
	return "; ".join(dict.fromkeys(texts))[:_MAX_TEXT] or None


def _make_standard(customer_import: str, name: str, line: int) -> tuple:
	user, moment = frappe.session.user, now()
	return name, user, user, moment, moment, customer_import, line


def store_entries(customer_import: str, entries: Sequence[Entry]) -> None:
	"""Adds records to the journal. The last part of a name is the place among those of its chunk, so that
	a record comes after the one that it belongs to."""
	rows = [
		(
			*_make_standard(customer_import, f"{customer_import}-{entry.line:08d}-{place:04d}", entry.line),
			entry.action,
			entry.doctype,
			entry.name,
			write_json(entry.before),
			write_json(entry.after),
		)
		for place, entry in enumerate(entries)
	]
	if rows:
		frappe.db.bulk_insert(JOURNAL, [*_STANDARD, *_ENTRY_COLUMNS], rows, chunk_size=500)


def read_outcomes(customer_import: str, first: int, last: int) -> dict[int, tuple[str, str | None]]:
	"""Outcome and decision of the rows of these lines, by line."""
	table = DocType(ROW)
	rows = (
		frappe.qb.from_(table)
		.select(table.line, table.outcome, table.decision)
		.where(table.name[f"{customer_import}-{first:08d}" : f"{customer_import}-{last:08d}"])
		.run()
	)
	return {line: (outcome, decision) for line, outcome, decision in rows}


def count_given_records(customer_import: str) -> list[tuple[str | None, str | None, int, str]]:
	"""The records that went from one seller to another: both sellers, how many, and their DocType."""
	journal = DocType(JOURNAL)
	former, new = (Function("JSON_VALUE", column, "$.seller") for column in (journal.before, journal.after))
	rows = (
		frappe.qb.from_(journal)
		.select(former.as_("former"), new.as_("new"), Count("*"), journal.record_doctype)
		.where((journal.customer_import == customer_import) & (journal.action == "Updated"))
		.where(Function("JSON_EXISTS", journal.after, "$.seller") == 1)
		.groupby(former, new, journal.record_doctype)
		.orderby(former)
		.run()
	)
	return [(former or None, new or None, number, doctype) for former, new, number, doctype in rows]


def delete_batch(customer_import: str, doctype: str = ROW) -> int:
	"""Deletes some of what is kept of an import; gives back how many, 0 when nothing is left. A million in
	one statement would hold locks for minutes."""
	table = DocType(doctype)
	names = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.customer_import == customer_import)
		.limit(DELETED_AT_ONCE)
		.run(pluck=True)
	)
	if names:
		frappe.db.delete(doctype, {"name": ("in", names)})
	return len(names)


def delete_left_behind() -> None:
	"""Scheduled, and once an import with many rows was deleted: deletes what is kept of imports that are not
	there any more. It commits after each batch."""
	for doctype in (ROW, JOURNAL):
		table = DocType(doctype)
		for name in frappe.qb.from_(table).select(table.customer_import).distinct().run(pluck=True):
			if not frappe.db.exists("Cronus Customer Import", name):
				while delete_batch(name, doctype):
					frappe.db.commit()
