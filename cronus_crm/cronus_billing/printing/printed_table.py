"""A printed table: the widths of its columns, and the division of its rows among pages."""

from collections.abc import Sequence
from dataclasses import dataclass

import frappe

from cronus_crm.base import pdf_engine
from cronus_crm.cronus_billing.printing import page_breaks

# Millimetres, as in `templates/print/style.html`: change both together.
_VERTICAL_MARGINS, _HORIZONTAL_MARGINS = 28, 24
_PAGES = {"A4": (210, 297), "A5": (148, 210), "Letter": (216, 279), "Legal": (216, 356)}
_LINE_HEIGHT, _ROW_PADDING, _HEADER_HEIGHT = 4.2, 2.6, 14
_FONT_POINTS = 9
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
	footer inside the lower margin.
	"""

	columns: tuple[Column, ...]
	pages: tuple[tuple[Row, ...], ...]
	engine_breaks: bool
	by_chrome: bool = False


def make_table(rows: Sequence[Row], columns: Sequence[Column], above: float) -> Table:
	"""A table with its rows divided among pages. above: the height in use over it on the first page, in
	millimetres."""
	engine_breaks = pdf_engine.repeats_table_headers()
	pages = (tuple(rows),) if engine_breaks else _split_into_pages(rows, columns, above)
	return Table(
		tuple(columns), pages, engine_breaks, by_chrome=pdf_engine.requested_engine() == pdf_engine.CHROME
	)


def make_column(
	rows: Sequence[Row], field: str, label: str, most: float | None = None, right: bool = False
) -> Column:
	"""A column as wide as its widest text or label. most: its maximal width, in millimetres."""
	widest = max((page_breaks.text_width(row[field], _FONT_POINTS) for row in rows), default=0)
	# Bold labels are about 10 % wider. 4 mm more: 3 of padding, and 1 for errors of the estimated width.
	wide = max(widest, page_breaks.text_width(label, _FONT_POINTS) * 1.1) + 4
	return Column(field, label, round(min(wide, most or wide), 1), right)


def _split_into_pages(
	rows: Sequence[Row], columns: Sequence[Column], above: float
) -> tuple[tuple[Row, ...], ...]:
	width, height = _PAGES.get(
		frappe.db.get_single_value("Print Settings", "pdf_page_size"), _PAGES["Letter"]
	)
	room = height - _VERTICAL_MARGINS - _HEADER_HEIGHT - _RESERVE
	left = width - _HORIZONTAL_MARGINS - sum(column.width or 0 for column in columns)
	widths = {column.field: (column.width or left) - 3 for column in columns}
	heights = [_estimate_row_height(row, widths) for row in rows]
	return tuple(tuple(rows[page]) for page in page_breaks.split_into_pages(heights, room - above, room))


def _estimate_row_height(row: Row, widths: dict[str, float]) -> float:
	lines = max(
		page_breaks.count_lines(row[field], max(width, 10), _FONT_POINTS) for field, width in widths.items()
	)
	return lines * _LINE_HEIGHT + _ROW_PADDING
