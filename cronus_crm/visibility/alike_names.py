"""Names and codes that the database takes for the same, though people tell them apart: PIÑA and PINA, Azúcar
and AZUCAR, 🍎 and 🍌.

Its collation compares without accents and capitals, and all pictures are one to it; so the second of two such
names is refused by a unique key, with a message that names a record that the reader has not written. Here the
reader is told which one it is, and why. A collation that tells them apart would take that from every search
as well.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from cronus_crm.visibility import document_checks, rule


def check_alike(doc: Document) -> None:
	"""Checks the name of a new document of ours, and what has changed in its unique fields.

	Raises frappe.DuplicateEntryError where another document has a name or value that is written otherwise and
	is the same to the database. Where it is written the same, the framework says so.
	"""
	if not document_checks.is_ours(doc.doctype) or doc.meta.istable or doc.meta.issingle:
		return
	if doc.is_new() and _is_named_by_people(doc.meta):
		alike = find_alike(doc.doctype, doc.name)
		_refuse_alike(doc.doctype, doc.name, alike, alike)
	for field in doc.meta.get("fields", {"unique": 1}):
		# The key of a follow-up is no name that somebody has written.
		if field.hidden and doc.flags.has_own_key:
			continue
		value = doc.get(field.fieldname)
		if value and isinstance(value, str) and doc.has_value_changed(field.fieldname):
			own = {field.fieldname: value, "name": ("!=", cstr(doc.name))}
			found = frappe.db.get_value(doc.doctype, own, ["name", field.fieldname])
			_refuse_alike(doc.doctype, value, *(found or (None, None)))


def before_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Event of every DocType: the same for the new name of a document of ours."""
	if merge or not document_checks.is_ours(doc.doctype):
		return
	alike = find_alike(doc.doctype, new)
	if alike != old:
		_refuse_alike(doc.doctype, new, alike, alike)


def find_alike(doctype: str, name: str | None) -> str | None:
	"""The name of the document that has this name to the database; None where there is none."""
	return name and frappe.db.get_value(doctype, {"name": name}, "name")


def _is_named_by_people(meta) -> bool:
	return (meta.autoname or "").lower().startswith(("field:", "prompt"))


def _refuse_alike(doctype: str, wanted: str, name: str | None, stored: str | None) -> None:
	"""Raises frappe.DuplicateEntryError when the stored value is another spelling of the wanted one.

	name: of the document that has it; nothing is said of one that the user may not see.
	"""
	if not name or not isinstance(stored, str) or stored == wanted or not rule.may_disclose(doctype, name):
		return
	frappe.throw(
		_(
			"{0}: {1} is taken. The database takes it for {2}, as it tells neither accents and capitals nor"
			" pictures apart. Write it in another way, such as with a number."
		).format(_(doctype), frappe.bold(wanted), frappe.bold(stored)),
		frappe.DuplicateEntryError,
		title=_("Too much alike"),
	)
