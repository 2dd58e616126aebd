"""The index of the search: by which terms a record is found, and whose it is.

A DocType is searched when a part of the app, or another app, names it in the hook `cronus_search_sources`::

    cronus_search_sources = ["my_app.search.SOURCES"]  # {"My DocType": SearchSource(…)}

The index is written in the transaction of its record, by the events of every DocType; whoever writes
records by SQL calls :func:`index_records` for them. `__cronus_search_record` has a row for each record with
its tokens (`base/search_terms.py`), `__cronus_search_term` one for each term and *holder*, in the order in
which they are searched. A holder is the seller whose record it is, or the user who made it if it has none: by
it a search in a portfolio reads no other's terms, and it decides nothing. What a user sees is asked of the
record itself, by `rule`.

Why not a full text index: it finds words by their beginnings only, knows no holders, and shows nothing before
the commit. Why not LIKE on the columns: it reads every row.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import frappe
from frappe.model.document import Document
from frappe.utils.caching import request_cache
from pypika import Criterion, Table

from cronus_crm.base import sales_documents, search_terms
from cronus_crm.base.batches import Progress, commit_between_batches, split_batches
from cronus_crm.base.texts import read_text
from cronus_crm.visibility import ownership
from cronus_crm.visibility.ownership import BySeller
from cronus_crm.visibility.record_holders import list_holders, list_inheriting, name_user

RECORDS, TERMS = Table("__cronus_search_record"), Table("__cronus_search_term")
INDEXED_FLAG = "cronus_search_indexed"

_KEY = ("kind", "inside", "term", "holder", "record")
_ROWS = 5000  # in one statement
_BATCH = 200  # records in one transaction of a job


@dataclass(frozen=True)
class SearchSource:
	"""What the records of a DocType are found by; names of fields.

	title: what is shown of it. texts: found by any part of a word; the title is one of them. telephones,
	tax_ids, emails: however they are written. numbers: found by their beginning, and by each of their parts.
	rows: by DocType of a table, the field in its rows and what it is: "telephones" or "emails".
	left_out_by: a field; records in which it is set are not found.
	state, details, amounts: what is shown besides: a field with a state, texts, and fields with money and
	with its currency.
	"""

	title: str = "name"
	texts: tuple[str, ...] = ()
	telephones: tuple[str, ...] = ()
	tax_ids: tuple[str, ...] = ()
	emails: tuple[str, ...] = ()
	numbers: tuple[str, ...] = ("name",)
	rows: tuple[tuple[str, str, str], ...] = ()
	left_out_by: str | None = None
	state: str | None = None
	details: tuple[str, ...] = ()
	amounts: tuple[str, str] | None = None

	@property
	def fields(self) -> tuple[str, ...]:
		"""The fields that the index depends on."""
		names = (*self.texts, *self.telephones, *self.tax_ids, *self.emails, *self.numbers)
		return tuple(dict.fromkeys((*names, *([self.left_out_by] if self.left_out_by else []))))


@request_cache
def list_sources() -> dict[str, SearchSource]:
	"""The searched DocTypes in the order in which they are shown, with their sources."""
	sources: dict[str, SearchSource] = {}
	for path in frappe.get_hooks("cronus_search_sources"):
		sources.update(frappe.get_attr(path))
	# Documents of other apps are found by their numbers, if these apps say nothing else.
	others = [one for one in sales_documents.registered_doctypes() if one not in sources]
	return {**sources, **dict.fromkeys(others, SearchSource())}


def hash_key(text: str) -> int:
	"""A DocType or a holder as it stands in the index. That two have the same number does no harm: records
	are compared by their DocType, and the rule decides what is seen."""
	return crc32(text.encode())


def create_tables() -> None:
	"""Makes the tables of the index as far as they are not there."""
	frappe.db.sql_ddl(
		"""create table if not exists `__cronus_search_record` (
			id int unsigned not null auto_increment primary key,
			doctype varchar(140) not null,
			name varchar(140) not null,
			tokens text collate utf8mb4_bin not null,
			holders text collate utf8mb4_bin not null,
			unique doctype_name (doctype, name)
		) engine=InnoDB row_format=dynamic character set=utf8mb4 collate=utf8mb4_unicode_ci"""
	)
	frappe.db.sql_ddl(
		"""create table if not exists `__cronus_search_term` (
			kind int unsigned not null,
			inside tinyint unsigned not null,
			term varchar(32) collate utf8mb4_bin not null,
			holder int unsigned not null,
			record int unsigned not null,
			primary key (kind, inside, term, holder, record)
		) engine=InnoDB row_format=dynamic character set=utf8mb4 collate=utf8mb4_unicode_ci"""
	)
	frappe.db.sql_ddl(
		"create index if not exists of_holder on `__cronus_search_term` (kind, holder, inside, term)"
	)


def drop_tables() -> None:
	"""Drops the index, when the app is removed."""
	for table in (TERMS, RECORDS):
		frappe.db.sql_ddl(f"drop table if exists `{table._table_name}`")


# Events of every DocType


def on_change(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: what a record is found by has changed, or whose it is."""
	source = list_sources().get(doc.doctype)
	if not source or doc.flags.get(INDEXED_FLAG):
		return
	owned = ownership.find_ownership(doc.doctype)
	if doc.flags.in_insert and isinstance(owned, BySeller) and not source.rows:
		_index_inserted(doc, source, owned)
		return
	before = doc.get_doc_before_save()
	if before and not source.rows and not _has_changed(doc, before, (*source.fields, "seller", "owner")):
		return
	index_records(doc.doctype, [doc.name])


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event of every DocType: a record has another name; one that was merged is gone. A renamed seller is
	another holder."""
	if doc.doctype in list_sources():
		index_records(doc.doctype, [old, new])
	owned = ownership.find_ownership(doc.doctype)
	if isinstance(owned, BySeller) and owned.seller_field == "name":
		index_records_of_seller(new)


def after_delete(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: the record is gone."""
	if doc.doctype in list_sources():
		remove_records(doc.doctype, [doc.name])


