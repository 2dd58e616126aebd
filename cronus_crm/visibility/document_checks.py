"""What is asked of a document before anything else reads it, on every way in which it is written: insert,
save, submit, update after submit, cancel.

The framework's events come later, and not all of them on every way: a document is cancelled without
`validate`, and controllers speak before the hooks of an app. `replaced/writes.py` calls these from inside the
framework's own steps.
"""

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document
from frappe.utils.caching import request_cache
from frappe.utils.html_utils import sanitize_html

from cronus_crm.base.arguments import FIRST_YEAR, LAST_YEAR, parse_date
from cronus_crm.visibility import ownership

# What a column of amounts holds: twelve digits before the point.
MAX_AMOUNT = 10**12

_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?")
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_TIME = r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_MOMENT = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})([ T]{_TIME})?")
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!?]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")

# Sent as they stand on the page, and shown to others: what of them looks like a page is shown as one.
_TEXT_TYPES = frozenset({"Data", "Small Text", "Text", "Long Text", "Text Editor", "Select", "Read Only"})

# What the framework keeps beside our documents and shows to those who see them, with what a person wrote.
_TEXT_BESIDE_DOCUMENTS = frozenset(
	{"Contact", "Address", "Comment", "Communication", "ToDo", "Event", "File", "Auto Repeat", "Tag", "Note"}
)

# A browser that is given these runs what is in them.
_ACTIVE_FILES = (
	".svg",
	".svgz",
	".html",
	".htm",
	".xhtml",
	".shtml",
	".mht",
	".mhtml",
	".xml",
	".xsl",
	".js",
	".swf",
)


@request_cache
def is_ours(doctype: str) -> bool:
	"""True for the DocTypes of this app, tables included, and for those of the framework under the rule."""
	return (frappe.get_meta(doctype).module or "").startswith("Cronus ") or ownership.is_governed(doctype)


def check_values(doc: Document) -> None:
	"""Every value of a document of ours is of the kind that its field holds.

	Raises frappe.ValidationError, naming the field and the value, for a number that is none or too large, a
	date that does not exist, is not written as YYYY-MM-DD or is outside of 1900 to 2199, a list where a text
	belongs, a colour that is none.
	"""
	if not is_ours(doc.doctype):
		return
	for row in _list_rows(doc):
		checks = _field_checks(row.doctype)
		for fieldname, value in row.__dict__.items():
			if value is None or value == "" or not (found := checks.get(fieldname)):
				continue
			field, check = found
			if not check(value):
				_refuse_value(row, field, value)


def _list_rows(doc: Document) -> list[Document]:
	"""The document and the rows of its tables; what a client sends in the place of a row is refused."""
	rows = [doc]
	for field in doc.meta.get_table_fields():
		for row in doc.get(field.fieldname) or []:
			if not isinstance(row, Document):
				_refuse_value(doc, field, row)
			rows.append(row)
	return rows


@request_cache
def _field_checks(doctype: str) -> dict[str, tuple[Any, Callable[[Any], bool]]]:
	fields = frappe.get_meta(doctype).fields
	checks = {
		field.fieldname: (field, _CHECK_BY_FIELDTYPE.get(field.fieldtype, _is_text)) for field in fields
	}
	return {name: found for name, found in checks.items() if found[0].fieldtype not in table_fields}


def _is_text(value) -> bool:
	return isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)


def _is_number(value) -> bool:
	if isinstance(value, str):
		if not _NUMBER.fullmatch(value.strip()):
			return False
		value = float(value)
	if not isinstance(value, int | float | Decimal):
		return False
	return math.isfinite(value) and abs(value) < MAX_AMOUNT


def _is_whole(value) -> bool:
	if isinstance(value, str):
		return bool(_WHOLE.fullmatch(value.strip())) and abs(int(value)) < MAX_AMOUNT
	return _is_number(value)


def _is_date(value) -> bool:
	if isinstance(value, datetime.date):
		return FIRST_YEAR <= value.year <= LAST_YEAR
	return isinstance(value, str) and parse_date(value) is not None


def _is_moment(value) -> bool:
	if isinstance(value, datetime.date):
		return FIRST_YEAR <= value.year <= LAST_YEAR
	match = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
	return bool(match) and parse_date(match[1]) is not None


def _is_time(value) -> bool:
	if isinstance(value, datetime.time | datetime.timedelta):
		return True
	return (
		isinstance(value, str) and bool(re.fullmatch(_TIME, value.strip())) and int(value.split(":")[0]) < 24
	)


def _is_colour(value) -> bool:
	return isinstance(value, str) and bool(_COLOUR.fullmatch(value))


_CHECK_BY_FIELDTYPE = {
	**dict.fromkeys(("Currency", "Float", "Percent", "Rating", "Duration"), _is_number),
	**dict.fromkeys(("Int", "Check"), _is_whole),
	"Date": _is_date,
	"Datetime": _is_moment,
	"Time": _is_time,
	"Color": _is_colour,
	# What the framework parses itself.
	**dict.fromkeys(("JSON", "Code", "Geolocation"), lambda value: True),
}


