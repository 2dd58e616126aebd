"""Files that people open in a spreadsheet, with nothing in them that the spreadsheet would run.

A cell that begins like a formula is one, to Excel and to others; and whoever may write a name may so make the
computer of whoever exports it do something.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

# A negative number that is written as text, or the dash of an empty cell.
_NEGATIVE_NUMBER = re.compile(r"-[\d.,]*")

# A telephone number, as far as that there is nothing in it to run.
_PHONE_NUMBER = re.compile(r"[+-][\d\s().,/+-]*")

_MAX_TITLE_LENGTH = 31
_MIN_MAX_WIDTH = (10, 50)


@dataclass(frozen=True)
class Sheet:
	"""One sheet of a workbook. columns: their headings; rows: values in the same order."""

	title: str
	columns: Sequence[str]
	rows: Sequence[Sequence]


def neutralise_cell(value, keep_phones: bool = False):
	"""A value for a cell: text that a spreadsheet would run gets an apostrophe before it, the convention for
	“this is text”. Numbers, dates and everything else are given back as they are.

	keep_phones: text of digits and signs alone is left as it is, for files that will be imported again.
	"""
	if not isinstance(value, str) or not value.startswith(_FORMULA_STARTS):
		return value
	if _NEGATIVE_NUMBER.fullmatch(value) or (keep_phones and _PHONE_NUMBER.fullmatch(value)):
		return value
	return f"'{value}"


def neutralise_rows(rows: Iterable[Iterable], keep_phones: bool = False) -> list[list]:
	"""Rows of cells, each neutralised."""
	return [[neutralise_cell(value, keep_phones) for value in row] for row in rows]


def build_workbook(sheets: Sequence[Sheet]) -> bytes:
	"""The contents of an .xlsx file with these sheets, neutralised; their headings stay in sight."""
	book = Workbook(write_only=True)
	for sheet in sheets:
		_write_sheet(book.create_sheet(INVALID_TITLE_REGEX.sub(" ", sheet.title)[:_MAX_TITLE_LENGTH]), sheet)
	file = BytesIO()
	book.save(file)
	return file.getvalue()


def _write_sheet(page, sheet: Sheet) -> None:
	page.freeze_panes = "A2"
	for number, heading in enumerate(sheet.columns, start=1):
		page.column_dimensions[get_column_letter(number)].width = _column_width(
			sheet.rows, number - 1, heading
		)
	page.append([_bold_cell(page, heading) for heading in sheet.columns])
	for row in sheet.rows:
		page.append([_remove_illegal_characters(neutralise_cell(value)) for value in row])


def _bold_cell(page, heading: str) -> WriteOnlyCell:
	cell = WriteOnlyCell(page, value=neutralise_cell(heading))
	cell.font = Font(bold=True)
	return cell


def _column_width(rows: Sequence[Sequence], number: int, heading: str) -> int:
	"""As wide as the first hundred rows ask for, within reason."""
	longest = max((len(str(row[number] or "")) for row in rows[:100]), default=0)
	narrowest, widest = _MIN_MAX_WIDTH
	return min(max(longest, len(heading), narrowest), widest) + 2


def _remove_illegal_characters(value):
	return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
