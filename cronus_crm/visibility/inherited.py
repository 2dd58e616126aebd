"""Documents without a seller of their own, which inherit their visibility from other records.

A branch inherits from its customer. A contact or an address inherits from every governed record in its rows
of Dynamic Link: the user must see one of them. One without such links is seen by its creator, and by users
with a role that is not ours (such as one of ERPNext) that may read all contacts.

This module only knows which records a document belongs to. `rule.py`, its only caller, decides who sees
those.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import NamedTuple

import frappe
from frappe.query_builder import Criterion, DocType
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.visibility import ownership
from cronus_crm.visibility.ownership import ThroughLinks, ThroughRecord

_OUR_ROLES = "Cronus "


class Belonging(NamedTuple):
	"""records: the records that a document belongs to, as (doctype, name). owner: the user who created it."""

	records: frozenset[tuple[str, str]]
	owner: str


def is_inherited(doctype: str) -> bool:
	"""True for a DocType whose documents inherit their visibility from other records."""
	return isinstance(ownership.find_ownership(doctype), ThroughRecord | ThroughLinks)


def _find_through_record(doctype: str) -> ThroughRecord | None:
	owned = ownership.find_ownership(doctype)
	return owned if isinstance(owned, ThroughRecord) else None


def _is_through_links(doctype: str) -> bool:
	return isinstance(ownership.find_ownership(doctype), ThroughLinks)


def list_targets(doctype: str, governed: Iterable[str]) -> list[str]:
	"""The DocTypes of the records that documents of `doctype` may belong to.

	governed: all governed DocTypes.
	"""
	if record := _find_through_record(doctype):
		return [record.doctype]
	# A contact does not inherit from another contact or address: that could be circular.
	return [target for target in governed if not _is_through_links(target)]


def sent_records(doc, targets: Iterable[str]) -> frozenset[tuple[str, str]]:
	"""The records that a document belongs to by its values as sent."""
	if record := _find_through_record(doc.doctype):
		name = doc.get(record.fieldname)
		return frozenset({(record.doctype, name)} if name else ())
	named = ((row.get("link_doctype"), row.get("link_name")) for row in doc.get("links") or ())
	return frozenset((target, name) for target, name in named if name and target in targets)


def read_stored(doctype: str, name: str, targets: Iterable[str]) -> Belonging | None:
	"""The records that a document belongs to, and its owner, as stored; None when the document is not
	stored."""
	table = DocType(doctype)
	query = frappe.qb.from_(table).where(table.name == name)
	if record := _find_through_record(doctype):
		rows = query.select(table.owner, table[record.fieldname]).run()
		names = frozenset((record.doctype, row[1]) for row in rows if row[1])
		return Belonging(names, rows[0][0]) if rows else None
	link = DocType("Dynamic Link")
	rows = (
		query.left_join(link)
		.on((link.parent == table.name) & (link.parenttype == doctype) & link.link_doctype.isin(targets))
		.select(table.owner, link.link_doctype, link.link_name)
		.run()
	)
	return Belonging(frozenset((row[1], row[2]) for row in rows if row[2]), rows[0][0]) if rows else None


def is_granted_by_other_roles(doctype: str, ptype: str, user: str) -> bool:
	"""True when a role that is not ours gives the user that right on all contacts or addresses."""
	if not _is_through_links(doctype):
		return False
	roles = {role for role in frappe.get_roles(user) if not role.startswith(_OUR_ROLES)}
	return any(
		rule.role in roles and not rule.permlevel and not rule.if_owner and rule.get(ptype)
		for rule in frappe.get_meta(doctype).permissions
	)


def build_criterion(
	doctype: str, table: Table, visible_by_target: Mapping[str, Criterion | None], user: str, one_by_one: bool
) -> Criterion | None:
	"""The criterion of the documents that the user sees; None when the user sees all.

	table: the table of `doctype` in the query. visible_by_target: by DocType that documents may belong to,
	the criterion of its records that the user sees, None for all. one_by_one: True when the user sees a large
	part of all records, or the query names the few that it wants; it changes the form of the query and not
	its result.
	"""
	if record := _find_through_record(doctype):
		visible = visible_by_target[record.doctype]
		return visible and table[record.fieldname].isin(_select_names(record.doctype, visible))
	unlinked = _select_first_row(
		doctype, table, _link_table().link_doctype.isin(list(visible_by_target))
	).isnull()
	if not is_granted_by_other_roles(doctype, "read", user):
		unlinked = (table.owner == user) & unlinked
	return _build_link_criterion(doctype, table, visible_by_target, one_by_one) | unlinked


def _build_link_criterion(
	doctype: str, table: Table, visible_by_target: Mapping[str, Criterion | None], one_by_one: bool
) -> Criterion:
	"""The criterion of the documents with a link to a record that the user sees.

	A small portfolio is fastest with a subquery from the visible records to their contacts. For a large one
	MariaDB would materialise all their links in memory, so a correlated subquery checks each contact instead.
	"""
	restricted = {target: rule for target, rule in visible_by_target.items() if rule is not None}
	unrestricted = [target for target in visible_by_target if target not in restricted]
	alternatives = []
	link_criteria = [_link_table().link_doctype.isin(unrestricted)] if unrestricted else []
	if one_by_one:
		link_criteria += [_names_visible_record(target, rule) for target, rule in restricted.items()]
	elif restricted:
		alternatives.append(table.name.isin(_select_parents(doctype, restricted)))
	if link_criteria:
		alternatives.append(_select_first_row(doctype, table, Criterion.any(link_criteria)).isnotnull())
	return Criterion.any(alternatives)


def _link_table() -> Table:
	return DocType("Dynamic Link")


def _select_names(doctype: str, rule: Criterion) -> QueryBuilder:
	record = DocType(doctype)
	return frappe.qb.from_(record).select(record.name).where(rule)


def _names_visible_record(target: str, rule: Criterion) -> Criterion:
	return (_link_table().link_doctype == target) & _link_table().link_name.isin(_select_names(target, rule))


def _select_parents(doctype: str, restricted: Mapping[str, Criterion]) -> QueryBuilder:
	"""Subquery for the names of the documents that link to a visible record."""
	link = _link_table()
	queries = [
		frappe.qb.from_(link)
		.select(link.parent)
		.where((link.parenttype == doctype) & _names_visible_record(target, rule))
		for target, rule in restricted.items()
	]
	found = reduce(lambda union, query: union * query, queries).as_("found")
	return frappe.qb.from_(found).select(found.parent)


def _select_first_row(doctype: str, table: Table, rows: Criterion) -> QueryBuilder:
	"""Correlated subquery: the name of one link row of the document that fulfils `rows`, or null.

	Not `exists`: MariaDB turns that into a semi-join, which reads the Dynamic Link rows of all documents
	first.
	"""
	link = _link_table()
	return (
		frappe.qb.from_(link)
		.select(link.name)
		.where((link.parent == table.name) & (link.parenttype == doctype) & rows)
		.limit(1)
	)