def _index_inserted(doc: Document, source: SearchSource, owned: BySeller) -> None:
	"""Writes the index of a record that has just been inserted, from the record at hand: every document that
	is made comes here."""
	if not (source.left_out_by and doc.get(source.left_out_by)):
		holder = doc.get(owned.seller_field) or name_user(doc.owner)
		_insert(doc.doctype, {doc.name: (_make_tokens(source, doc, {}), _write_holders({holder}))})


def _has_changed(doc: Document, before: Document, fields: Iterable[str]) -> bool:
	return any(doc.get(field) != before.get(field) for field in fields)


# Writing


def index_records(doctype: str, names: Sequence[str]) -> None:
	"""Brings the index of records up to date, in this transaction; those that are not there any more, or are
	left out, are removed from it. What inherits from one that has another seller now is brought up to date
	too."""
	source = list_sources().get(doctype)
	if not source or not names:
		return
	tokens = _read_tokens(doctype, source, names)
	holders = list_holders(doctype, list(tokens))
	wanted = {name: (text, _write_holders(holders.get(name) or {""})) for name, text in tokens.items()}
	stored = _read_stored(doctype, names)
	remove_records(doctype, [name for name in stored if name not in wanted])
	known = {name: row for name, row in stored.items() if name in wanted}
	changed = _lock([row.id for name, row in known.items() if (row.tokens, row.holders) != wanted[name]])
	for row in changed:
		_update(doctype, row, *wanted[row.name])
	_insert(doctype, {name: found for name, found in wanted.items() if name not in known})
	if moved := [row.name for row in changed if row.holders != wanted[row.name][1]]:
		index_inheriting(doctype, moved)


def index_inheriting(doctype: str, names: Sequence[str]) -> None:
	"""Brings the index of the contacts, addresses and branches up to date that inherit from records: their
	seller has changed, or links were moved by SQL."""
	for inheriting, found in list_inheriting(doctype, names, list_sources()):
		index_records(inheriting, found)


def index_records_of_seller(seller: str) -> None:
	"""Brings the index of all records of a seller up to date, after the seller was renamed."""
	for doctype in list_sources():
		if not frappe.get_meta(doctype).has_field("seller"):
			continue
		names = frappe.get_all(doctype, filters={"seller": seller}, pluck="name", order_by="name asc")
		for batch in split_batches(names, _BATCH):
			index_records(doctype, batch)


def remove_records(doctype: str, names: Sequence[str]) -> None:
	"""Removes records from the index."""
	for row in _lock([row.id for row in _read_stored(doctype, names).values()]):
		_delete_terms(_list_rows(doctype, row.id, row.tokens, row.holders))
		frappe.qb.from_(RECORDS).where(RECORDS.id == row.id).delete().run()


def rebuild(progress: Progress | None = None, doctypes: Iterable[str] | None = None) -> int:
	"""Brings the index of all records up to date, in batches with a transaction of their own; the caller
	commits the last. Returns the number of records."""
	done = 0
	for doctype in doctypes or list_sources():
		if not frappe.db.table_exists(doctype):
			continue
		names = frappe.get_all(doctype, pluck="name", order_by="name asc")
		for batch in commit_between_batches(names, _BATCH):
			index_records(doctype, batch)
			done += len(batch)
			if progress:
				progress(done, max(done, len(names)), doctype)
	return done


def after_migrate() -> None:
	"""Hook: fills in DocTypes that are searched for the first time, as those of an app that came later."""
	create_tables()
	for doctype in list_sources():
		known = frappe.qb.from_(RECORDS).select(RECORDS.id).where(RECORDS.doctype == doctype).limit(1)
		if not known.run():
			rebuild(doctypes=[doctype])


def _read_tokens(doctype: str, source: SearchSource, names: Sequence[str]) -> dict[str, str]:
	"""The tokens of the records that are there, by name."""
	rows = frappe.get_all(
		doctype,
		filters={"name": ("in", list(names))},
		fields=["name", *(field for field in source.fields if field != "name")],
		order_by="name asc",
	)
	more = _read_rows(doctype, source, names)
	found = {}
	for row in rows:
		if source.left_out_by and row.get(source.left_out_by):
			continue
		found[row.name] = _make_tokens(source, row, more.get(row.name, {}))
	return found


