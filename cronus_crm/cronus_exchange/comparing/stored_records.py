"""Finds the stored records that rows are about, for many rows with one query for each key."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import frappe
from frappe.query_builder import DocType

from cronus_crm.cronus_crm.prospects.duplicates import normalise_tax_id
from cronus_crm.cronus_exchange.merging.customer_merges import follow_merges
from cronus_crm.cronus_exchange.targets import column_tables
from cronus_crm.cronus_exchange.targets.target import Part
from cronus_crm.cronus_exchange.values.cell_texts import simplify
from cronus_crm.visibility import ownership, rule

# Columns that hold a key in the form in which it is compared.
_COMPARED = {"tax_id": "tax_key"}

# Keys that several records may have.
SHARED_KEYS = ("tax_id",)


@dataclass
class Stored:
	"""A stored record. values: its columns. may_write: whether the rule lets the user see and write it.
	merged: the record that was found and that was merged into this one."""

	name: str
	values: dict[str, Any]
	may_write: bool = True
	merged: str | None = None


@dataclass
class StoredIndex:
	"""Stored records of a part by (field of a key, value as compared)."""

	by_key: dict[tuple, list[Stored]] = field(default_factory=lambda: defaultdict(list))

	def find(self, fieldname: str, value: Any) -> list[Stored]:
		return self.by_key.get((fieldname, compare_key(fieldname, value)), [])


def compare_key(fieldname: str, value: Any) -> str | None:
	"""A key as it is compared: without case; of tax ids, only letters and digits."""
	if value in (None, ""):
		return None
	if fieldname == "tax_id":
		return normalise_tax_id(str(value))
	return str(value).casefold().strip()


def list_columns(part: Part, fieldnames: Iterable[str]) -> list[str]:
	"""Columns that are read of a part's records: those of the fields, and of what decides."""
	meta = frappe.get_meta(part.doctype)
	decisive = ("seller", part.parent_field, "merged_into")
	wanted = [*fieldnames, *part.keys, *part.all_keys, part.needs, *decisive]
	known = [name for name in dict.fromkeys(wanted) if name and (":" in name or meta.has_field(name))]
	return ["name", "owner", *known, *(column for key, column in _COMPARED.items() if key in part.keys)]


def find_by_keys(part: Part, rows: list[dict], fieldnames: Iterable[str]) -> StoredIndex:
	"""The stored records that rows may be about. rows: the values of the part in each."""
	index = StoredIndex()
	columns = list_columns(part, fieldnames)
	table = DocType(part.doctype)
	if part.all_keys:
		return _find_by_all_keys(part, rows, columns, index)
	for fieldname in part.keys:
		keys = {compare_key(fieldname, values.get(fieldname)) for values in rows} - {None}
		if keys:
			column = _COMPARED.get(fieldname, fieldname)
			found = _select(part, columns, table[column].isin(sorted(keys)))
			survivors = _read_survivors(part, columns, found)
			for stored in found:
				known = index.by_key[fieldname, compare_key(fieldname, stored.values[column])]
				meant = survivors.get(stored.name, stored)
				if meant.name not in [other.name for other in known]:
					known.append(meant)
	return index


def _read_survivors(part: Part, columns: list[str], found: list[Stored]) -> dict[str, Stored]:
	"""For each record that was merged into another one, that one."""
	into = {stored.name: follow_merges(stored.name) for stored in found if stored.values.get("merged_into")}
	if not into:
		return {}
	survivors = {
		stored.name: stored
		for stored in _select(part, columns, DocType(part.doctype).name.isin(sorted(set(into.values()))))
	}
	return {
		merged: replace(survivors[survivor], merged=merged)
		for merged, survivor in into.items()
		if survivor in survivors
	}


def _find_by_all_keys(part: Part, rows: list[dict], columns: list[str], index: StoredIndex) -> StoredIndex:
	table = DocType(part.doctype)
	first, second = part.all_keys[:2]
	wanted = [{values.get(name) for values in rows} - {None} for name in (first, second)]
	if all(wanted):
		criterion = table[first].isin(sorted(wanted[0])) & table[second].isin(sorted(wanted[1]))
		for stored in _select(part, columns, criterion):
			index.by_key["all", join_keys(part, stored.values)].append(stored)
	return index


def join_keys(part: Part, values: dict) -> str:
	"""The keys that tell only together which record it is, as one text. Numbers and dates compare by
	value."""
	texts = []
	for name in part.all_keys:
		value = values.get(name)
		if isinstance(value, int | float):
			value = f"{float(value):g}"
		texts.append(str(value or "0").casefold())
	return "\n".join(texts)


def find_by_names(part: Part, names: set[str], fieldnames: Iterable[str]) -> dict[str, Stored]:
	"""Stored records of a part by their names."""
	if not names:
		return {}
	criterion = DocType(part.doctype).name.isin(sorted(names))
	return {stored.name: stored for stored in _select(part, list_columns(part, fieldnames), criterion)}


