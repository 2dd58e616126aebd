"""Reads a file for the first time: proposes all choices, and shows by examples what they mean."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.comparing.cell_readers import CellReaders, RowValues
from cronus_crm.cronus_exchange.comparing.import_settings import (
	find_path,
	read_formats,
	read_reading_choices,
	throw_wrong_file,
)
from cronus_crm.cronus_exchange.proposing.columns import propose_columns
from cronus_crm.cronus_exchange.proposing.value_marks import propose_formats
from cronus_crm.cronus_exchange.reading.choices import ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import TEXT, WrongFile, find_kind
from cronus_crm.cronus_exchange.reading.rows import (
	Row,
	clean_heading,
	iterate_data,
	iterate_rows,
	list_sheets,
	read_first_rows,
	read_heading,
)
from cronus_crm.cronus_exchange.reading.text_formats import propose_text_choices
from cronus_crm.cronus_exchange.targets.target import Target, TargetField, find_target
from cronus_crm.cronus_exchange.values.cell_texts import clean_text
from cronus_crm.cronus_exchange.values.formats import EMPTY_WORDS, WrongValue

# Rows by which numbers and dates are known.
_SAMPLE_ROWS = 1000
# Lines among which the headings are looked for.
_HEADING_LINES = 20
# Examples of a column; rows of the preview.
EXAMPLES, PREVIEW_ROWS = 3, 5
_MAX_SHOWN = 60

# Kinds of which it is shown what a cell becomes.
_SHOWN_KINDS = ("date", "moment", "number", "whole number", "phone", "phones", "tax id", "website")


def propose_choices(doc: Document) -> None:
	"""Sets the choices and the columns of an import from its file; the caller saves it.

	Raises frappe.ValidationError for a file that is no table.
	"""
	path, target = find_path(doc), find_target(doc.target)
	try:
		choices = _propose_reading(doc, path)
		choices = replace(choices, heading_line=_propose_heading_line(doc, path, choices, target))
		heading = read_heading(iterate_rows(path, choices, doc.file_name), choices)
		rows = read_first_rows(path, choices, _SAMPLE_ROWS, doc.file_name)
	except WrongFile as wrong:
		throw_wrong_file(wrong)
	keys = propose_columns(target, heading.texts)
	_set_reading(doc, choices)
	doc.empty_words = doc.empty_words or "\n".join(EMPTY_WORDS)
	country = frappe.get_system_settings("country")
	doc.country, doc.tax_country = doc.country or country, doc.tax_country or country
	set_columns(doc, heading.texts, keys, rows)
	fields = {known.key: known for known in target.list_fields()}
	formats = propose_formats(rows, [fields.get(key) for key in keys], read_formats(doc))
	doc.decimal_mark, doc.thousands_mark = formats.decimal_mark, formats.thousands_mark
	doc.date_order = formats.date_order


def _propose_reading(doc: Document, path) -> ReadingChoices:
	if find_kind(path, doc.file_name) == TEXT:
		return propose_text_choices(path)
	return ReadingChoices(sheet=list_sheets(path)[0])


def _propose_heading_line(doc: Document, path, choices: ReadingChoices, target: Target) -> int:
	"""The line of the headings where a title or something else stands above them: the first one that has more
	known headings than the lines above, and at least two; 0 for the first line that is not empty."""
	first, best, most = None, 0, 1
	for row in islice(iterate_rows(path, choices, doc.file_name), _HEADING_LINES):
		if row.error or row.is_empty:
			continue
		keys = propose_columns(target, [clean_heading(cell) for cell in row.cells])
		number = sum(key is not None for key in keys)
		if first is None:
			first = row.line
		if number > most:
			best, most = row.line, number
	return 0 if best == first else best


def _set_reading(doc: Document, choices: ReadingChoices) -> None:
	doc.sheet, doc.heading_line = choices.sheet, choices.heading_line
	doc.encoding, doc.separator, doc.quote = choices.encoding, choices.separator, choices.quote


def set_columns(
	doc: Document, headings: Sequence[str], keys: Sequence[str | None], rows: Sequence[Row]
) -> None:
	"""Sets the table of columns, with three examples of each; empty columns without a heading stay, so that
	places are those of the file."""
	doc.set("columns", [])
	for place, heading in enumerate(headings):
		cells = (str(row.cells[place]).strip() for row in rows if place < len(row.cells))
		examples = list(islice((cell for cell in dict.fromkeys(cells) if cell), EXAMPLES))
		doc.append(
			"columns",
			{
				"column_number": place + 1,
				"heading": (heading or _("Column {0}").format(place + 1))[:140],
				"examples": " · ".join(example[:_MAX_SHOWN] for example in examples),
				"target_field": keys[place],
			},
		)


def reread_columns(doc: Document) -> None:
	"""Sets the columns anew after a change of how the file is read; what a heading becomes is kept.

	Raises frappe.ValidationError for a file that is no table.
	"""
	path, target = find_path(doc), find_target(doc.target)
	choices = read_reading_choices(doc)
	try:
		heading = read_heading(iterate_rows(path, choices, doc.file_name), choices)
		rows = read_first_rows(path, choices, _SAMPLE_ROWS, doc.file_name)
	except WrongFile as wrong:
		throw_wrong_file(wrong)
	kept = {column.heading: column.target_field for column in doc.columns}
	proposed = propose_columns(target, heading.texts)
	keys = [kept.get(text, key) for text, key in zip(heading.texts, proposed, strict=True)]
	set_columns(doc, heading.texts, keys, rows)


def build_preview(doc: Document) -> dict:
	"""What the choices mean, by examples.

	Gives back `headings`, `rows` (the first ones, as texts), `columns` with `heading`, `field` (its label)
	and `examples`: `cell`, `becomes` or `error`; and `sheets` of a workbook.
	"""
	path, target = find_path(doc), find_target(doc.target)
	fields = {known.key: known for known in target.list_fields()}
	columns = [fields.get(column.target_field) for column in doc.columns]
	choices = read_reading_choices(doc)
	try:
		rows = list(islice(iterate_data(path, choices, doc.file_name), _SAMPLE_ROWS))
		sheets = [] if find_kind(path, doc.file_name) == TEXT else list_sheets(path)
	except WrongFile as wrong:
		throw_wrong_file(wrong)
	readers = CellReaders(target, columns, read_formats(doc))
	shown = [
		{
			"heading": doc.columns[place].heading,
			"field": known.write_heading(),
			"examples": _show_examples(readers, place, known, rows),
		}
		for place, known in enumerate(columns)
		if known and known.kind in _SHOWN_KINDS
	]
	return {
		"headings": [column.heading for column in doc.columns],
		"rows": [[str(cell)[:_MAX_SHOWN] for cell in row.cells] for row in rows[:PREVIEW_ROWS]],
		"columns": [column for column in shown if column["examples"]],
		"sheets": sheets,
	}


def _show_examples(readers: CellReaders, place: int, known: TargetField, rows: Sequence[Row]) -> list[dict]:
	"""Up to three cells of a column and what they become; a cell that cannot be read is among them if there
	is one."""
	good, bad = [], []
	for row in rows:
		if row.error or place >= len(row.cells):
			continue
		cell = row.cells[place]
		try:
			if not clean_text(cell, readers.formats):
				continue
			parts = {part.name: {} for part in readers.target.parts}
			value = readers.read_cell(cell, known, RowValues(row, parts, parts))
			if len(good) < EXAMPLES:
				good.append({"cell": str(cell)[:_MAX_SHOWN], "becomes": write_value(value, known.kind)})
		except WrongValue as wrong:
			bad.append({"cell": str(cell)[:_MAX_SHOWN], "error": str(wrong)})
			if len(good) >= EXAMPLES:
				break
	return [*good[: EXAMPLES - bool(bad)], *bad[:1]] if bad else good


def write_value(value, kind: str) -> str:
	"""A value for people: dates with the name of the month, numbers with the marks of the user."""
	if kind == "date":
		return frappe.utils.formatdate(value, "d MMMM yyyy")
	if kind == "moment":
		return frappe.utils.format_datetime(value, "d MMMM yyyy HH:mm")
	if kind in ("number", "whole number"):
		return frappe.format(value, {"fieldtype": "Float" if kind == "number" else "Int"})
	return ", ".join(value) if isinstance(value, tuple) else str(value or "")
