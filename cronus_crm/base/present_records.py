"""Records that decide about money, limits or rights, as the transaction sees them.

The framework's cache of documents is filled by whoever misses a record in it, with what that transaction
sees: one that began before a change was committed puts the old record back after the change has cleared it,
and there it stays. So a copy from the cache is used only while it bears the version (`modified`) that this
transaction reads from the database; otherwise the record itself is read.

A version is read once in a transaction, which sees one snapshot: only the transaction itself can change it.
A document asks for its customer, its seller, the settings and the products of its lines again and again.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import mul
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import get_datetime
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from cronus_crm.base.framework_state import transaction_memo

SETTINGS = "Cronus CRM Settings"


def get_present_doc(doctype: str, name: str | None = None) -> Document:
	"""A record as this transaction sees it, to be read only. name: None for a Single.

	Raises frappe.DoesNotExistError where there is no such record.
	"""
	name = name or doctype
	doc = frappe.get_cached_doc(doctype, name)
	version = _as_version(doc.modified)
	if _read_version(doctype, name) == version:
		return doc
	# This transaction may have changed the record without events.
	transaction_memo().pop((doctype, name), None)
	if _read_version(doctype, name) == version:
		return doc
	# Other caches of the record would be as old as this copy.
	frappe.clear_document_cache(doctype, name)
	return frappe.get_doc(doctype, name)


def get_present_value(doctype: str, name: str, fieldname: str) -> Any:
	"""A field of a record as this transaction sees it; None where there is no such record."""
	return get_present_values(doctype, name, fieldname)[0]


def get_present_values(doctype: str, name: str, *fieldnames: str) -> list:
	"""Fields of a record as this transaction sees it; None for each where there is no such record."""
	try:
		doc = get_present_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return [None for _fieldname in fieldnames]
	return [doc.get(fieldname) for fieldname in fieldnames]


def read_present_value(doctype: str, name: str, fieldname: str) -> Any:
	"""The same as :func:`get_present_value`, for a record of which most often nothing else is asked: only its
	field is read, unless this transaction has asked for its version already."""
	if (doctype, name) in transaction_memo():
		return get_present_value(doctype, name, fieldname)
	return frappe.db.get_value(doctype, name, fieldname)


def get_settings() -> Document:
	"""The settings of the company, to be read only."""
	return get_present_doc(SETTINGS)


def lock_setting(fieldname: str) -> str | None:
	"""The stored value of a setting that has been committed last, also after this transaction began; it stays
	so until the transaction ends. Others may lock it too; whoever changes the settings waits."""
	rows = frappe.db.sql(
		"select value from `tabSingles` where doctype = %s and field = %s lock in share mode",
		(SETTINGS, fieldname),
	)
	return rows[0][0] if rows else None


def read_versions(records: Iterable[tuple[str, str | None]]) -> None:
	"""Reads the versions of many records in one query, before they are asked for one by one.

	records: (DocType, name) of each, where the DocTypes are known to the caller, not sent by a client; those
	without a name are left out. A Single has the name of its DocType.
	"""
	memo = transaction_memo()
	wanted = defaultdict(set)
	for doctype, name in records:
		if name and (doctype, name) not in memo:
			wanted[doctype].add(name)
	if not wanted:
		return
	queries = [_select_versions(doctype, names) for doctype, names in wanted.items()]
	found = {(doctype, name): version for doctype, name, version in reduce(mul, queries).run()}
	for doctype, names in wanted.items():
		for name in names:
			memo[doctype, name] = _as_version(found.get((doctype, name)))


def _select_versions(doctype: str, names: set[str]) -> QueryBuilder:
	"""A query of (DocType, name, version) of these records."""
	if names == {doctype}:
		single = DocType("Singles")
		query = frappe.qb.from_(single).where((single.doctype == doctype) & (single.field == "modified"))
		return query.select(ValueWrapper(doctype), single.doctype, single.value)
	table = DocType(doctype)
	query = frappe.qb.from_(table).where(table.name.isin(sorted(names)))
	return query.select(ValueWrapper(doctype), table.name, table.modified)


def forget_version(doc: Document, method: str | None = None) -> None:
	"""Event `on_change` of every DocType: this transaction has given the record another version."""
	transaction_memo().pop((doc.doctype, doc.name), None)


def _read_version(doctype: str, name: str) -> str:
	memo = transaction_memo()
	if (doctype, name) not in memo:
		memo[doctype, name] = _as_version(frappe.db.get_value(doctype, name, "modified"))
	return memo[doctype, name]


def _as_version(modified) -> str:
	"""The same text for a moment that comes as text, as from a Single, and for one that does not."""
	return str(get_datetime(modified)) if modified else ""
