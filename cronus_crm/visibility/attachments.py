"""What the framework keeps beside documents, and shows without asking whether the document may be seen: rows
of tables, tags, followers, assignments, comments, mails, files, repetitions.

Reading them and hanging them on a document follow the rule of the document; see `rule.py`.
"""

import frappe
from frappe import _

from cronus_crm.visibility import ownership, prepared_reports, rule
from cronus_crm.visibility.ownership import Beside, RowOf


def sql_condition(user: str, doctype: str) -> str:
	"""As SQL: what belongs to documents under the rule, where the document may be seen, and all that belongs
	to none."""
	return _build_sql_condition(doctype, _sql_conditions_by_target(_list_targets(doctype), user))


def sql_condition_of_files(user: str, doctype: str = "File") -> str:
	"""The same of files. What came with a message is seen with the message, and that with what it is
	about."""
	conditions = _sql_conditions_by_target(_list_targets(doctype), user)
	conditions["Communication"] = sql_condition_of_messages(user)
	conditions["Prepared Report"] = prepared_reports.sql_condition(user)
	return _build_sql_condition(doctype, conditions)


def sql_condition_of_messages(user: str, doctype: str = "Communication") -> str:
	"""The same of messages, which belong to the documents that they are linked with as well."""
	return _build_sql_condition(
		doctype, _sql_conditions_by_target(_list_targets(doctype), user), _build_link_condition(user)
	)


def _build_sql_condition(doctype: str, conditions: dict[str, str], of_others: str | None = None) -> str:
	"""conditions: for each DocType that something may belong to, which of its documents the user sees.
	of_others: what is asked besides of what belongs to none of them."""
	type_field, _name_field = _reference_columns(doctype)
	others = (
		f"ifnull({type_field}, '') not in ({_quote_names({*ownership.governed_doctypes(), *conditions})})"
	)
	if of_others:
		others = f"({others} and {of_others})"
	return f"({' or '.join([others, *_build_visible_conditions(doctype, conditions)])})"


def _reference_fields(doctype: str) -> tuple[str, str]:
	beside: Beside = ownership.find_ownership(doctype)
	return beside.doctype_field, beside.name_field


def _reference_columns(doctype: str) -> list[str]:
	return [f"`tab{doctype}`.`{fieldname}`" for fieldname in _reference_fields(doctype)]


def _quote_names(names) -> str:
	return ", ".join(frappe.db.escape(name) for name in sorted(names))


def _sql_conditions_by_target(targets: list[str], user: str | None) -> dict[str, str]:
	return {target: rule.sql_condition(user, target) for target in targets}


def _build_visible_conditions(doctype: str, conditions: dict[str, str]) -> list[str]:
	"""For each DocType a condition that something belongs to one of its documents, and that this may be
	seen."""
	type_field, name_field = _reference_columns(doctype)
	found = []
	for target, visible in conditions.items():
		of_target = f"{type_field} = {frappe.db.escape(target)}"
		names = f"select `tab{target}`.`name` from `tab{target}` where {visible}"
		found.append(f"({of_target} and {name_field} in ({names}))" if visible else of_target)
	return found


def _build_link_condition(user: str) -> str:
	"""A message about something else, such as an event, belongs to the documents that it is linked with as
	well."""
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
	"""The DocTypes under the rule to whose documents something of that DocType may belong."""
	governed = ownership.governed_doctypes()
	if not isinstance(ownership.find_ownership(doctype), RowOf):
		return governed
	tables = {target: frappe.get_meta(target).get_table_fields() for target in governed}
	return [target for target, fields in tables.items() if any(field.options == doctype for field in fields)]


def permits(doc, ptype: str, user: str) -> bool:
	"""False for what belongs to a document that the user may not see.

	As of documents themselves, the stored row is asked as well as what was sent.
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
	"""The same of a message; of one about something else, such as an event, what it is linked with is
	asked."""
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
	"""A notice is for whom it names, and for whoever administers the site. The framework asks in lists
	only."""
	return (
		doc.is_new()
		or doc.get(ownership.find_ownership(doc.doctype).user_field) == user
		or user == "Administrator"
		or "System Manager" in frappe.get_roles(user)
	)


def check_author(doc) -> None:
	"""For the validate of what belongs to documents: nobody hangs it on one that they may not see.

	Asked also where the framework writes with `ignore_permissions`, as it does for whoever asks it to assign,
	tag or follow.

	Raises frappe.PermissionError.
	"""
	target, name = (doc.get(fieldname) for fieldname in _reference_fields(doc.doctype))
	if not name or not ownership.is_governed(target) or not frappe.db.exists(target, name):
		return
	check_visible(target, name)


def is_hidden(doctype: str, name: str) -> bool:
	"""True for a document that the user may not see: one under the rule, something beside one, and any other
	of which the framework, or an app, says so."""
	if ownership.is_governed(doctype):
		return not rule.can_see(doctype, name)
	if not frappe.db.exists(doctype, name):
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
	"""Raises frappe.PermissionError where the user may not see the document; see `is_hidden`."""
	if is_hidden(doctype, name):
		frappe.throw(
			_("{0} {1} is not in your portfolio.").format(_(doctype), frappe.bold(name)),
			frappe.PermissionError,
			title=_("Not in your portfolio"),
		)
