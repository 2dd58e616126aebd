"""A printed table: the widths of its columns, and the division of its rows among pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import frappe

from cronus_crm.base import pdf_engine
from cronus_crm.cronus_billing.printing import page_breaks

# Millimetres, as in `templates/print/style.html`: change both together.
_VERTICAL_MARGINS, _HORIZONTAL_MARGINS = 28, 24
_PAGES = {"A4": (210, 297), "A5": (148, 210), "Letter": (216, 279), "Legal": (216, 356)}
_LINE_HEIGHT, _ROW_PADDING, _HEADER_HEIGHT = 4.2, 2.6, 14
_FONT_POINTS = 9
# What a column without a width has at least: three short words.
_LEAST_FREE_WIDTH = 26
# Kept free on each page, as heights are estimated and not measured.
_RESERVE = 6

# The text of each cell by the field of its column; rows in bold type have a key `bold`.
Row = dict[str, str]


@dataclass(frozen=True)
class Column:
	"""field: key of the rows. width: in millimetres; None takes the remaining width. right: aligned right."""

	field: str
	label: str
	width: float | None
	right: bool = False


@dataclass(frozen=True)
class Table:
	"""pages: the rows of each page; all in one where the PDF engine breaks tables itself. engine_breaks:
	whether it does; it then numbers the pages too. by_chrome: whether the engine is Chrome, which prints the
	footer inside the lower margin. points: the size of its type, smaller where long amounts need the room.
	"""

	columns: tuple[Column, ...]
	pages: tuple[tuple[Row, ...], ...]
	engine_breaks: bool
	by_chrome: bool = False
	points: float = _FONT_POINTS


def make_table(rows: Sequence[Row], columns: Sequence[Column], above: float) -> Table:
	"""A table with its rows divided among pages. above: the height in use over it on the first page, in
	millimetres."""
	engine_breaks = pdf_engine.repeats_table_headers()
	columns, points = _fit_columns(columns)
	pages = (tuple(rows),) if engine_breaks else _split_into_pages(rows, columns, above, points)
	return Table(
		tuple(columns),
		pages,
		engine_breaks,
		by_chrome=pdf_engine.requested_engine() == pdf_engine.CHROME,
		points=points,
	)


def _fit_columns(columns: Sequence[Column]) -> tuple[list[Column], float]:
	"""The columns, narrower where all together are wider than the page, and the size of their type."""
	needed = sum(column.width or _LEAST_FREE_WIDTH for column in columns)
	points = fit_type(needed)
	narrower = points / _FONT_POINTS
	if narrower == 1:
		return list(columns), points
	return [
		replace(column, width=column.width and round(column.width * narrower, 1)) for column in columns
	], points


def fit_type(needed: float) -> float:
	"""The size of type, in points, in which what needs so many millimetres at the usual size fits into the
	width of the page. It is rounded down."""
	room = _read_page_size()[0] - _HORIZONTAL_MARGINS
	return _FONT_POINTS if needed <= room else int(_FONT_POINTS * 10 * room / needed) / 10


def _read_page_size() -> tuple[float, float]:
	return _PAGES.get(frappe.db.get_single_value("Print Settings", "pdf_page_size"), _PAGES["Letter"])


def estimate_width(*texts: str) -> float:
	"""The width, in millimetres, that texts side by side need in cells at the usual size of type.

	Where a printer has none of the fonts of the style, the one that it takes is up to 12 % wider.
	"""
	widths = [page_breaks.text_width(text, _FONT_POINTS) for text in texts]
	return sum(width + 3 + max(1, width * 0.12) for width in widths)


def make_column(
	rows: Sequence[Row], field: str, label: str, most: float | None = None, right: bool = False
) -> Column:
	"""A column as wide as its widest text or label. most: its maximal width, in millimetres."""
	widest = max((estimate_width(row[field]) for row in rows), default=0)
	# Bold labels are about 10 % wider.
	wide = max(widest, estimate_width(label) * 1.1)
	return Column(field, label, round(min(wide, most or wide), 1), right)


def _split_into_pages(
	rows: Sequence[Row], columns: Sequence[Column], above: float, points: float
) -> tuple[tuple[Row, ...], ...]:
	width, height = _read_page_size()
	room = height - _VERTICAL_MARGINS - _HEADER_HEIGHT - _RESERVE
	left = width - _HORIZONTAL_MARGINS - sum(column.width or 0 for column in columns)
	widths = {column.field: (column.width or left) - 3 for column in columns}
	heights = [_estimate_row_height(row, widths, points) for row in rows]
	return tuple(tuple(rows[page]) for page in page_breaks.split_into_pages(heights, room - above, room))


def _estimate_row_height(row: Row, widths: dict[str, float], points: float) -> float:
	lines = max(
		page_breaks.count_lines(row[field], max(width, 10), points) for field, width in widths.items()
	)
	return lines * _LINE_HEIGHT + _ROW_PADDING
