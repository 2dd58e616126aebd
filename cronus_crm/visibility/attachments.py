"""Records that the framework attaches to a document: rows of tables, tags, followers, assignments, comments,
e-mails, files, repetitions.

The framework shows many of them without checking the document that they refer to. Here, reading such a record
and attaching one to a document require that the user may see that document; see `rule.py`.
"""

import frappe
from frappe import _

from cronus_crm.visibility import ownership, prepared_reports, rule
from cronus_crm.visibility.ownership import Beside, RowOf


def sql_condition(user: str, doctype: str) -> str:
	"""SQL condition for the records of a DocType (`Beside` or `RowOf`): those that refer to a governed
	document that the user sees, and those that refer to none."""
	return _build_sql_condition(doctype, _sql_conditions_by_target(_list_targets(doctype), user))


def sql_condition_of_files(user: str, doctype: str = "File") -> str:
	"""SQL condition for files: by the document to which a file is attached. A file of a message is seen with
	the message, and the result of a prepared report by the user who requested it."""
	conditions = _sql_conditions_by_target(_list_targets(doctype), user)
	conditions["Communication"] = sql_condition_of_messages(user)
	conditions["Prepared Report"] = prepared_reports.sql_condition(user)
	return _build_sql_condition(doctype, conditions)


def sql_condition_of_messages(user: str, doctype: str = "Communication") -> str:
	"""SQL condition for messages: by the document of their reference, otherwise by their links."""
	return _build_sql_condition(
		doctype, _sql_conditions_by_target(_list_targets(doctype), user), _build_link_condition(user)
	)


def _build_sql_condition(doctype: str, conditions: dict[str, str], of_others: str | None = None) -> str:
	"""conditions: by DocType of the reference, the SQL condition of its documents that the user sees.
	of_others: an additional condition for records that refer to none of these DocTypes."""
	type_field, _name_field = _reference_columns(doctype)
	others = (
		f"ifnull({type_field}, '') not in ({_quote_names({*ownership.governed_doctypes(), *conditions})})"
	)
	if of_others:
		others = f"({others} and {of_others})"
	return f"({' or '.join([others, *_build_visible_conditions(doctype, conditions)])})"


def _reference_fields(doctype: str) -> tuple[str, str]:
	"""The fields with the DocType and the name of the document that a record refers to."""
	beside: Beside = ownership.find_ownership(doctype)
	return beside.doctype_field, beside.name_field


def _reference_columns(doctype: str) -> list[str]:
	return [f"`tab{doctype}`.`{fieldname}`" for fieldname in _reference_fields(doctype)]


def _quote_names(names) -> str:
	return ", ".join(frappe.db.escape(name) for name in sorted(names))


def _sql_conditions_by_target(targets: list[str], user: str | None) -> dict[str, str]:
	return {target: rule.sql_condition(user, target) for target in targets}


def _build_visible_conditions(doctype: str, conditions: dict[str, str]) -> list[str]:
	"""For each DocType, the SQL condition that a record refers to a document of it that the user sees."""
	type_field, name_field = _reference_columns(doctype)
	found = []
	for target, visible in conditions.items():
		of_target = f"{type_field} = {frappe.db.escape(target)}"
		names = f"select `tab{target}`.`name` from `tab{target}` where {visible}"
		found.append(f"({of_target} and {name_field} in ({names}))" if visible else of_target)
	return found


def _build_link_condition(user: str) -> str:
	"""SQL condition for messages without a governed reference, such as those about an event: the user is
	their author, or they have no link to a governed document, or the user sees one of the linked
	documents."""
	governed = ownership.governed_doctypes()
	linked = f"`tabCommunication Link`.`link_doctype` in ({_quote_names(governed)})"
	of_message = "`tabCommunication Link`.`parent` = `tabCommunication`.`name`"
	visible = " or ".join(
		_build_visible_conditions("Communication Link", _sql_conditions_by_target(governed, user))
	)
	return (
		f"(`tabCommunication`.`owner` = {frappe.db.escape(user)}"
		f" or not exists (select 1 from `tabCommunication Link` where {of_message} and {linked})"
		f" or exists (select 1 from `tabCommunication Link` where {of_message} and ({visible})))"
	)


