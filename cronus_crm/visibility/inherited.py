"""Documents that have no seller of their own: they are seen through the records that they belong to.

A branch belongs to its customer. A contact or an address belongs to every record of ours that its rows of
Dynamic Link name, and one of them in sight is enough. What belongs to none of ours is its creator's, and of
whoever may read all contacts by a role that is not ours, such as ERPNext's: there we restrict nothing.

This module knows what belongs to what; who sees a record is for `rule.py`, which alone asks here.
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
	"""What a document belongs to, as (doctype, name), and the user who created it."""

	records: frozenset[tuple[str, str]]
	owner: str


def is_inherited(doctype: str) -> bool:
	"""True for a DocType whose documents are seen through others."""
	return isinstance(ownership.find_ownership(doctype), ThroughRecord | ThroughLinks)


def _find_through_record(doctype: str) -> ThroughRecord | None:
	owned = ownership.find_ownership(doctype)
	return owned if isinstance(owned, ThroughRecord) else None


def _is_through_links(doctype: str) -> bool:
	return isinstance(ownership.find_ownership(doctype), ThroughLinks)


def list_targets(doctype: str, governed: Iterable[str]) -> list[str]:
	"""The DocTypes, among those under the rule, whose records documents of that DocType may belong to."""
	if record := _find_through_record(doctype):
		return [record.doctype]
	# A contact is not seen through another one: the two could go round in a circle.
	return [target for target in governed if not _is_through_links(target)]


def sent_records(doc, targets: Iterable[str]) -> frozenset[tuple[str, str]]:
	"""What a document belongs to, as sent."""
	if record := _find_through_record(doc.doctype):
		name = doc.get(record.fieldname)
		return frozenset({(record.doctype, name)} if name else ())
	named = ((row.get("link_doctype"), row.get("link_name")) for row in doc.get("links") or ())
	return frozenset((target, name) for target, name in named if name and target in targets)


def read_stored(doctype: str, name: str, targets: Iterable[str]) -> Belonging | None:
	"""What a document belongs to, and its owner, as the database has them; None when there is none."""
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
	"""True when a role that is not ours gives the user that right on all documents of the DocType."""
	if not _is_through_links(doctype):
		return False
	roles = {role for role in frappe.get_roles(user) if not role.startswith(_OUR_ROLES)}
	return any(
		rule.role in roles and not rule.permlevel and not rule.if_owner and rule.get(ptype)
		for rule in frappe.get_meta(doctype).permissions
	)


def build_criterion(
	doctype: str, table: Table, in_sight: Mapping[str, Criterion | None], user: str, most: bool
) -> Criterion | None:
	"""The rule as a criterion; None when it restricts nothing.

	in_sight: for each DocType that documents may belong to, the criterion of its records that the user sees,
	or None when those are all.
	most: True when the user sees a good part of all records; changes the speed, not the answer.
	"""
	if record := _find_through_record(doctype):
		visible = in_sight[record.doctype]
		return visible and table[record.fieldname].isin(_select_names(record.doctype, visible))
	free = _select_first_row(doctype, table, _link_table().link_doctype.isin(list(in_sight))).isnull()
	if not is_granted_by_other_roles(doctype, "read", user):
		free = (table.owner == user) & free
	return _build_link_criterion(doctype, table, in_sight, most) | free


def _build_link_criterion(
	doctype: str, table: Table, in_sight: Mapping[str, Criterion | None], most: bool
) -> Criterion:
	"""Those that belong to a record in sight.

	MariaDB finds the few contacts of a portfolio fastest by starting from the portfolio, and the many of a
	whole company by asking each contact: a list of all that names them first would not fit in memory.
	"""
	part = {target: rule for target, rule in in_sight.items() if rule is not None}
	whole = [target for target in in_sight if target not in part]
	ways = []
	asked = [_link_table().link_doctype.isin(whole)] if whole else []
	if most:
		asked += [_names_visible_record(target, rule) for target, rule in part.items()]
	elif part:
		ways.append(table.name.isin(_select_parents(doctype, part)))
	if asked:
		ways.append(_select_first_row(doctype, table, Criterion.any(asked)).isnotnull())
	return Criterion.any(ways)


def _link_table() -> Table:
	return DocType("Dynamic Link")


def _select_names(doctype: str, rule: Criterion) -> QueryBuilder:
	record = DocType(doctype)
	return frappe.qb.from_(record).select(record.name).where(rule)


def _names_visible_record(target: str, rule: Criterion) -> Criterion:
	return (_link_table().link_doctype == target) & _link_table().link_name.isin(_select_names(target, rule))


def _select_parents(doctype: str, part: Mapping[str, Criterion]) -> QueryBuilder:
	"""Names of the documents with a row that names one of those records."""
	link = _link_table()
	queries = [
		frappe.qb.from_(link)
		.select(link.parent)
		.where((link.parenttype == doctype) & _names_visible_record(target, rule))
		for target, rule in part.items()
	]
	found = reduce(lambda union, query: union * query, queries).as_("found")
	return frappe.qb.from_(found).select(found.parent)


def _select_first_row(doctype: str, table: Table, rows: Criterion) -> QueryBuilder:
	"""Name of a row of the document, or null.

	With `exists` in its place MariaDB reads all rows of Dynamic Link first, of every document.
	"""
	link = _link_table()
	return (
		frappe.qb.from_(link)
		.select(link.name)
		.where((link.parent == table.name) & (link.parenttype == doctype) & rows)
		.limit(1)
	)
