"""What a form says of a record that an ERP has told: which ERP, what it calls the record, where it is there,
and which fields are read-only here."""

from urllib.parse import quote

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.cronus_exchange.owning.owned_fields import EXTERNAL, SOURCE, find_owners

# Where the form looks for it.
ORIGINS, OWNERS = "cronus_origins", "cronus_owners"

# A balance is told of a document or customer that is told itself.
_BALANCE = "Balance"


def on_load(doc: Document, method: str | None = None) -> None:
	"""Event `onload` of what an ERP may have told: gives the form its origins, and the owned fields, with the
	source that owns each. Whoever opens a form may read its record."""
	if doc.is_new():
		return
	if origins := list_origins(doc):
		doc.set_onload(ORIGINS, origins)
		doc.set_onload(OWNERS, find_owners(doc.doctype, doc.name))


def list_origins(doc: Document) -> list[dict]:
	"""The sources that have told a record: `source`, `is_on`, `kind` and `external_id`, `number` (of a
	document, else the external id), `url` ("" where the source has no template), `told_on`, `state`."""
	told, source = DocType(EXTERNAL), DocType(SOURCE)
	rows = (
		frappe.qb.from_(told)
		.join(source)
		.on(source.name == told.source)
		.select(
			told.source,
			source.enabled.as_("is_on"),
			source.url_template,
			told.kind,
			told.external_id,
			told.told_on,
			told.state,
		)
		.where((told.record_doctype == doc.doctype) & (told.record_name == doc.name))
		.where(told.kind != _BALANCE)
		.orderby(told.source)
		.orderby(told.external_id)
		.limit(5)
		.run(as_dict=True)
	)
	return [_describe(doc, row) for row in rows]


def _describe(doc: Document, row: frappe._dict) -> dict:
	number = (row.kind == "Document" and doc.get("number")) or row.external_id
	kind = (row.kind == "Document" and doc.get("kind")) or row.kind
	return {
		"source": row.source,
		"is_on": row.is_on,
		"kind": row.kind,
		"external_id": row.external_id,
		"number": number,
		"url": fill_template(row.url_template, kind, row.external_id, number),
		"told_on": row.told_on,
		"state": row.state,
	}


def fill_template(template: str | None, kind: str, external_id: str, number: str) -> str:
	"""The address of a record in the ERP. kind: as rows call it, with _ for spaces (“credit_note”). What is
	filled in can be no other part of the address than the one where it stands."""
	if not template:
		return ""
	values = {"kind": frappe.scrub(kind), "id": external_id, "number": number}
	for name, value in values.items():
		template = template.replace(f"{{{name}}}", quote(value or "", safe=""))
	return template