def _list_targets(doctype: str) -> list[str]:
	"""The governed DocTypes to whose documents a record of `doctype` may refer; for a table, those that
	contain it."""
	governed = ownership.governed_doctypes()
	if not isinstance(ownership.find_ownership(doctype), RowOf):
		return governed
	tables = {target: frappe.get_meta(target).get_table_fields() for target in governed}
	return [target for target, fields in tables.items() if any(field.options == doctype for field in fields)]


def permits(doc, ptype: str, user: str) -> bool:
	"""False for a record that refers to a document that the user may not see.

	The reference as sent and the stored one are both checked. Otherwise a client could send another reference
	and take the record over.
	"""
	fields = _reference_fields(doc.doctype)
	documents = {tuple(doc.get(fieldname) for fieldname in fields)}
	if doc.name and (stored := frappe.db.get_value(doc.doctype, doc.name, fields)):
		documents.add(stored)
	return all(
		not name or not ownership.is_governed(target) or rule.can_see(target, name, user)
		for target, name in documents
	)


def permits_message(doc, ptype: str, user: str) -> bool:
	"""False for a message about a document that the user may not see.

	Without a governed reference, its author and its links decide: see :func:`_build_link_condition`.
	"""
	return permits(doc, ptype, user) and (
		doc.owner == user or ownership.is_governed(doc.reference_doctype) or _has_visible_link(doc, user)
	)


def _has_visible_link(message, user: str) -> bool:
	links = [
		(link.link_doctype, link.link_name)
		for link in message.get("timeline_links") or []
		if ownership.is_governed(link.link_doctype)
	]
	return not links or any(rule.can_see(*link, user) for link in links)


def permits_notice(doc, ptype: str, user: str) -> bool:
	"""True for a notice of the user, and for System Managers. The framework restricts only lists of
	notices."""
	return (
		doc.is_new()
		or doc.get(ownership.find_ownership(doc.doctype).user_field) == user
		or user == "Administrator"
		or "System Manager" in frappe.get_roles(user)
	)


def check_author(doc) -> None:
	"""For the event `validate` of records that refer to a document: the user must see that document.

	This is checked also with `ignore_permissions`, because the framework uses it when a user assigns, tags or
	follows a document.

	Raises frappe.PermissionError.
	"""
	target, name = (doc.get(fieldname) for fieldname in _reference_fields(doc.doctype))
	if not name or not ownership.is_governed(target) or not frappe.db.exists(target, name):
		return
	check_visible(target, name)


def is_hidden(doctype: str, name: str) -> bool:
	"""True for a document that exists and that the session's user may not see.

	Governed documents follow the rule, records that refer to one follow it too, and for all others the
	permissions of the framework and of other apps decide.
	"""
	if ownership.is_governed(doctype):
		return not rule.can_see(doctype, name)
	if not frappe.db.exists("DocType", doctype, cache=True) or not frappe.db.exists(doctype, name):
		return False
	owned = ownership.find_ownership(doctype)
	if isinstance(owned, Beside):
		target, of_name = frappe.db.get_value(doctype, name, _reference_fields(doctype))
		if of_name and not rule.may_disclose(target, of_name):
			return True
		if owned.read_by_framework or frappe.get_meta(doctype).istable:
			return False
	return not any(frappe.has_permission(doctype, ptype, name) for ptype in ("select", "read"))


def check_visible(doctype: str, name: str) -> None:
	"""Raises frappe.PermissionError when the session's user may not see the document; see `is_hidden`."""
	if is_hidden(doctype, name):
		frappe.throw(
			_("{0} {1} is not in your portfolio.").format(_(doctype), frappe.bold(name)),
			frappe.PermissionError,
			title=_("Not in your portfolio"),
		)
