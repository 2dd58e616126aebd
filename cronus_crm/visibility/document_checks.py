"""Checks of a document that run before controllers and hooks, in every way of writing it: insert, save,
submit, update after submit, cancel.

The framework's events are no substitute. They run later, and not in every way: cancelling skips `validate`,
and controllers run before the hooks of an app. `replaced/write_checks.py` calls these checks from inside the
framework's own steps.
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model import std_fields, table_fields
from frappe.model.document import Document
from frappe.utils.caching import request_cache
from frappe.utils.html_utils import sanitize_html

from cronus_crm.base import arguments
from cronus_crm.base.arguments import ANY_YEARS
from cronus_crm.base.texts import keep_angle_brackets
from cronus_crm.visibility import ownership

# Dates that may be long after the others: the last day of something without an end.
_OPEN_ENDS = frozenset({"valid_to"})

_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?", re.ASCII)
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!?]")
# A picture that a browser draws and does not run.
_PASTED_PICTURE = re.compile(
	r"(<img\b[^<>]*?\ssrc\s*=\s*)([\"'])"
	r"(data:image/(?:png|jpe?g|gif|webp)(?:;filename=[^;\"'<>]*)?;base64,[A-Za-z0-9+/=\s]+)\2"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")

# Types of fields whose text the desk may insert into a page as HTML, also for other users (stored XSS).
_PLAIN_TYPES = frozenset({"Data", "Small Text", "Text", "Long Text"})
_TEXT_TYPES = frozenset({"Data", "Small Text", "Text", "Long Text", "Text Editor", "Select", "Read Only"})

# DocTypes of the framework whose texts are shown beside our documents.
_TEXT_BESIDE_DOCUMENTS = frozenset(
	{"Contact", "Address", "Comment", "Communication", "ToDo", "Event", "File", "Auto Repeat", "Tag", "Note"}
)

# Extensions of files whose scripts a browser runs when it opens them.
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
	"""True for the DocTypes of this app, tables included, and for governed DocTypes of the framework."""
	return (frappe.get_meta(doctype).module or "").startswith("Cronus ") or ownership.is_governed(doctype)


def check_values(doc: Document) -> None:
	"""Checks that each value of a document of ours has the type of its field. Makes numbers of texts such as
	"12.50", and texts of numbers. Empty values are accepted.

	Raises frappe.ValidationError, naming field and value, for: a number that is invalid, infinite or too
	large; a date that does not exist, is not in the form YYYY-MM-DD or is outside the years that
	:func:`_years_of` says; a list or mapping in a field for text; an invalid time of day or colour.
	"""
	if not is_ours(doc.doctype):
		return
	for row in _list_rows(doc):
		checks = _field_checks(row.doctype)
		for fieldname, value in row.__dict__.items():
			if value is None or value == "" or not (found := checks.get(fieldname)):
				continue
			field, check = found
			if not check(value, field):
				label = frappe.bold(_(field.label, context=row.doctype))
				if row.get("parentfield") and isinstance(row.idx, int):
					label = _("Row {0}: {1}").format(row.idx, label)
				_refuse_value(field, value, label)
			if check is _is_text:
				row.__dict__[fieldname] = value if isinstance(value, str) else str(value)
			elif isinstance(value, str):
				row.__dict__[fieldname] = _CAST_BY_CHECK.get(check, str)(value.strip())


def check_imported_value(field, value) -> str | None:
	"""The message that a cell of an import does not fit its field; None where it does.

	The importer would make another number or day of it before there is a document: of 12,50 it makes 1250.

	field: the docfield, with its DocType in `parent`. value: as in the file: a text, or what a spreadsheet
	holds.
	"""
	check = _CHECK_BY_FIELDTYPE.get(field.fieldtype)
	if not is_ours(field.parent) or check not in (_is_number, _is_whole, _is_date, _is_moment, _is_time):
		return None
	# The importer itself reads the words for yes and no.
	if field.fieldtype in ("Check", "Duration") or value is None or value == "" or check(value, field):
		return None
	return _describe_refusal(field, value, frappe.bold(_(field.label, context=field.parent)))


def _list_rows(doc: Document) -> list[Document]:
	"""The document and the rows of its tables. Raises frappe.ValidationError for a row that is not a
	document."""
	rows = [doc]
	for field in doc.meta.get_table_fields():
		for row in doc.get(field.fieldname) or []:
			if not isinstance(row, Document):
				_refuse_value(field, row, frappe.bold(_(field.label, context=doc.doctype)))
			rows.append(row)
	return rows


@request_cache
def _field_checks(doctype: str) -> dict[str, tuple[Any, Callable[[Any, Any], bool]]]:
	"""By name of the field, the field and the check of its values; without tables."""
	standard = [frappe._dict(field, is_standard=True) for field in std_fields]
	fields = [*standard, *frappe.get_meta(doctype).fields]
	checks = {
		field.fieldname: (field, _CHECK_BY_FIELDTYPE.get(field.fieldtype, _is_text)) for field in fields
	}
	return {name: found for name, found in checks.items() if found[0].fieldtype not in table_fields}


def _years_of(field) -> range:
	"""The years in which the dates of a field may be. Those that a site has added, and those of the
	framework's DocTypes, may be birth dates."""
	is_business = (
		not field.get("is_standard")
		and not field.get("is_custom_field")
		and field.fieldname not in _OPEN_ENDS
	)
	return arguments.business_years() if is_business and _is_of_the_app(field.parent) else ANY_YEARS


