"""Reads a table from text or from a workbook, row by row: a file of a million rows needs no more memory than
one of ten thousand, except that a workbook is unpacked as a whole."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from frappe import _

from cronus_crm.cronus_exchange.reading.choices import ENCODINGS, QUOTES, SEPARATORS, ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import TEXT, WrongFile, find_kind

# What a cell holds: text, or in workbooks also numbers, dates, times and truth values. An empty one is "".
Cell = str | int | float | bool | date | datetime | time | timedelta

# A longer cell is what follows a quotation mark that is never closed.
MAX_CELL = 1_000_000

_BLOCK = 1 << 20

# Stands for bytes that are no character in the encoding; no text holds it.
UNREADABLE = "\udcff"

_STATED_SEPARATOR = re.compile(r"^sep=.(?=\r?\n?$)", re.IGNORECASE)

_MARK_UNREADABLE = "cronus_mark_unreadable"
codecs.register_error(_MARK_UNREADABLE, lambda error: (UNREADABLE, error.end))


@dataclass(frozen=True)
class Row:
	"""A row of the file.

	line: number of the line on which it begins, from 1; in a workbook, of the row. cells: their values.
	error: why the row cannot be read, translated; its cells are then what can be shown of it.
	"""

	line: int
	cells: tuple[Cell, ...]
	error: str | None = None

	@property
	def is_empty(self) -> bool:
		return not self.error and all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


def iterate_rows(path: Path, choices: ReadingChoices, file_name: str = "") -> Iterator[Row]:
	"""All rows of a file, empty ones and the heading included.

	Raises WrongFile where it is no table, or has no such sheet.
	"""
	if find_kind(path, file_name) == TEXT:
		return _iterate_text(path, choices)
	return _iterate_workbook(path, choices.sheet, file_name)


def estimate_rows(path: Path, choices: ReadingChoices, file_name: str = "") -> int:
	"""About how many rows follow the heading, for showing progress. Line ends within cells and empty rows
	count."""
	if find_kind(path, file_name) != TEXT:
		return max(sum(1 for _row in _iterate_workbook(path, choices.sheet, file_name)) - 1, 0)
	ends = {b"\n": 0, b"\r": 0}
	with path.open("rb") as file:
		while block := file.read(_BLOCK):
			for end in ends:
				ends[end] += block.count(end)
	return max(*ends.values(), 1) - 1


def _iterate_text(path: Path, choices: ReadingChoices) -> Iterator[Row]:
	with path.open(encoding=ENCODINGS[choices.encoding], errors=_MARK_UNREADABLE, newline="") as file:
		for row in parse_rows(_empty_preamble(file), choices):
			if any(UNREADABLE in cell for cell in row.cells):
				yield Row(row.line, row.cells, _("it has bytes that are no character in the chosen encoding"))
			else:
				yield row


def _empty_preamble(lines: Iterator[str]) -> Iterator[str]:
	"""The lines without a byte order mark, and without the separator that Excel states in a first line of its
	own (“sep=;”), which stays as an empty one."""
	for number, line in enumerate(lines):
		if not number:
			line = line.removeprefix("\ufeff")
			line = _STATED_SEPARATOR.sub("", line)
		yield line


def parse_rows(lines: Iterator[str], choices: ReadingChoices) -> Iterator[Row]:
	"""The rows of lines of text, each with its line ending.

	A row whose quotation marks do not match has an `error`, and the next one is read on.
	"""
	csv.field_size_limit(MAX_CELL)
	quote = QUOTES[choices.quote]
	reader = csv.reader(
		lines,
		delimiter=SEPARATORS[choices.separator],
		quotechar=quote,
		quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
		strict=True,
	)
	line = 1
	while True:
		try:
			cells = next(reader)
		except StopIteration:
			return
		except csv.Error:
			yield Row(
				line,
				(),
				_("its quotation marks do not match: one is opened and not closed, or text follows it"),
			)
		else:
			yield Row(line, tuple(cells))
		line = reader.line_num + 1


def list_sheets(path: Path) -> list[str]:
	"""Names of the sheets of a workbook that hold tables, in their order."""
	from python_calamine import CalamineWorkbook

	return list(CalamineWorkbook.from_path(str(path)).sheet_names)


def _iterate_workbook(path: Path, sheet: str | None, file_name: str) -> Iterator[Row]:
	from python_calamine import CalamineError, CalamineWorkbook

	try:
		book = CalamineWorkbook.from_path(str(path))
	except CalamineError as error:
		raise WrongFile(
			_("{0} cannot be read: it is protected or damaged. Save it again, without a password.").format(
				file_name or path.name
			)
		) from error
	if sheet and sheet not in book.sheet_names:
		raise WrongFile(
			_("{0} has no sheet {1}. Choose one of: {2}").format(
				file_name or path.name, sheet, ", ".join(book.sheet_names)
			)
		)
	page = book.get_sheet_by_name(sheet or book.sheet_names[0])
	# It gives empty rows at the top, and leaves out empty columns on the left.
	skipped = page.start[1] if page.start else 0
	for line, cells in enumerate(page.iter_rows(), start=1):
		yield Row(line, ("",) * skipped + tuple(cells))


@dataclass(frozen=True)
class Heading:
	"""line: of the headings. texts: of each column, from the left; "" for a column without one."""

	line: int
	texts: tuple[str, ...]


def read_heading(rows: Iterator[Row], choices: ReadingChoices) -> Heading:
	"""Takes rows from the iterator up to the heading.

	Raises WrongFile for a file without one.
	"""
	for row in rows:
		if choices.heading_line and row.line < choices.heading_line:
			continue
		if row.error:
			raise WrongFile(_("Line {0}: {1}.").format(row.line, row.error))
		if not row.is_empty:
			return Heading(row.line, tuple(clean_heading(cell) for cell in row.cells))
		if choices.heading_line:
			break
	raise WrongFile(_("The file has no row with headings. Choose a file whose first row names the columns."))


def clean_heading(cell: Cell) -> str:
	return " ".join(str(cell).replace("\N{NO-BREAK SPACE}", " ").split())


def iterate_data(path: Path, choices: ReadingChoices, file_name: str = "") -> Iterator[Row]:
	"""The rows below the heading, without empty ones, each with as many cells as there are headings.

	A row with more than empty cells beyond the headings has an `error`.
	"""
	rows = iterate_rows(path, choices, file_name)
	heading = read_heading(rows, choices).texts
	for row in rows:
		if not row.is_empty:
			yield row if row.error else _check_row(_fit(row, len(heading)), heading)


def _check_row(row: Row, heading: tuple[str, ...]) -> Row:
	"""A row with an `error` where it is the heading once more, as on the pages of a printed table."""
	if len(heading) < 2 or clean_heading(row.cells[0]) != heading[0]:
		return row
	if tuple(map(clean_heading, row.cells)) != heading:
		return row
	return Row(row.line, row.cells, _("it repeats the headings. Take it out of the file"))


def _fit(row: Row, width: int) -> Row:
	if len(row.cells) == width:
		return row
	beyond = row.cells[width:]
	error = None
	if any(str(cell).strip() for cell in beyond):
		error = _("it has {0} cells, and there are {1} headings").format(len(row.cells), width)
	return Row(row.line, (*row.cells[:width], *("",) * (width - len(row.cells))), error)


def read_first_rows(path: Path, choices: ReadingChoices, count: int, file_name: str = "") -> Sequence[Row]:
	"""The first rows below the heading, at most `count`."""
	found = []
	for row in iterate_data(path, choices, file_name):
		found.append(row)
		if len(found) == count:
			break
	return found
