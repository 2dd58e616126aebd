"""What the user has chosen for an import, read from its document into what the engine needs."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_crm.customers.tax_ids import find_country_code
from cronus_crm.cronus_exchange.proposing.columns import index_headings
from cronus_crm.cronus_exchange.reading.choices import ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import WrongFile
from cronus_crm.cronus_exchange.targets.target import Target, TargetField, find_target
from cronus_crm.cronus_exchange.values.cell_texts import simplify
from cronus_crm.cronus_exchange.values.formats import Formats
from cronus_crm.visibility import rule

# Fields of the import that decide what is read and written; a dry run holds as long as they stay.
CHOICE_FIELDS = (
	"target",
	"encoding",
	"separator",
	"quote",
	"sheet",
	"heading_line",
	"decimal_mark",
	"thousands_mark",
	"date_order",
	"first_of_partial",
	"two_digit_years",
	"country",
	"tax_country",
	"refuse_wrong_tax_ids",
	"empty_words",
	"other_names",
	"first_values",
	"writes",
	"empty_cells",
	"similar_rows",
	"seller_rule",
	"default_seller",
	"runs_automation",
)


@dataclass
class ImportSettings:
	"""columns: the field that each column of the file becomes, None for one that is left out. creates,
	updates: which rows are written. clears: whether an empty cell clears a value. creates_similar: whether
	rows like a record that is there are created. sellers: those of new records in turn, or one for all.
	seller_by_column: whether the column comes first. first_values: fields of new records and what is written
	there where a row says nothing."""

	name: str
	target: Target
	columns: list[TargetField | None]
	formats: Formats
	reading: ReadingChoices
	path: Path
	file_name: str
	creates: bool = True
	updates: bool = True
	clears: bool = False
	creates_similar: bool = False
	sellers: tuple[str, ...] = ()
	seller_by_column: bool = True
	runs_automation: bool = False
	refuses_wrong_tax_ids: bool = False
	first_values: tuple[tuple[TargetField, str], ...] = ()
	country: str | None = None


def read_settings(doc: Document) -> ImportSettings:
	"""The settings of an import (a Cronus Customer Import).

	Raises frappe.ValidationError for a choice that is missing or does not fit, and for a file that is gone.
	"""
	target = find_target(doc.target)
	fields = {known.key: known for known in target.list_fields()}
	columns = [fields.get(column.target_field) for column in doc.columns]
	_check_columns(doc, target, columns)
	return ImportSettings(
		name=doc.name,
		target=target,
		columns=columns,
		formats=read_formats(doc),
		reading=read_reading_choices(doc),
		path=find_path(doc),
		file_name=doc.file_name,
		creates=doc.writes != "Update only",
		updates=doc.writes != "Create only",
		clears=doc.empty_cells == "Clears the value",
		creates_similar=doc.similar_rows == "Created anyway",
		sellers=_read_sellers(doc, target),
		seller_by_column=doc.seller_rule == "By column",
		runs_automation=bool(doc.runs_automation),
		refuses_wrong_tax_ids=bool(doc.refuse_wrong_tax_ids),
		first_values=_read_first_values(doc, target),
		country=doc.country,
	)


def _read_pairs(doc: Document, fieldname: str) -> list[tuple[str, str]]:
	"""The lines “name = value” of a choice. Raises frappe.ValidationError for a line that is written
	otherwise."""
	pairs = []
	for number, line in enumerate((doc.get(fieldname) or "").splitlines(), start=1):
		name, sign, value = (part.strip() for part in line.partition("="))
		if not (name or value):
			continue
		if not (name and sign and value):
			frappe.throw(
				_("{0}, line {1}: write it with an equals sign, as in {2}.").format(
					_(doc.meta.get_label(fieldname)), number, _("Lost = Not won")
				)
			)
		pairs.append((name, value))
	return pairs


def _read_first_values(doc: Document, target: Target) -> tuple[tuple[TargetField, str], ...]:
	fields = [known for known in target.list_fields() if known.part is target.root]
	by_key, headings, found = {known.key: known for known in fields}, index_headings(fields), []
	for name, value in _read_pairs(doc, "first_values"):
		known = by_key.get(headings.get(simplify(name)))
		if not known or known.fieldname == "name":
			frappe.throw(
				_("{0}: {1} is no field of {2}. Write its label.").format(
					_(doc.meta.get_label("first_values")),
					frappe.bold(frappe.utils.escape_html(name)),
					_(target.root.doctype),
				)
			)
		found.append((known, value))
	return tuple(found)


def read_reading_choices(doc: Document) -> ReadingChoices:
	"""How the file of an import is read."""
	return ReadingChoices(
		doc.encoding or "UTF-8",
		doc.separator or "Comma",
		doc.quote or "Double",
		doc.sheet or None,
		doc.heading_line or 0,
	)


def read_formats(doc: Document) -> Formats:
	"""How the values in the file of an import are written."""
	return Formats(
		decimal_mark=doc.decimal_mark or "Comma",
		thousands_mark=doc.thousands_mark or "None",
		date_order=doc.date_order or "DD/MM/YYYY",
		first_of_partial=bool(doc.first_of_partial),
		two_digit_years=bool(doc.two_digit_years),
		country=find_country_code(doc.country),
		tax_country=find_country_code(doc.tax_country),
		empty_words=frozenset(
			word.lower() for line in (doc.empty_words or "").splitlines() for word in [line.strip()] if word
		),
		other_names={simplify(name): value for name, value in _read_pairs(doc, "other_names")},
	)


def find_path(doc: Document) -> Path:
	"""Where the file of an import is stored.

	Raises frappe.ValidationError without a file, or when the user may not read it.
	"""
	if not doc.file:
		frappe.throw(_("Choose the file first."))
	found = frappe.get_all("File", {"file_url": doc.file}, pluck="name", order_by="creation desc", limit=20)
	for name in found:
		file = frappe.get_doc("File", name)
		if file.has_permission("read"):
			path = Path(file.get_full_path())
			if path.is_file():
				return path
	frappe.throw(_("The file {0} is not there any more. Attach it again.").format(doc.file_name or doc.file))


def throw_wrong_file(wrong: WrongFile) -> None:
	"""Raises frappe.ValidationError with what a file is."""
	frappe.throw(str(wrong), title=_("This file cannot be read"))


def choices_key(doc: Document) -> str:
	"""A hash of all choices of an import; another one after any change of them."""
	values = [str(doc.get(fieldname) or "") for fieldname in (*CHOICE_FIELDS, "file")]
	values += [f"{column.heading}\t{column.target_field or ''}" for column in doc.columns]
	values += [row.seller for row in doc.sellers]
	return hashlib.sha256("\n".join(values).encode()).hexdigest()[:40]


def _check_columns(doc: Document, target: Target, columns: list[TargetField | None]) -> None:
	chosen = [known for known in columns if known]
	root = target.root
	if not any(known.part is root for known in chosen):
		frappe.throw(
			_(
				"Say which column is {0}: no column becomes a field of {1}. "
				"A file without headings needs them in its first row."
			).format(frappe.bold(_(root.name)), _(root.doctype))
		)
	for column, known in zip(doc.columns, columns, strict=True):
		if column.target_field and not known:
			frappe.throw(
				_("Column {0}: {1} is no field that you may fill. Choose another.").format(
					frappe.bold(frappe.utils.escape_html(column.heading or "")),
					frappe.bold(frappe.utils.escape_html(column.target_field)),
				)
			)


def _read_sellers(doc: Document, target: Target) -> tuple[str, ...]:
	"""The sellers of new records. Raises frappe.ValidationError for one outside the user's team."""
	if not target.has_seller:
		return ()
	if doc.seller_rule == "In turn":
		sellers = tuple(row.seller for row in doc.sellers)
	else:
		sellers = (doc.default_seller,) if doc.default_seller else ()
	if doc.seller_rule != "By column" and not sellers:
		frappe.throw(_("Choose the sellers of the new records."))
	team = set(rule.visible_sellers(target.root.doctype))
	for seller in sellers:
		if seller not in team:
			frappe.throw(
				_("{0} is not a seller of your team. Choose one who is.").format(frappe.bold(seller)),
				frappe.PermissionError,
			)
	return sellers