@request_cache
def _is_of_the_app(doctype: str) -> bool:
	return (frappe.get_meta(doctype).module or "").startswith("Cronus ")


def _is_text(value, _field) -> bool:
	return isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)


def _is_number(value, _field) -> bool:
	return arguments.is_number(value)


def _is_whole(value, field) -> bool:
	if isinstance(value, str):
		return bool(_WHOLE.fullmatch(value.strip())) and abs(int(value)) < arguments.MAX_AMOUNT
	return _is_number(value, field) and value == int(value)


def _is_date(value, field) -> bool:
	# A date that is no text comes from the database or from the server: what was stored can be cancelled.
	if isinstance(value, datetime.date):
		return value.year in ANY_YEARS
	return isinstance(value, str) and arguments.parse_date(value, _years_of(field)) is not None


def _is_moment(value, field) -> bool:
	if isinstance(value, datetime.date):
		return value.year in ANY_YEARS
	return isinstance(value, str) and arguments.parse_moment(value, _years_of(field)) is not None


def _is_time(value, _field) -> bool:
	if isinstance(value, datetime.time | datetime.timedelta):
		return True
	return isinstance(value, str) and bool(_TIME.fullmatch(value.strip()))


def _is_colour(value, _field) -> bool:
	return isinstance(value, str) and bool(_COLOUR.fullmatch(value))


_CHECK_BY_FIELDTYPE = {
	**dict.fromkeys(("Currency", "Float", "Percent", "Rating", "Duration"), _is_number),
	**dict.fromkeys(("Int", "Check"), _is_whole),
	"Date": _is_date,
	"Datetime": _is_moment,
	"Time": _is_time,
	"Color": _is_colour,
	# The framework parses these itself.
	**dict.fromkeys(("JSON", "Code", "Geolocation"), lambda value, field: True),
}


# What is a number as text becomes one, so that no controller has to ask.
_CAST_BY_CHECK = {_is_number: float, _is_whole: int}


def _refuse_value(field, value, label: str) -> None:
	frappe.throw(_describe_refusal(field, value, label), title=_("Value not understood"))


