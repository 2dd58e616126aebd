"""Inserts many documents of one DocType together.

Every step of `Document.insert` is taken for each document, in its order, so that every rule of a single
insert holds: defaults, permissions, links, the controller's and the hooks' checks, mandatory fields, types,
lengths. What many have in common is done once for all: the numbers of a naming series are reserved in one
statement, rows are written in one statement for each table, and lists in the desk are told once. What the
framework does for people who look on (notices, webhooks, assignments, scripts after the save) is left out,
see `quiet_events.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import frappe
from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, parse_naming_series, set_new_name
from frappe.utils.global_search import update_global_search

from cronus_crm.base.framework_state import begin_insert, end_insert, mark_inserting, set_reserved_name
from cronus_crm.base.name_counters import ensure_counter
from cronus_crm.cronus_exchange.pulling import change_log
from cronus_crm.cronus_exchange.running.batch_checks import mark_unique, resolve_links
from cronus_crm.cronus_exchange.running.quiet_events import make_quiet
from cronus_crm.visibility import search_index
from cronus_crm.visibility.document_checks import check_values

# Rows of a table in one statement.
_ROWS = 500


def insert_together(docs: Sequence[Document], unique: Sequence[Sequence[str]] = ()) -> None:
	"""Inserts new documents of one DocType, for the session's user, with all checks of a single insert.

	unique: groups of fields whose values no two documents have in common, which the controller would ask for
	each of them.

	Raises what the insert of one of them raises; the caller then rolls back to before the first.
	"""
	for doc in docs:
		make_quiet(doc)
		_set_defaults(doc)
	resolve_links(docs)
	mark_unique(docs, unique)
	for doc in docs:
		_prepare(doc)
	_give_names(docs)
	for doc in docs:
		_validate(doc)
	_write_rows(docs)
	_index(docs)
	for doc in docs:
		_finish(doc)
	_tell_lists(docs)


def _set_defaults(doc: Document) -> None:
	begin_insert(doc)
	if doc.get_all_children():
		doc._set_defaults()
	else:
		# `frappe.new_doc` has set them; what stands before that step of the framework is kept.
		check_values(doc)


def _prepare(doc: Document) -> None:
	doc.set_user_and_timestamp()
	doc.set_docstatus()
	doc.check_permission("create")
	doc.check_if_latest()
	doc._validate_links()
	doc.run_method("before_insert")


def _give_names(docs: Sequence[Document]) -> None:
	"""Names the documents; numbers of a naming series come from its counter, which is moved once."""
	if not _is_named_by_series(docs[0]):
		given = set()
		for doc in docs:
			doc.set_new_name()
			# One that is made of its values does not see those before it, which are not stored yet.
			while doc.name in given:
				doc.name = f"{doc.name}-{len(given)}"
			given.add(doc.name)
		return
	series = [doc.get("naming_series") or get_default_naming_series(doc.doctype) for doc in docs]
	numbers = _reserve_numbers(docs, series)
	for doc, pattern in zip(docs, series, strict=True):
		name = parse_naming_series(f"{pattern}.#####", doc.doctype, doc, number_generator=numbers)
		set_reserved_name(doc, name)
		for row in doc.get_all_children():
			set_new_name(row)


def _is_named_by_series(doc: Document) -> bool:
	if (doc.meta.autoname or "") != "naming_series:" or hasattr(doc, "autoname"):
		return False
	return not frappe.db.exists("Document Naming Rule", {"document_type": doc.doctype, "disabled": 0})


def _reserve_numbers(docs: Sequence[Document], series: Sequence[str]):
	"""Moves the counters of the series by as many documents as there are; gives back the generator of the
	reserved numbers, as the framework calls it."""
	prefixes = Counter()

	def count(prefix: str, digits: int) -> str:
		prefixes[prefix] += 1
		return "#" * digits

	for doc, pattern in zip(docs, series, strict=True):
		parse_naming_series(f"{pattern}.#####", doc.doctype, doc, number_generator=count)
	ensured = set()
	for doc, pattern in zip(docs, series, strict=True):
		if pattern not in ensured:
			ensured.add(pattern)
			ensure_counter(f"{pattern}.#####", doc)
	table = frappe.qb.DocType("Series")
	last = {}
	for prefix in sorted(prefixes):
		frappe.qb.update(table).set(table.current, table.current + prefixes[prefix]).where(
			table.name == prefix
		).run()
		((current,),) = frappe.qb.from_(table).select(table.current).where(table.name == prefix).run()
		last[prefix] = current - prefixes[prefix]

	def give(prefix: str, digits: int) -> str:
		last[prefix] += 1
		return f"{last[prefix]:0{digits}d}"

	return give


def _validate(doc: Document) -> None:
	doc.set_parent_in_children()
	doc.validate_higher_perm_levels()
	mark_inserting(doc, True)
	doc.run_before_save_methods()
	doc._validate()
	doc.set_docstatus()
	mark_inserting(doc, False)


def _write_rows(docs: Sequence[Document]) -> None:
	rows = defaultdict(list)
	for doc in docs:
		for row in (doc, *doc.get_all_children()):
			if not row.name:
				set_new_name(row)
			row.creation = row.get("creation") or doc.creation
			row.modified = row.get("modified") or doc.modified
			row.owner = row.get("owner") or doc.owner
			row.modified_by = row.get("modified_by") or doc.modified_by
			rows[row.doctype].append(row.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True))
	for doctype, values in rows.items():
		columns = list(values[0])
		frappe.db.bulk_insert(
			doctype, columns, ([row[column] for column in columns] for row in values), chunk_size=_ROWS
		)


def _index(docs: Sequence[Document]) -> None:
	"""The index of the search and the log of changes, for all together; the events of each then have nothing
	to do."""
	names = [doc.name for doc in docs]
	search_index.index_records(docs[0].doctype, names)
	change_log.note_inserted(docs[0].doctype, names)
	for doc in docs:
		doc.flags[search_index.INDEXED_FLAG] = doc.flags[change_log.NOTED_FLAG] = True


def _finish(doc: Document) -> None:
	doc.set("__islocal", False)
	doc.run_method("after_insert")
	mark_inserting(doc, True)
	doc.run_method("on_update")
	update_global_search(doc)
	doc.run_method("on_change")
	doc.flags[search_index.INDEXED_FLAG] = doc.flags[change_log.NOTED_FLAG] = False
	end_insert(doc)


def _tell_lists(docs: Sequence[Document]) -> None:
	last = docs[-1]
	data = {"doctype": last.doctype, "name": last.name, "user": frappe.session.user}
	frappe.publish_realtime("list_update", data, after_commit=True)
