"""Whose records are: the seller of each, or the user who made it where it has none; of what is seen through
other records, the holders of those. It is the table of ownership, read for many records at once, for the
index of the search; who sees what is decided by `rule.py`."""

from collections.abc import Container, Iterator, Sequence

import frappe

from cronus_crm.visibility import ownership
from cronus_crm.visibility.ownership import BySeller, ThroughLinks, ThroughRecord


def name_user(user: str) -> str:
	"""A user as a holder of records without a seller."""
	return f"@{user}"


def list_holders(doctype: str, names: Sequence[str]) -> dict[str, set[str]]:
	"""The holders of records by their names; empty for a DocType that belongs to no seller."""
	if not names:
		return {}
	match ownership.find_ownership(doctype):
		case BySeller(seller_field=field):
			rows = _read(doctype, names, ["name", field, "owner"])
			return {name: {seller or name_user(owner)} for name, seller, owner in rows}
		case ThroughRecord(fieldname=field, doctype=target):
			rows = _read(doctype, names, ["name", field])
			of_target = list_holders(target, list({record for _name, record in rows if record}))
			return {name: of_target.get(record, set()) for name, record in rows}
		case ThroughLinks():
			return _list_holders_of_linked(doctype, names)
	return {}


def _list_holders_of_linked(doctype: str, names: Sequence[str]) -> dict[str, set[str]]:
	linked: dict[str, dict[str, list[str]]] = {}
	for name, target, record in frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": doctype, "parent": ("in", list(names))},
		fields=["parent", "link_doctype", "link_name"],
		order_by="parent asc, idx asc",
		as_list=True,
	):
		if ownership.is_governed(target) and not _is_through_links(target):
			linked.setdefault(target, {}).setdefault(record, []).append(name)
	found: dict[str, set[str]] = {}
	for target, by_record in linked.items():
		for record, holders in list_holders(target, list(by_record)).items():
			for name in by_record[record]:
				found.setdefault(name, set()).update(holders)
	owners = dict(_read(doctype, names, ["name", "owner"]))
	return {name: found.get(name) or {name_user(owner)} for name, owner in owners.items()}


def list_inheriting(
	doctype: str, names: Sequence[str], among: Container[str]
) -> Iterator[tuple[str, list[str]]]:
	"""What is seen through records: DocType and names of their branches, contacts and addresses.

	among: the DocTypes that are asked for.
	"""
	targets = {doctype: list(names)}
	for inheriting, owned in ownership.read_table().items():
		if isinstance(owned, ThroughRecord) and owned.doctype == doctype and inheriting in among:
			targets[inheriting] = frappe.get_all(
				inheriting, filters={owned.fieldname: ("in", list(names))}, pluck="name", order_by="name asc"
			)
			yield inheriting, targets[inheriting]
	for inheriting in ownership.read_table():
		if not _is_through_links(inheriting) or inheriting not in among:
			continue
		for target, records in targets.items():
			linked = {"parenttype": inheriting, "link_doctype": target, "link_name": ("in", records)}
			if records:
				yield (
					inheriting,
					frappe.get_all("Dynamic Link", filters=linked, pluck="parent", order_by="parent asc"),
				)


def _is_through_links(doctype: str) -> bool:
	return isinstance(ownership.find_ownership(doctype), ThroughLinks)


def _read(doctype: str, names: Sequence[str], fields: list[str]) -> list[tuple]:
	return frappe.get_all(
		doctype, filters={"name": ("in", list(names))}, fields=fields, order_by="name asc", as_list=True
	)
