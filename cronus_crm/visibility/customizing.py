"""What an administrator of the CRM may change of the forms of this app, without being a System Manager.

Labels, order, what lists and prints show, what is required, and fields of their own: yes. Whatever decides
who sees or writes something, runs code, or shows what the app hides: no. Both are lists of what is allowed,
so that a property of a later framework is refused until somebody has looked at it.
"""

import re

import frappe
from frappe import _
from frappe.custom.doctype.customize_form.customize_form import docfield_properties, doctype_properties
from frappe.model.document import Document
from frappe.utils import cint, cstr, escape_html

from cronus_crm.visibility import document_checks, ownership

SYSTEM_MANAGER = "System Manager"

# Properties of a form that may be changed.
_OF_FORM = frozenset(
	(
		*(
			"search_fields",
			"sort_field",
			"sort_order",
			"default_print_format",
			"quick_entry",
			"editable_grid",
		),
		*("max_attachments", "track_views", "show_preview_popup", "default_view", "grid_page_length"),
		*("force_re_route_to_default_view", "rows_threshold_for_grid_search"),
	)
)
# Properties of a field of the app that may be changed.
_OF_OUR_FIELDS = frozenset(
	(
		*("label", "reqd", "in_list_view", "in_standard_filter", "in_global_search", "in_preview", "bold"),
		*("description", "default", "width", "print_width", "columns", "collapsible", "print_hide"),
		*(
			"print_hide_if_no_value",
			"report_hide",
			"precision",
			"length",
			"non_negative",
			"read_only",
			"hidden",
		),
		*("allow_bulk_edit", "remember_last_selected_value", "sort_options", "placeholder"),
	)
)
# Properties of a field of one's own.
_OF_OWN_FIELDS = _OF_OUR_FIELDS | frozenset(
	("fieldtype", "options", "no_copy", "unique", "allow_on_submit", "translatable")
)
# Values of them that the framework sets by itself.
_ALWAYS_IGNORED = frozenset(("idx", "fieldname"))

# Kinds of fields of one's own: none that runs code, holds rows or points at any DocType.
_OWN_TYPES = frozenset(
	(
		*(
			"Data",
			"Small Text",
			"Text",
			"Long Text",
			"Text Editor",
			"Int",
			"Float",
			"Currency",
			"Percent",
			"Check",
		),
		*("Date", "Datetime", "Time", "Duration", "Select", "Link", "Phone", "Rating", "Color"),
		*("Attach", "Attach Image", "Section Break", "Column Break", "Tab Break", "Heading"),
	)
)
_LINKED = frozenset(("Contact", "Address", "Country", "Currency", "Language"))
_PLAIN_NAME = re.compile(r"\w*")
_EVALUATED = re.compile(r"\s*(eval:|fn:|:|__)", re.IGNORECASE)


def is_guarded() -> bool:
	"""True when the session's user customises forms as an administrator of the CRM, with the limits of this
	module."""
	return frappe.session.user != "Administrator" and SYSTEM_MANAGER not in frappe.get_roles()


def check_form(doctype: str | None) -> None:
	"""Raises frappe.PermissionError for a form of another app."""
	ours = doctype and frappe.db.exists("DocType", doctype) and document_checks.is_ours(doctype)
	if not ours or not (frappe.get_meta(doctype).module or "").startswith("Cronus "):
		frappe.throw(
			_("You may change the forms of Cronus CRM. Those of other apps a System Manager can change."),
			frappe.PermissionError,
		)


def check_changes(form: Document) -> None:
	"""Checks what a Customize Form would change, as it was sent.

	Raises frappe.PermissionError, naming the field and the property, for what only a System Manager may do.
	"""
	check_form(form.doc_type)
	meta = frappe.get_meta(form.doc_type, cached=False)
	for name in doctype_properties:
		if name not in _OF_FORM and _differs(form.get(name), meta.get(name)):
			_refuse(_(form.meta.get_label(name)))
	for table in ("actions", "links", "states"):
		_check_rows(form, meta, table)
	_refuse_markup(form.label, _("Label"))
	stored = {field.fieldname: field for field in meta.fields}
	for field in form.fields:
		present = stored.get(field.fieldname)
		if present and not (
			cint(present.get("is_custom_field")) and not cint(present.get("is_system_generated"))
		):
			_check_our_field(form.doc_type, field, present)
		else:
			_check_own_field(field, present)


