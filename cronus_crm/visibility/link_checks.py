"""What a document points at is something that its author may see."""

import frappe
from frappe import _
from frappe.utils.caching import request_cache

from cronus_crm.visibility import ownership
from cronus_crm.visibility.rule import may_disclose


def check_links(doc) -> None:
	"""Checks that the user may see the governed documents that a document links to; `document_checks.py` says
	when.

	Only links that this save sets or changes are checked, so that a document can still be saved after a
	linked record has moved to another team. Not checked with `ignore_permissions`.

	Raises frappe.PermissionError, naming the field and the value.
	"""
	if doc.flags.ignore_permissions or frappe.session.user == "Administrator":
		return
	before = doc.get_doc_before_save()
	rows_before = {row.name: row for row in before.get_all_children()} if before else {}
	checked = set()
	for row in [doc, *doc.get_all_children()]:
		stored = before if row is doc else rows_before.get(row.name)
		for fieldname, label, doctype, doctype_field in _list_checked_links(row.doctype):
			value = row.get(fieldname)
			if not isinstance(value, str | int) or not value or (stored and stored.get(fieldname) == value):
				continue
			link = (str(row.get(doctype_field)) if doctype_field else doctype, value)
			# The lines of a document often have the same links.
			if link in checked:
				continue
			checked.add(link)
			if not may_disclose(*link):
				refuse_link(_(label, context=row.doctype), *link)


def refuse_link(label: str, doctype: str, name: str) -> None:
	"""Raises frappe.PermissionError for a link that the user may not use. label: that of the field,
	translated."""
	frappe.throw(
		_("{0}: you may not use {1} {2}. Choose one of your own portfolio.").format(
			frappe.bold(label), _(doctype), frappe.bold(name)
		),
		frappe.PermissionError,
		title=_("Not in your portfolio"),
	)


@request_cache
def _list_checked_links(doctype: str) -> list[tuple[str, str, str | None, str | None]]:
	"""The fields of a DocType that may link to a governed document.

	Gives (fieldname, label, DocType of the link, None), or (fieldname, label, None, field with the DocType).
	Fields that hold a link but are not of type Link or Dynamic Link are declared by the hook `cronus_links`.
	"""
	meta = frappe.get_meta(doctype)
	links = [
		(field.fieldname, field.label, field.options, None)
		for field in meta.get_link_fields()
		if ownership.is_governed(field.options)
	]
	links += [(field.fieldname, field.label, None, field.options) for field in meta.get_dynamic_link_fields()]
	if extra := frappe.get_hooks("cronus_links", {}).get(doctype):
		doctype_field, fieldname = extra
		links.append((fieldname, meta.get_label(fieldname), None, doctype_field))
	return links
