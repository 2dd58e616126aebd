"""What the framework keeps beside documents, and shows without asking whether the document may be seen: rows
of tables, tags, followers, assignments, comments, mails, files, repetitions.

Reading them and hanging them on a document follow the rule of the document; see `visibility.py`.
"""

import frappe
from frappe import _

from cronus_crm.visibility import prepared_reports, rule

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
	type_field, _name_field = _columns(doctype)
	governed = rule.governed_doctypes()
	conditions = _rules_of(_targets_of(doctype, governed), user)
	if doctype == "File":
		# What came with a message is seen with the message, and that with what it is about.
		conditions["Communication"] = permission_query_conditions(user, "Communication")
		conditions["Prepared Report"] = prepared_reports.permission_query_conditions(user)
	others = f"ifnull({type_field}, '') not in ({_quoted({*governed, *conditions})})"
	if doctype == "Communication":
		others = f"({others} and {_seen_by_links(user, governed)})"
	return f"({' or '.join([others, *_conditions_of_visible(doctype, conditions)])})"


def _columns(doctype: str) -> list[str]:
	return [f"`tab{doctype}`.`{fieldname}`" for fieldname in DOCUMENT_OF[doctype]]


def _quoted(names) -> str:
	return ", ".join(frappe.db.escape(name) for name in sorted(names))


def _rules_of(targets: list[str], user: str | None) -> dict[str, str]:
	return {target: rule.permission_query_conditions(user, target) for target in targets}


def _conditions_of_visible(doctype: str, conditions: dict[str, str]) -> list[str]:
	"""For each DocType a condition that a companion belongs to one of its documents, and that may be seen."""
	type_field, name_field = _columns(doctype)
	found = []
	for target, visible in conditions.items():
		of_target = f"{type_field} = {frappe.db.escape(target)}"
		names = f"select `tab{target}`.`name` from `tab{target}` where {visible}"
		found.append(f"({of_target} and {name_field} in ({names}))" if visible else of_target)
	return found


def _seen_by_links(user: str | None, governed: list[str]) -> str:
	"""A message about something else, such as an event, belongs to the documents that it is linked with as
	well."""
	linked = f"`tabCommunication Link`.`link_doctype` in ({_quoted(governed)})"
	of_message = "`tabCommunication Link`.`parent` = `tabCommunication`.`name`"
	visible = " or ".join(_conditions_of_visible("Communication Link", _rules_of(governed, user)))
	return (
		f"(`tabCommunication`.`owner` = {frappe.db.escape(user or frappe.session.user)}"
		f" or not exists (select 1 from `tabCommunication Link` where {of_message} and {linked})"
		f" or exists (select 1 from `tabCommunication Link` where {of_message} and ({visible})))"
	)


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
		not name or not rule.is_governed(target) or rule.can_see(target, name, user)
		for target, name in documents
	)


def message_has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook `has_permission` of Communication: the same, and for a message about something else, such as an
	event, what it is linked with."""
	user = user or frappe.session.user
	return (
		has_permission(doc, ptype, user)
		and (doc.owner == user or rule.is_governed(doc.reference_doctype) or _is_seen_by_links(doc, user))
		and rule.other_hooks_allow(doc, ptype, user, f"{__name__}.message_has_permission")
	)


def _is_seen_by_links(message, user: str) -> bool:
	links = [
		(link.link_doctype, link.link_name)
		for link in message.get("timeline_links") or []
		if rule.is_governed(link.link_doctype)
	]
	return not links or any(rule.can_see(*link, user) for link in links)


def notice_has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""Hook `has_permission` of Notification Log: a notice is for whom it is. The framework asks in lists
	only."""
	user = user or frappe.session.user
	return (
		doc.is_new()
		or doc.for_user == user
		or user == "Administrator"
		or "System Manager" in frappe.get_roles(user)
	)


def check_author(doc, method: str | None = None) -> None:
	"""Event `validate`: nobody hangs something on a document that they may not see.

	Asked also where the framework writes with `ignore_permissions`, as it does for whoever asks it to assign,
	tag or follow.

	Raises frappe.PermissionError.
	"""
	target, name = (doc.get(fieldname) for fieldname in DOCUMENT_OF[doc.doctype])
	if not name or not rule.is_governed(target) or not frappe.db.exists(target, name):
		return
	check_may_see(target, name)


def is_hidden(doctype: str, name: str) -> bool:
	"""True for a document that the user may not see: one under the rule, something beside one, and any other
	of which the framework, or an app, says so."""
	if rule.is_governed(doctype):
		return not rule.can_see(doctype, name)
	if not frappe.db.exists(doctype, name):
		return False
	if doctype in DOCUMENT_OF:
		target, of_name = frappe.db.get_value(doctype, name, DOCUMENT_OF[doctype])
		if of_name and not rule.may_be_named(target, of_name):
			return True
		if doctype not in frappe.get_hooks("has_permission"):
			return False
	return not any(frappe.has_permission(doctype, ptype, name) for ptype in ("select", "read"))


def check_may_see(doctype: str, name: str) -> None:
	"""Raises frappe.PermissionError where the user may not see the document; see `is_hidden`."""
	if is_hidden(doctype, name):
		frappe.throw(
			_("{0} {1} is not in your portfolio.").format(_(doctype), frappe.bold(name)),
			frappe.PermissionError,
			title=_("Not in your portfolio"),
		)