def check_reset(doctype: str | None) -> None:
	"""Raises frappe.PermissionError where a reset would take back what only a System Manager may have set."""
	check_form(doctype)
	setters = frappe.get_all(
		"Property Setter", {"doc_type": doctype}, ["property", "field_name"], order_by="name asc"
	)
	order = ("field_order", "insert_after")
	for setter in setters:
		allowed = _OF_OUR_FIELDS if setter.field_name else _OF_FORM
		if setter.property not in allowed and setter.property not in order:
			_refuse(setter.property)


def _check_our_field(doctype: str, field: Document, present) -> None:
	for name in docfield_properties:
		if name in _ALWAYS_IGNORED or not _differs(field.get(name), present.get(name)):
			continue
		if name not in _OF_OUR_FIELDS:
			_refuse(name, field)
		if (
			name in ("hidden", "read_only")
			and not cint(field.get(name))
			and _is_so_by_the_app(doctype, field, name)
		):
			_refuse(name, field)
	_check_texts(field, present)


def _is_so_by_the_app(doctype: str, field: Document, name: str) -> bool:
	return bool(
		cint(frappe.db.get_value("DocField", {"parent": doctype, "fieldname": field.fieldname}, name))
	)


def _check_own_field(field: Document, present) -> None:
	if field.fieldtype not in _OWN_TYPES:
		_refuse(_("Type"), field)
	for name in docfield_properties:
		if name in _ALWAYS_IGNORED or name in _OF_OWN_FIELDS:
			continue
		if _differs(field.get(name), present.get(name) if present else None):
			_refuse(name, field)
	if field.fieldtype == "Link" and not _may_link(field.options):
		_refuse(_("Options"), field)
	if field.fieldtype in ("Currency", "Float", "Percent") and not _PLAIN_NAME.fullmatch(cstr(field.options)):
		_refuse(_("Options"), field)
	_refuse_markup(field.options, _("Options"))
	_check_texts(field, present)


def _may_link(doctype: str | None) -> bool:
	if not doctype or not frappe.db.exists("DocType", doctype):
		return False
	return doctype in _LINKED or (
		ownership.find_ownership(doctype) is not None and not frappe.get_meta(doctype).istable
	)


def _check_texts(field: Document, present) -> None:
	"""Labels and descriptions are put into pages as they are, and a default that is an expression is run."""
	texts = (("label", _("Label")), ("description", _("Description")), ("placeholder", _("Placeholder")))
	for name, label in texts:
		if not present or _differs(field.get(name), present.get(name)):
			_refuse_markup(field.get(name), label)
	is_new_default = not present or _differs(field.default, present.get("default"))
	if is_new_default and _EVALUATED.match(cstr(field.default)):
		_refuse(_("Default"), field)


def _check_rows(form: Document, meta, table: str) -> None:
	"""Actions run methods, links and states are the app's: the rows stay as they are."""

	def read(rows) -> list[tuple]:
		skipped = ("name", "idx", "creation", "modified", "owner", "modified_by", "parent", "parenttype")
		fields = [field.fieldname for field in frappe.get_meta(form.meta.get_field(table).options).fields]
		return [
			tuple(cstr(row.get(name) or "") for name in fields if name not in skipped) for row in rows or ()
		]

	if sorted(read(form.get(table))) != sorted(read(meta.get(table))):
		_refuse(_(form.meta.get_label(table)))


def _refuse_markup(text, label: str) -> None:
	if "<" in cstr(text):
		frappe.throw(_("{0} may not hold the signs < and >. Write it without them.").format(label))


def _differs(one, other) -> bool:
	return cstr(one or "").strip() != cstr(other or "").strip()


def _refuse(what: str, field: Document | None = None) -> None:
	place = f"{escape_html(_(cstr(field.label) or cstr(field.fieldname)))}: " if field else ""
	frappe.throw(
		_("{0}{1} may be changed by a System Manager only.").format(
			place, frappe.bold(escape_html(cstr(what)))
		),
		frappe.PermissionError,
		title=_("Not yours to change"),
	)