def _select(part: Part, columns: list[str], criterion) -> list[Stored]:
	table = DocType(part.doctype)
	stored = [column for column in columns if ":" not in column]
	rows = (
		frappe.qb.from_(table)
		.select(*(table[column] for column in stored))
		.where(criterion)
		.orderby(table.name)
		.run(as_dict=True)
	)
	column_tables.add_values(rows, part.doctype, columns)
	owned = ownership.find_ownership(part.doctype)
	if not isinstance(owned, ownership.BySeller):
		return [Stored(row["name"], row) for row in rows]
	scope = rule.get_scope(part.doctype)
	return [Stored(row["name"], row, scope.includes(row.get("seller"), row["owner"])) for row in rows]


def find_branches(part: Part, parents: set[str], fieldnames: Iterable[str]) -> dict[str, list[Stored]]:
	"""Stored records of a part by the name of the record that they belong to."""
	found = defaultdict(list)
	if parents:
		criterion = DocType(part.doctype)[part.parent_field].isin(sorted(parents))
		for stored in _select(part, list_columns(part, fieldnames), criterion):
			found[stored.values[part.parent_field]].append(stored)
	return found


def find_linked(
	part: Part, parent_doctype: str, parents: set[str], fieldnames: Iterable[str]
) -> dict[str, list[Stored]]:
	"""Stored records of a part by the name of the record that they are linked to, the oldest first."""
	found = defaultdict(list)
	if not parents:
		return found
	link, table = DocType("Dynamic Link"), DocType(part.doctype)
	columns = list_columns(part, fieldnames)
	rows = (
		frappe.qb.from_(link)
		.join(table)
		.on(table.name == link.parent)
		.select(link.link_name.as_("linked_to"), *(table[column] for column in columns))
		.where(
			(link.parenttype == part.doctype)
			& (link.link_doctype == parent_doctype)
			& link.link_name.isin(sorted(parents))
		)
		.orderby(table.creation)
		.orderby(table.name)
		.run(as_dict=True)
	)
	for row in rows:
		found[row.pop("linked_to")].append(Stored(row["name"], row))
	return found


def find_contacts(
	part: Part, parent_doctype: str, parents: set[str], fieldnames: Iterable[str]
) -> dict[str, list[Stored]]:
	"""Stored contacts by the name of the record that they are linked to, with their mails and telephones as
	sets under “emails” and “phones”."""
	found = find_linked(part, parent_doctype, parents, [*fieldnames, "first_name", "last_name"])
	add_mails_and_phones([stored.values for contacts in found.values() for stored in contacts])
	return found


def add_mails_and_phones(rows: list[dict]) -> None:
	"""Adds to rows of contacts, which have `name`, their mails and telephones as sets under “emails” and
	“phones”."""
	texts = {
		name: _read_texts(doctype, fieldname, {row["name"] for row in rows})
		for name, (doctype, fieldname) in {
			"emails": ("Contact Email", "email_id"),
			"phones": ("Contact Phone", "phone"),
		}.items()
	}
	for row in rows:
		for name, by_contact in texts.items():
			row[name] = by_contact.get(row["name"], set())


def add_links(rows: list[dict]) -> None:
	"""Adds to rows of contacts what they are linked to under “links”: names by DocType, in their order."""
	found = {row["name"]: defaultdict(list) for row in rows}
	if found:
		link = DocType("Dynamic Link")
		query = frappe.qb.from_(link).select(link.parent, link.link_doctype, link.link_name)
		query = query.where((link.parenttype == "Contact") & link.parent.isin(sorted(found)))
		for parent, doctype, name in query.orderby(link.parent).orderby(link.idx).run():
			found[parent][doctype].append(name)
	for row in rows:
		row["links"] = found[row["name"]]


def _read_texts(doctype: str, fieldname: str, parents: set[str]) -> dict[str, set[str]]:
	found = defaultdict(set)
	if parents:
		table = DocType(doctype)
		query = (
			frappe.qb.from_(table)
			.select(table.parent, table[fieldname])
			.where(table.parent.isin(sorted(parents)))
		)
		for parent, text in query.run():
			found[parent].add(text)
	return found


def match_person(contacts: list[Stored], values: dict) -> Stored | None:
	"""The contact among these with the same name or one of the mails of a row."""
	name = person_key(values)
	emails = {email.lower() for email in values.get("emails") or ()}
	for stored in contacts:
		if person_key(stored.values) == name:
			return stored
	for stored in contacts:
		if emails & {email.lower() for email in stored.values["emails"]}:
			return stored
	return None


def person_key(values: dict) -> str:
	return simplify(f"{values.get('first_name') or ''} {values.get('last_name') or ''}")
