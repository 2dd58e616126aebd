"""Records as a source is told of them: their values, and the external ids of what they refer to."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

import frappe
from frappe.query_builder import DocType

from cronus_crm.base import sales_documents
from cronus_crm.cronus_exchange.owning.owned_fields import list_fields
from cronus_crm.cronus_exchange.targets.contact_part import CONTACT

EXTERNAL = "Cronus External Record"

# What a row of a document says, where the document has such rows.
_ITEM_FIELDS = ("product", "description", "quantity", "unit", "price", "discount_percent", "net_amount")

# Links that the import does not know as fields, because it makes them itself.
_PARENTS = {"Cronus Customer Branch": ("customer",)}


def find_ids(source: str, doctype: str, names: Collection[str]) -> dict[str, str]:
	"""By name of a record, what a source calls it; those that it has told only."""
	if not names:
		return {}
	told = DocType(EXTERNAL)
	rows = (
		frappe.qb.from_(told)
		.select(told.record_name, told.external_id)
		.where((told.source == source) & (told.record_doctype == doctype))
		.where(told.record_name.isin(list(names)) & (told.kind != "Balance"))
		.orderby(told.name)
		.run()
	)
	return dict(rows)


def read_records(doctype: str, names: list[str], source: str) -> dict[str, dict]:
	"""By name, the records that the session's user may read: `name`, `modified`, `data` by fieldname, and
	`ids`: of the links in `data`, what the source calls the linked record."""
	if doctype in sales_documents.registered_doctypes():
		found = _read_documents(doctype, names)
	else:
		found = _read_masters(doctype, names)
	_add_ids(doctype, found, source)
	return found


def _read_masters(doctype: str, names: list[str]) -> dict[str, dict]:
	meta = frappe.get_meta(doctype)
	fields = [
		fieldname
		for fieldname in (*_PARENTS.get(doctype, ()), *list_fields(doctype))
		if meta.has_field(fieldname)
	]
	rows = frappe.get_list(
		doctype,
		filters={"name": ("in", names)},
		fields=["name", "modified", *fields],
		order_by="name asc",
		limit=len(names),
	)
	found = {
		row.name: {
			"name": row.name,
			"modified": row.modified,
			"data": {fieldname: row.get(fieldname) for fieldname in fields},
		}
		for row in rows
	}
	if doctype == CONTACT:
		_add_rows_of_contacts(found)
	return found


def _add_rows_of_contacts(found: dict[str, dict]) -> None:
	"""Mails, telephones, and whose contacts they are; of contacts that the user may read."""
	for record in found.values():
		record["data"].update(emails=[], phones=[], mobiles=[], customer=None, branch=None)
	for row in _read_rows("Contact Email", found, ["email_id"]):
		found[row.parent]["data"]["emails"].append(row.email_id)
	for row in _read_rows("Contact Phone", found, ["phone", "is_primary_mobile_no"]):
		kind = "mobiles" if row.is_primary_mobile_no else "phones"
		found[row.parent]["data"][kind].append(row.phone)
	owners = {"Cronus Customer": "customer", "Cronus Customer Branch": "branch"}
	for row in _read_rows("Dynamic Link", found, ["link_doctype", "link_name"]):
		if row.link_doctype in owners:
			found[row.parent]["data"][owners[row.link_doctype]] = row.link_name


def _read_rows(child: str, found: Iterable[str], fields: list[str]) -> list[frappe._dict]:
	return frappe.get_all(
		child,
		filters={"parenttype": CONTACT, "parent": ("in", list(found))},
		fields=["parent", *fields],
		order_by="parent asc, idx asc",
	)


def _read_documents(doctype: str, names: list[str]) -> dict[str, dict]:
	"""Issued and cancelled documents; amounts in the company's currency, as the ledger has them, and those of
	the lines in that of the document."""
	visible = frappe.get_list(
		doctype,
		filters={"name": ("in", names), "docstatus": (">", 0)},
		pluck="name",
		order_by="name asc",
		limit=len(names),
	)
	found = {}
	for name in visible:
		doc = frappe.get_doc(doctype, name)
		document = asdict(sales_documents.read_document(doc))
		document["is_cancelled"] = doc.docstatus == 2
		document["items"] = [
			{fieldname: item.get(fieldname) for fieldname in _ITEM_FIELDS} for item in doc.get("items") or ()
		]
		document["doctype_name"] = document.pop("doctype")
		document["number"] = document.pop("name")
		found[name] = {"name": name, "modified": doc.modified, "data": document}
	return found


def _add_ids(doctype: str, found: dict[str, dict], source: str) -> None:
	"""`ids` of each record, one query for each DocType that is referred to."""
	links = {
		"customer": "Cronus Customer",
		"parent_customer": "Cronus Customer",
		"branch": "Cronus Customer Branch",
		"product": "Cronus Product",
	}
	wanted: dict[str, set[Any]] = defaultdict(set)
	for record in found.values():
		for fieldname, linked in links.items():
			if value := record["data"].get(fieldname):
				wanted[linked].add(value)
	ids = {linked: find_ids(source, linked, names) for linked, names in wanted.items()}
	for record in found.values():
		record["ids"] = {
			fieldname: ids[linked][value]
			for fieldname, linked in links.items()
			if (value := record["data"].get(fieldname)) and value in ids[linked]
		}
