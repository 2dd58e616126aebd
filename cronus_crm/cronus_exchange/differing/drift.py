"""The worklist of what differs between a source and us: what each says, and what people do about it.

*Take theirs* writes what the source has told. *Take ours* keeps what stands here until the source tells
another value. *Ask again* asks the source to tell the record once more, see `pulling/`.
"""

from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import get_title
from frappe.model.document import Document
from frappe.utils import strip_html

from cronus_crm.cronus_exchange.differing import conflicts, kept_values
from cronus_crm.cronus_exchange.differing.record_values import write_values
from cronus_crm.cronus_exchange.differing.told_changes import EXTERNAL, compare_again
from cronus_crm.cronus_exchange.owning.owned_checks import refuse
from cronus_crm.cronus_exchange.owning.owned_fields import find_held, owned_of_source, show_label
from cronus_crm.cronus_exchange.pushing.told_now import telling

PAGE_LENGTH = 50

_COLUMNS = (
	"name",
	"source",
	"kind",
	"external_id",
	"record_doctype",
	"record_name",
	"state",
	"told_on",
	"asked_on",
	*kept_values.COLUMNS,
)


def list_drift(source: str, after: str = "", limit: int = PAGE_LENGTH) -> dict:
	"""What differs of a source: `rows`, one for each record, by their names; `next`, to be given as `after`
	for those that follow, or None.

	Each row has `name` (of the Cronus External Record), `kind`, `external_id`, `doctype`, `record`, `title`,
	`asked_on`, and `fields`: `fieldname`, `label`, `theirs`, `ours` (texts), `since`, `is_owned`, `owner`
	(the other source to which the field belongs, or None).
	"""
	found = frappe.get_all(
		EXTERNAL,
		filters={"source": source, "state": kept_values.DIFFERS, "name": (">", after)},
		fields=_COLUMNS,
		order_by="name asc",
		limit=limit,
	)
	rows = [described for row in found if (described := _describe(row))]
	return {"rows": rows, "next": found[-1].name if len(found) == limit else None}


def _describe(row: frappe._dict) -> dict | None:
	"""A row of the worklist; None where the record is gone."""
	if not frappe.db.exists(row.record_doctype, row.record_name):
		return None
	doc = frappe.get_doc(row.record_doctype, row.record_name)
	kept = kept_values.read_kept(row)
	owned = owned_of_source(row.source, doc.doctype)
	held = _find_held(row, doc)
	return {
		"name": row.name,
		"kind": row.kind,
		"external_id": row.external_id,
		"doctype": doc.doctype,
		"record": doc.name,
		"title": get_title(doc.doctype, doc.name),
		"asked_on": row.asked_on,
		"fields": [
			{
				"fieldname": fieldname,
				"label": show_label(doc.doctype, fieldname),
				"theirs": _show_value(doc, fieldname, difference.theirs),
				"ours": _show_value(doc, fieldname, difference.ours),
				"since": kept.differing.get(fieldname),
				"is_owned": fieldname in owned and fieldname not in held,
				"owner": held.get(fieldname),
			}
			for fieldname, difference in kept_values.list_differing(doc, kept).items()
		],
	}


def _find_held(row: frappe._dict, doc: Document) -> dict[str, str]:
	return find_held(doc.doctype, [doc.name], row.source).get(doc.name, {})


def _show_value(doc: Document, fieldname: str, value: Any) -> str:
	"""A value as people read it, as plain text."""
	if isinstance(value, list | tuple):
		return ", ".join(map(str, value))
	field = doc.meta.get_field(fieldname)
	if value is None or value == "" or not field:
		return str(value or "")
	if field.fieldtype == "Check":
		return _("Yes") if value else _("No")
	return strip_html(str(frappe.format_value(value, field, doc=doc, translated=True)))


def take_theirs(name: str, fieldnames: list[str]) -> None:
	"""Writes what a source has told of a record over what stands here.

	name: of the Cronus External Record. fieldnames: those that differ and are taken.

	Raises frappe.ValidationError for a field that does not differ, for one that belongs to another source,
	and what the record's own checks raise.
	"""
	row, doc, kept = _lock(name)
	differing = _require_differing(doc, kept, fieldnames)
	doc.check_permission("write")
	held = _find_held(row, doc)
	if others := [fieldname for fieldname in fieldnames if fieldname in held]:
		refuse(doc.doctype, others, held)
	write_values(
		doc,
		{fieldname: differing[fieldname].theirs for fieldname in fieldnames},
		{fieldname: differing[fieldname].ours for fieldname in fieldnames},
	)
	with telling(row.source):
		doc.save()
	compare_again(row, doc)


def take_ours(name: str, fieldnames: list[str]) -> None:
	"""Keeps what stands here until the source tells another value; arguments and errors as in
	:func:`take_theirs`."""
	row, doc, kept = _lock(name)
	differing = _require_differing(doc, kept, fieldnames)
	accepted = {**kept.accepted, **{fieldname: differing[fieldname].theirs for fieldname in fieldnames}}
	stored = kept_values.read_stored(doc, kept)
	columns = kept_values.compare(stored, kept_values.Kept(kept.values, accepted, kept.differing))
	frappe.db.set_value(EXTERNAL, row.name, columns, update_modified=False)


def _lock(name: str) -> tuple[frappe._dict, Document, kept_values.Kept]:
	"""What was told of a record, and the record, both kept until the transaction ends."""
	told = frappe.db.get_value(EXTERNAL, name, ["record_doctype", "record_name"])
	if not told or not frappe.db.exists(*told):
		frappe.throw(_("There is no such record any more. Reload the page."), frappe.DoesNotExistError)
	# The record first, as whoever writes told rows does.
	doc = frappe.get_doc(*told, for_update=True)
	row = frappe.db.get_value(EXTERNAL, name, _COLUMNS, as_dict=True, for_update=True)
	return row, doc, kept_values.read_kept(row)


def _require_differing(
	doc: Document, kept: kept_values.Kept, fieldnames: list[str]
) -> dict[str, conflicts.Difference]:
	differing = kept_values.list_differing(doc, kept)
	for fieldname in fieldnames:
		if fieldname not in differing:
			frappe.throw(
				_("{0} does not differ any more. Reload the page.").format(
					frappe.bold(frappe.utils.escape_html(show_label(doc.doctype, fieldname)))
				)
			)
	return differing
