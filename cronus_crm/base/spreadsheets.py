"""Writes files for spreadsheets without formula injection.

Excel and other programs treat a cell that begins like a formula as one. So a user who may write a name could
run a formula on the computer of another user, who exports that name and opens the file.
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

# A negative number as text, or the dash that stands for an empty cell.
_NEGATIVE_NUMBER = re.compile(r"-[\d.,]*")

# A telephone number: digits and separators only, so it cannot be a dangerous formula.
_PHONE_NUMBER = re.compile(r"[+-][\d\s().,/+-]*")

_MAX_TITLE_LENGTH = 31
_MIN_MAX_WIDTH = (10, 50)


@dataclass(frozen=True)
class Sheet:
	"""A sheet of a workbook. columns: the headings. rows: of each row its values, in the order of the
	columns."""

	title: str
	columns: Sequence[str]
	rows: Sequence[Sequence]


def neutralise_cell(value, keep_phones: bool = False):
	"""The value of a cell without formula injection: an apostrophe, the convention for text, is put before
	text that begins like a formula. Other values are given back unchanged.

	keep_phones: leaves telephone numbers such as +593 99 123 unchanged, for files that are imported again.
	"""
	if not isinstance(value, str) or not value.startswith(_FORMULA_STARTS):
		return value
	if _NEGATIVE_NUMBER.fullmatch(value) or (keep_phones and _PHONE_NUMBER.fullmatch(value)):
		return value
	return f"'{value}"


def neutralise_rows(rows: Iterable[Iterable], keep_phones: bool = False) -> list[list]:
	"""The rows with each cell neutralised; see :func:`neutralise_cell`."""
	return [[neutralise_cell(value, keep_phones) for value in row] for row in rows]


def build_workbook(sheets: Sequence[Sheet]) -> bytes:
	"""The contents of an .xlsx file with these sheets. Cells are neutralised; the row of headings is
	frozen."""
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
	"""Width of a column in characters, by its heading and the first hundred rows, within _MIN_MAX_WIDTH."""
	longest = max((len(str(row[number] or "")) for row in rows[:100]), default=0)
	narrowest, widest = _MIN_MAX_WIDTH
	return min(max(longest, len(heading), narrowest), widest) + 2


def _remove_illegal_characters(value):
	return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