def _make_tokens(source: SearchSource, record: Mapping | Document, of_rows: Mapping) -> str:
	"""The tokens of a record. of_rows: values of its rows, by what they are."""
	return search_terms.make_tokens(
		texts=[read_text(record.get(field)) for field in source.texts],
		telephones=[*(record.get(field) for field in source.telephones), *of_rows.get("telephones", ())],
		tax_ids=[record.get(field) for field in source.tax_ids],
		emails=[*(record.get(field) for field in source.emails), *of_rows.get("emails", ())],
		numbers=[record.get(field) for field in source.numbers],
	)


def _write_holders(holders: Iterable[str]) -> str:
	"""Holders as they stand in a row of records."""
	return " ".join(str(hash_key(holder)) for holder in sorted(holders))


def _read_rows(doctype: str, source: SearchSource, names: Sequence[str]) -> dict[str, dict[str, list[str]]]:
	found: dict[str, dict[str, list[str]]] = {}
	for row_doctype, field, meaning in source.rows:
		for parent, value in frappe.get_all(
			row_doctype,
			filters={"parenttype": doctype, "parent": ("in", list(names))},
			fields=["parent", field],
			order_by="parent asc, idx asc",
			as_list=True,
		):
			found.setdefault(parent, {}).setdefault(meaning, []).append(value)
	return found


def _read_stored(doctype: str, names: Sequence[str]) -> dict[str, frappe._dict]:
	if not names:
		return {}
	is_meant = (RECORDS.doctype == doctype) & RECORDS.name.isin(list(names))
	return {row.name: row for row in _select_records(is_meant).run(as_dict=True)}


def _select_records(criterion: Criterion):
	return (
		frappe.qb.from_(RECORDS)
		.select(RECORDS.id, RECORDS.name, RECORDS.tokens, RECORDS.holders)
		.where(criterion)
		.orderby(RECORDS.id)
	)


def _lock(ids: Sequence[int]) -> list[frappe._dict]:
	"""Rows of records as they are now, locked. By their ids: a name that is not there yet would lock the gap
	in which others insert."""
	if not ids:
		return []
	return _select_records(RECORDS.id.isin(list(ids))).for_update().run(as_dict=True)


def _list_rows(doctype: str, record: int, tokens: str, holders: str) -> set[tuple]:
	kind = hash_key(doctype)
	return {
		(kind, inside, term, int(holder), record)
		for inside, term in search_terms.make_terms(tokens)
		for holder in holders.split()
	}


def _update(doctype: str, row: Mapping, tokens: str, holders: str) -> None:
	before = _list_rows(doctype, row.id, row.tokens, row.holders)
	now = _list_rows(doctype, row.id, tokens, holders)
	_delete_terms(before - now)
	_insert_terms(now - before)
	query = frappe.qb.update(RECORDS).set(RECORDS.tokens, tokens).set(RECORDS.holders, holders)
	query.where(RECORDS.id == row.id).run()


def _insert(doctype: str, wanted: Mapping[str, tuple[str, str]]) -> None:
	"""Inserts records that are not in the index, as far as this transaction sees."""
	if not wanted:
		return
	inserted = frappe.db.sql(
		"""insert into `__cronus_search_record` (doctype, name, tokens, holders)
		select doctype, name, tokens, holders from json_table(%s, '$[*]' columns (
			doctype varchar(140) path '$[0]', name varchar(140) path '$[1]',
			tokens text path '$[2]', holders text path '$[3]')) as given
		on duplicate key update tokens = values(tokens), holders = values(holders)
		returning id, name""",
		json.dumps([(doctype, name, *wanted[name]) for name in sorted(wanted)]),
	)
	_insert_terms(row for record, name in inserted for row in _list_rows(doctype, record, *wanted[name]))


def _insert_terms(rows: Iterable[tuple]) -> None:
	# As JSON: to write so many values into a statement one by one takes longer than to insert them.
	for batch in split_batches(sorted(rows), _ROWS):
		frappe.db.sql(
			"""insert ignore into `__cronus_search_term` (kind, inside, term, holder, record)
			select kind, inside, term, holder, record from json_table(%s, '$[*]' columns (
				kind int unsigned path '$[0]', inside tinyint unsigned path '$[1]',
				term varchar(32) path '$[2]', holder int unsigned path '$[3]',
				record int unsigned path '$[4]')) as given""",
			json.dumps(batch),
		)


def _delete_terms(rows: Iterable[tuple]) -> None:
	# One range of the key for each; MariaDB reads the whole table for a list of rows.
	for batch in split_batches(sorted(rows), 100):
		each = (
			Criterion.all([TERMS[name] == value for name, value in zip(_KEY, row, strict=True)])
			for row in batch
		)
		frappe.qb.from_(TERMS).where(Criterion.any(each)).delete().run()
