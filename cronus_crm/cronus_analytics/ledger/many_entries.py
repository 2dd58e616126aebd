"""The entries of many documents, which an ERP has told together: what `entries.py` does for each document
that is issued here, in some queries for all of them.

The documents are those of a batch and all whose values have changed with them, so an entry is written from
what its own document says. What follows from the entries around it (`derived_fields.py`) is asked again for
these entries, for those that they were made from, and for those made from them.
"""

from collections.abc import Callable, Iterable, Sequence

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import getdate, now

from cronus_crm.base.sales_documents import DocumentChange, Key, SalesDocument
from cronus_crm.cronus_analytics.ledger.derived_fields import (
	ENTRY,
	ORIGIN,
	SALES,
	find_first_invoice_dates,
	find_sales,
	is_one_of,
)
from cronus_crm.cronus_analytics.ledger.entries import (
	COPIED_FIELDS,
	COUNTED_FIELDS,
	Change,
	apply_to_totals,
	copied_values,
	make_origin_rows,
	standard_fields,
)

_READ = ("name", "source_doctype", "source_name", *dict.fromkeys((*COPIED_FIELDS, *COUNTED_FIELDS)))
_DATES = ("posting_date", "due_date", "first_invoiced_on")


def on_changes(changes: Sequence[DocumentChange], insert: Callable[[list[Document]], None]) -> None:
	"""Hook `cronus_on_changes`: writes the entries of documents that an ERP has told, and the totals once for
	all."""
	documents = {change.now.key: change.now for change in changes}
	former = {change.now.key: change.before for change in changes if change.before}
	before = _lock_entries(documents)
	entries = {key: dict(entry) for key, entry in before.items()}
	_write_entries(changes, entries)
	_write_origins(documents, former, entries)
	around = _find_around(documents, former)
	known = _lock_entries(around - set(entries))
	before |= {key: dict(entry) for key, entry in known.items()}
	entries |= known
	_write_derived_fields(entries)
	apply_to_totals([Change(before.get(key), entry) for key, entry in entries.items()])


def _lock_entries(keys: Iterable[Key]) -> dict[Key, dict]:
	"""The entries of documents, locked in the order of their names."""
	if not keys:
		return {}
	entry = DocType(ENTRY)
	is_one = is_one_of(entry.source_doctype, entry.source_name, keys)
	query = frappe.qb.from_(entry).select(*_READ).where(is_one).orderby(entry.name).for_update()
	return {(row.source_doctype, row.source_name): _as_read(row) for row in query.run(as_dict=True)}


def _as_read(row: frappe._dict) -> dict:
	return {**row, **{name: getdate(row[name]) if row[name] else None for name in _DATES}}


def _write_entries(changes: Sequence[DocumentChange], entries: dict[Key, dict]) -> None:
	"""Inserts the entries that are not there and updates the others; brings `entries` up to date."""
	new = []
	for change in changes:
		values = copied_values(change.now)
		values["cancelled"] = int(not change.now.issued)
		if not change.now.issued:
			values["balance"] = 0
		stored = entries.get(change.now.key)
		if stored is None:
			doctype, name = change.now.key
			new.append(
				{
					**standard_fields(change.owner),
					"source_doctype": doctype,
					"source_name": name,
					"first_invoiced_on": None,
					# Of most it is known already; `_write_derived_fields` corrects the others.
					"is_sale": int(change.now.kind in SALES and not change.now.origins),
					**values,
				}
			)
			entries[change.now.key] = new[-1]
		else:
			_update_entry(stored, values)
	if new:
		_insert_rows(ENTRY, new)


def _update_entry(entry: dict, values: dict) -> None:
	changed = {name: value for name, value in values.items() if entry[name] != value}
	if not changed:
		return
	table = DocType(ENTRY)
	query = frappe.qb.update(table).where(table.name == entry["name"]).set(table.modified, now())
	query = query.set(table.modified_by, frappe.session.user)
	for name, value in changed.items():
		query = query.set(table[name], value)
	query.run()
	entry.update(changed)


def _write_origins(
	documents: dict[Key, SalesDocument], former: dict[Key, SalesDocument], entries: dict[Key, dict]
) -> None:
	changed = [
		document
		for key, document in documents.items()
		if (document.origins, document.settled)
		!= ((former[key].origins, former[key].settled) if key in former else ((), ()))
	]
	if parents := [entries[one.key]["name"] for one in changed if one.key in former]:
		frappe.db.delete(ORIGIN, {"parent": ("in", parents)})
	rows = [row for one in changed for row in make_origin_rows(entries[one.key]["name"], one)]
	if rows:
		_insert_rows(ORIGIN, rows)


def _insert_rows(doctype: str, rows: list[dict]) -> None:
	# Past the controller, as in `entries.py`.
	columns = list(rows[0])
	frappe.db.bulk_insert(doctype, columns, [[row[column] for column in columns] for row in rows])


def _find_around(documents: dict[Key, SalesDocument], former: dict[Key, SalesDocument]) -> set[Key]:
	"""The documents that these were or are made from, and those made from these."""
	around = {key for one in (*documents.values(), *former.values()) for key in one.origins}
	# What is new has nothing made from it but what is in the batch as well.
	if former:
		entry, origin = DocType(ENTRY), DocType(ORIGIN)
		query = frappe.qb.from_(origin).join(entry).on(entry.name == origin.parent)
		query = query.where(is_one_of(origin.origin_doctype, origin.origin_name, former))
		around |= set(query.select(entry.source_doctype, entry.source_name).run())
	return around - set(documents)


def _write_derived_fields(entries: dict[Key, dict]) -> None:
	"""Asks again which entries are sales, and when they were first invoiced."""
	days, sales = find_first_invoice_dates(entries), find_sales(entries)
	for key, entry in entries.items():
		_update_entry(entry, {"first_invoiced_on": days.get(key), "is_sale": int(key in sales)})