def _refuse_value(row: Document, field, value) -> None:
	label = frappe.bold(_(field.label, context=row.doctype))
	if row.get("parentfield") and row.idx:
		label = _("Row {0}: {1}").format(row.idx, label)
	shown = frappe.bold(frappe.utils.escape_html(str(value)[:140]))
	messages = {
		_is_number: _(
			"{0}: {1} is not a number. Write it with a point for decimals, and at most twelve digits before."
		),
		_is_whole: _("{0}: {1} is not a whole number."),
		_is_date: _("{0}: {1} is not a date from 1900 to 2199. Write it as YYYY-MM-DD."),
		_is_moment: _("{0}: {1} is not a date and time from 1900 to 2199. Write it as YYYY-MM-DD HH:MM:SS."),
		_is_time: _("{0}: {1} is not a time of day. Write it as HH:MM."),
		_is_colour: _("{0}: {1} is not a colour. Write it as #RRGGBB."),
	}
	check = _CHECK_BY_FIELDTYPE.get(field.fieldtype, _is_text)
	message = messages.get(check) or _("{0}: {1} is not what belongs there.")
	frappe.throw(message.format(label, shown), title=_("Value not understood"))


def check_rows(doc: Document) -> None:
	"""The rows of a document are its own.

	Asked for every DocType: the framework writes each row under the name that it was sent with, and so takes
	it from the document, an issued one too, that it belongs to.

	Raises frappe.PermissionError for a row of another document.
	"""
	before = doc.get_doc_before_save()
	own = {row.name for row in before.get_all_children()} if before else set()
	for row in doc.get_all_children():
		if not row.name or row.is_new() or row.name in own or row.get("docstatus") is None:
			continue
		stored = frappe.db.get_value(row.doctype, row.name, ("parent", "parenttype"))
		if stored and stored != (doc.name, doc.doctype):
			frappe.throw(
				_("Row {0} of {1} belongs to another document. Add a new row instead.").format(
					row.idx, frappe.bold(_(doc.meta.get_label(row.parentfield)))
				),
				frappe.PermissionError,
			)


def check_unchanged(doc: Document) -> None:
	"""An issued document is cancelled as it stands. The framework compares values after submit, and not when
	a document is cancelled.

	Raises frappe.UpdateAfterSubmitError, naming the field.
	"""
	before = doc.get_doc_before_save()
	if doc.get("_action") != "cancel" or not before or not is_ours(doc.doctype):
		return
	rows_before = {row.name: row for row in before.get_all_children()}
	rows = doc.get_all_children()
	if {row.name for row in rows} != set(rows_before):
		_refuse_change(_("Rows"))
	for row, stored in [(doc, before), *((row, rows_before[row.name]) for row in rows)]:
		for field in row.meta.fields:
			if field.allow_on_submit or field.is_virtual or field.fieldtype in table_fields:
				continue
			value, old = row.get(field.fieldname), stored.get(field.fieldname)
			if (
				value != old
				and (value or old)
				and row.get_value(field.fieldname) != stored.get_value(field.fieldname)
			):
				_refuse_change(_(field.label, context=row.doctype))


def _refuse_change(label: str) -> None:
	frappe.throw(
		_("{0} cannot be changed while the document is cancelled. Cancel it as it stands.").format(
			frappe.bold(label)
		),
		frappe.UpdateAfterSubmitError,
	)


def check_series(doc: Document) -> None:
	"""A new document takes its number from one of the series of its own DocType.

	Raises frappe.ValidationError for another one, which would take the numbers of other documents.
	"""
	if not (doc.is_new() and doc.get("naming_series") and is_ours(doc.doctype)):
		return
	options = [option for option in (doc.meta.get_field("naming_series").options or "").split("\n") if option]
	if options and doc.naming_series not in options:
		frappe.throw(
			_("{0} is not a series of {1}. Choose one of: {2}").format(
				frappe.bold(frappe.utils.escape_html(doc.naming_series)), _(doc.doctype), ", ".join(options)
			)
		)


def keep_active_files_private(doc: Document) -> None:
	"""A File that a browser would run is private, so that it is downloaded instead of shown as a page of the
	site.

	The framework serves public files as they are, to everybody and with the reader's session. Who administers
	the site, or its web pages, may have them public.
	"""
	before = doc.get_doc_before_save()
	if doc.doctype != "File" or doc.is_folder or doc.is_private or (before and not before.is_private):
		return
	names = [str(doc.get(fieldname) or "").lower().split("?")[0] for fieldname in ("file_name", "file_url")]
	if not any(name.endswith(_ACTIVE_FILES) for name in names):
		return
	if not {"System Manager", "Website Manager"} & set(frappe.get_roles()):
		doc.is_private = 1


def sanitise_text(doc: Document) -> None:
	"""Takes from texts what a browser would run.

	The framework leaves a text that is valid JSON as it is, such as one in quotation marks, and everything
	that is sent together with the submission.
	"""
	if not needs_sanitising(doc.doctype):
		return
	for row in [doc, *doc.get_all_children()]:
		for field in list_text_fields(row.doctype):
			value = row.get(field.fieldname)
			if isinstance(value, str) and "<" in value:
				row.set(field.fieldname, remove_scripts(value, linkify=field.fieldtype == "Text Editor"))


def needs_sanitising(doctype: str) -> bool:
	"""True for DocTypes whose texts are shown to others than those who wrote them, by us."""
	return is_ours(doctype) or doctype in _TEXT_BESIDE_DOCUMENTS


@request_cache
def list_text_fields(doctype: str) -> list:
	"""Fields of a DocType that hold what a person wrote."""
	return [
		field
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype in _TEXT_TYPES
		and not field.is_virtual
		and not field.ignore_xss_filter
		and not (field.fieldtype == "Data" and field.options == "Email")
	]


def remove_scripts(text: str, linkify: bool = False) -> str:
	"""The text without what a browser would run; one without markup as it is."""
	# Told to sanitise always, or it takes what is valid JSON for data.
	return sanitize_html(text, linkify=linkify, always_sanitize=True) if _MARKUP.search(text) else text