def _describe_refusal(field, value, label: str) -> str:
	"""label: the name of the field, as HTML."""
	check = _CHECK_BY_FIELDTYPE.get(field.fieldtype, _is_text)
	if check is _is_date:
		return arguments.describe_wrong_date(label, value, _years_of(field))
	if check is _is_moment:
		return arguments.describe_wrong_moment(label, value, _years_of(field))
	if check is _is_number:
		return arguments.describe_wrong_number(label, value)
	messages = {
		_is_whole: _("{0}: {1} is not a whole number."),
		_is_time: _("{0}: {1} is not a time of day. Write it as HH:MM."),
		_is_colour: _("{0}: {1} is not a colour. Write it as #RRGGBB."),
	}
	message = messages.get(check) or _("{0}: {1} is not what belongs there.")
	return message.format(label, frappe.bold(arguments.show_value(value)))


def check_rows(doc: Document) -> None:
	"""Checks that no row that is sent with a document belongs to another one, for every DocType.

	The framework updates the row whose name was sent. With the name of a foreign row it would move that row
	out of its document, even out of a submitted one.

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
	"""Checks that cancelling a document changes none of its values.

	The framework compares the values of a submitted document when it is updated, but not when it is
	cancelled.

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
	"""Checks that a new document of ours uses a naming series of its own DocType.

	Raises frappe.ValidationError for another series, which would use up the numbers of other documents.
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
	"""Makes a File private when a browser would run scripts in it, such as .svg or .html.

	Why: a public file is served from the origin of the site, so its scripts would run with the session of
	whoever opens it (stored XSS). A private one is downloaded. System Managers and Website Managers may keep
	such files public.
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
	"""Removes scripts from the texts of a document. What is no HTML stays in plain texts, with entities.

	Why: the framework does not sanitise a text that is valid JSON, such as one in quotation marks, nor any
	text that is sent together with the submission.
	"""
	if not needs_sanitising(doc.doctype):
		return
	for row in [doc, *doc.get_all_children()]:
		for field in list_text_fields(row.doctype):
			value = row.get(field.fieldname)
			if isinstance(value, str) and "<" in value:
				if field.fieldtype in _PLAIN_TYPES:
					value = keep_angle_brackets(value)
				row.set(field.fieldname, remove_scripts(value, linkify=field.fieldtype == "Text Editor"))


def needs_sanitising(doctype: str) -> bool:
	"""True for DocTypes whose texts we sanitise: ours, governed ones, and those shown beside our
	documents."""
	return is_ours(doctype) or doctype in _TEXT_BESIDE_DOCUMENTS


@request_cache
def list_text_fields(doctype: str) -> list:
	"""Fields of a DocType with text that a user may write, except those that the framework must not
	sanitise."""
	return [
		field
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype in _TEXT_TYPES
		and not field.is_virtual
		and not field.ignore_xss_filter
		and not (field.fieldtype == "Data" and field.options == "Email")
	]


def remove_scripts(text: str, linkify: bool = False) -> str:
	"""The text as sanitised HTML; a text without markup is given back unchanged.

	linkify: turns URLs in the text into links.
	"""
	if not _MARKUP.search(text):
		return text
	text, pictures = _take_out_pictures(text)
	# Without `always_sanitize`, text that is valid JSON is left as it is.
	text = sanitize_html(text, linkify=linkify, always_sanitize=True)
	for stand_in, picture in pictures.items():
		text = text.replace(stand_in, picture)
	return text


def _take_out_pictures(text: str) -> tuple[str, dict[str, str]]:
	"""The text with something else in the place of pictures that were pasted, and the pictures by that.

	Why: they are data, which is taken out of a text; the framework makes files of them afterwards.
	"""
	pictures: dict[str, str] = {}

	def take_out(found: re.Match) -> str:
		stand_in = f"cid:{frappe.generate_hash(length=20)}"
		pictures[stand_in] = found[3]
		return f"{found[1]}{found[2]}{stand_in}{found[2]}"

	return _PASTED_PICTURE.sub(take_out, text), pictures
