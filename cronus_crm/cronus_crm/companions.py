"""What the framework keeps beside documents, and shows without asking whether the document may be seen: rows
of tables, tags, followers, assignments, comments, mails, files, repetitions.

Reading them and hanging them on a document follow the rule of the document; see `visibility.py`.
"""

import frappe
from frappe import _

from cronus_crm.cronus_crm import visibility

_ROW = ("parenttype", "parent")

# Of each companion, the fields that say which document it belongs to.
DOCUMENT_OF = {
	"Cronus Document Item": _ROW,
	"Cronus Document Tax": _ROW,
	"Cronus Instalment": _ROW,
	"Cronus Payment Allocation": _ROW,
	"Cronus Opportunity Product": _ROW,
	"Cronus Stage Change": _ROW,
	"Cronus Customer Criterion": _ROW,
	"Dynamic Link": _ROW,
	"Contact Email": _ROW,
	"Contact Phone": _ROW,
	"Cronus Sales Entry Origin": _ROW,
	"Tag Link": ("document_type", "document_name"),
	"Document Follow": ("ref_doctype", "ref_docname"),
	"ToDo": ("reference_type", "reference_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"DocShare": ("share_doctype", "share_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Auto Repeat": ("reference_doctype", "reference_document"),
	"Event Participants": ("reference_doctype", "reference_docname"),
	"Communication Link": ("link_doctype", "link_name"),
}


def permission_query_conditions(user: str | None, doctype: str) -> str:
	"""Hook of the same name: companions of documents under the rule, where the document may be seen."""
	type_field, name_field = (f"`tab{doctype}`.`{fieldname}`" for fieldname in DOCUMENT_OF[doctype])
	governed = visibility.governed_doctypes()
	conditions = {
		target: visibility.permission_query_conditions(user, target)
		for target in _targets_of(doctype, governed)
	}
	if doctype == "File":
		# What came with a message is seen with the message, and that with what it is about.
		conditions["Communication"] = permission_query_conditions(user, "Communication")
	quoted = {target: frappe.db.escape(target) for target in {*governed, *conditions}}
	allowed = [f"ifnull({type_field}, '') not in ({', '.join(quoted.values())})"]
	for target, visible in conditions.items():
		of_target = f"{type_field} = {quoted[target]}"
		if visible:
			names = f"select `tab{target}`.`name` from `tab{target}` where {visible}"
			of_target = f"({of_target} and {name_field} in ({names}))"
		allowed.append(of_target)
	return f"({' or '.join(allowed)})"


def _targets_of(doctype: str, governed: list[str]) -> list[str]:
	"""The DocTypes under the rule whose documents may have that companion."""
	if DOCUMENT_OF[doctype] != _ROW:
		return governed
	tables = {target: frappe.get_meta(target).get_table_fields() for target in governed}
	return [target for target, fields in tables.items() if any(field.options == doctype for field in fields)]


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook of the same name: False for a companion of a document that the user may not see.

	As of documents themselves, the stored row is asked as well as what was sent.
	"""
	fields = DOCUMENT_OF[doc.doctype]
	documents = {tuple(doc.get(fieldname) for fieldname in fields)}
	if doc.name and (stored := frappe.db.get_value(doc.doctype, doc.name, fields)):
		documents.add(stored)
	return all(
		not name or not visibility.is_governed(target) or visibility.can_see(target, name, user)
		for target, name in documents
	)


def check_author(doc, method: str | None = None) -> None:
	"""Event `validate`: nobody hangs something on a document that they may not see.

	Asked also where the framework writes with `ignore_permissions`, as it does for whoever asks it to assign,
	tag or follow.

	Raises frappe.PermissionError.
	"""
	target, name = (doc.get(fieldname) for fieldname in DOCUMENT_OF[doc.doctype])
	if not name or not visibility.is_governed(target) or not frappe.db.exists(target, name):
		return
	require_sight(target, name)


def require_sight(doctype: str, name: str) -> None:
	"""Raises frappe.PermissionError where the user may not see the document of a DocType under the rule."""
	if visibility.is_governed(doctype) and not visibility.can_see(doctype, name):
		frappe.throw(
			_("{0} {1} is not in your portfolio.").format(_(doctype), frappe.bold(name)),
			frappe.PermissionError,
			title=_("Not in your portfolio"),
		)
