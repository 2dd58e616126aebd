"""Values of a record by the names under which an ERP tells them.

They are the fields of the record, but for three: the mails of a contact are `emails`, and its telephones,
which stand in one table, are `phones` and `mobiles`; whose contact it is say `customer` and `branch`;
criteria of a customer are “criteria:name”.

A contact may be of several customers. What an ERP tells is one of its links: the one that it has told. The
others are people's, and are neither read nor written.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from frappe.model.document import Document

from cronus_crm.cronus_exchange.merging.customer_merges import follow_merges
from cronus_crm.cronus_exchange.targets.column_tables import get_value, set_value
from cronus_crm.cronus_exchange.targets.contact_part import CONTACT, TABLES, missing_texts

# Whose a contact is: the DocType of the link, by the name under which it is told.
LINKS = {"customer": "Cronus Customer", "branch": "Cronus Customer Branch"}


def read_values(doc: Document, fieldnames: Iterable[str], told: Mapping | None = None) -> dict[str, Any]:
	"""The values of a record by fieldname; lists for the mails and telephones of a contact.

	told: what an ERP tells of the contact, see :func:`leave_out_others` and :func:`choose_link`.
	"""
	told = told or {}
	values = {name: _read_value(doc, name, told) for name in fieldnames}
	return leave_out_others(values, told) if doc.doctype == CONTACT else values


def _read_value(doc: Document, fieldname: str, told: Mapping) -> Any:
	if _is_list(doc, fieldname):
		return _list_texts(doc, fieldname)
	if _is_link(doc, fieldname):
		linked = [row.link_name for row in doc.links if row.link_doctype == LINKS[fieldname]]
		return choose_link(fieldname, linked, told.get(fieldname))
	return get_value(doc, fieldname)


def choose_link(
	fieldname: str, linked: Sequence[str], told: str | None, before: str | None = None
) -> str | None:
	"""Which of the customers (or branches) of a contact stands for what an ERP tells: the one that is told
	now, else the one that was told before, else the first one; None where none is told.

	A link to the customer into which the told one was merged is a link to the told one.
	"""
	for name in (told, before):
		if name and (name in linked or (fieldname == "customer" and follow_merges(name) in linked)):
			return name
	return linked[0] if told and linked else None


def leave_out_others(values: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
	"""The values of a contact, of whose telephones both `phones` and `mobiles` have all: without those that
	are told as the other kind. Nothing in a stored telephone says for certain whether it is a mobile one."""
	return {
		name: missing_texts(others, tuple(value or ()))
		if name in TABLES and (others := _told_in_same_table(name, told))
		else value
		for name, value in values.items()
	}


def write_values(doc: Document, values: Mapping[str, Any], former: Mapping[str, Any] | None = None) -> None:
	"""Sets values in a record, without saving it. Mails and telephones of a contact become exactly those of
	the list; rows that stay keep what else they have. Of its links to customers, that of `former` goes to the
	new one; the others stay.

	former: the values before, as :func:`choose_link` has chosen them.
	"""
	former = former or {}
	for name, value in values.items():
		if _is_list(doc, name):
			_write_list(doc, name, list(value or ()), values)
		elif _is_link(doc, name):
			_write_link(doc, name, value, former.get(name))
		else:
			set_value(doc, name, value)


def overwrite(
	doc: Document, values: Mapping[str, Any], former: Mapping[str, Any] | None = None
) -> dict[str, list]:
	"""The same, as `Part.merge`: gives back what changed, as {fieldname: [before, after]}."""
	before = {**read_values(doc, values, values), **{name: (former or {}).get(name) for name in LINKS}}
	write_values(doc, values, former)
	return {
		name: [before[name], list(value or ()) if _is_list(doc, name) else value]
		for name, value in values.items()
	}


def _is_list(doc: Document, fieldname: str) -> bool:
	return doc.doctype == CONTACT and fieldname in TABLES


def _is_link(doc: Document, fieldname: str) -> bool:
	return doc.doctype == CONTACT and fieldname in LINKS


def _write_link(doc: Document, fieldname: str, value: str | None, former: str | None) -> None:
	linked = {row.link_name: row for row in doc.links if row.link_doctype == LINKS[fieldname]}
	moved = linked.get(former) or (linked.get(follow_merges(former)) if former else None)
	if value in linked or not value:
		# It is of the new one already, or of none any more.
		if moved and moved.link_name != value:
			doc.remove(moved)
	elif moved:
		moved.link_name, moved.link_title = value, None
	else:
		doc.append("links", {"link_doctype": LINKS[fieldname], "link_name": value})


def _list_texts(doc: Document, fieldname: str) -> list[str]:
	table, column, _first = TABLES[fieldname]
	return [row.get(column) for row in doc.get(table)]


def _write_list(doc: Document, fieldname: str, texts: list[str], values: Mapping[str, Any]) -> None:
	table, column, first = TABLES[fieldname]
	others = _told_in_same_table(fieldname, values)
	if not others:
		# The other kind of telephone is not told: those that are marked as of that kind stay.
		others = [row.get(column) for row in doc.get(table) if not row.get(first) and _is_marked(row)]
	stay = [row for row in doc.get(table) if not missing_texts([*texts, *others], (row.get(column),))]
	doc.set(table, stay)
	for text in missing_texts([row.get(column) for row in stay], tuple(texts)):
		doc.append(table, {column: text})
	if texts and not any(row.get(first) for row in doc.get(table)):
		next(row for row in doc.get(table) if not missing_texts(texts, (row.get(column),))).set(first, 1)


def _is_marked(row: Document) -> bool:
	return bool(row.get("is_primary_phone") or row.get("is_primary_mobile_no"))


def _told_in_same_table(fieldname: str, told: Mapping[str, Any]) -> list[str]:
	"""What is told under the other names of the same table."""
	table = TABLES[fieldname][0]
	return [
		text
		for name, value in told.items()
		if name != fieldname and name in TABLES and TABLES[name][0] == table
		for text in value or ()
	]
