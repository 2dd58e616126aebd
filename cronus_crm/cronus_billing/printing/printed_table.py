"""A table on paper: how wide its columns are, and which rows stand on which page."""

from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe.utils import flt, fmt_money

from cronus_crm.base import pdf_engine
from cronus_crm.cronus_billing.printing import page_breaks

# Millimetres; `templates/print/style.html` says the same.
_MARGINS_DOWN, _MARGINS_ACROSS = 28, 24
_PAGES = {"A4": (210, 297), "A5": (148, 210), "Letter": (216, 279), "Legal": (216, 356)}
_LINE, _ROW_PADDING, _HEADER = 4.2, 2.6, 14
_POINTS = 9
# What is kept free on each page, because heights are reckoned and not measured.
_RESERVE = 6

# The text of each cell by the field of its column; `bold` is set in rows that stand out.
Row = dict[str, str]


@dataclass(frozen=True)
class Column:
	"""field: that of the rows. width: in millimetres; None takes what is left."""

	field: str
	label: str
	width: float | None
	right: bool = False


@dataclass(frozen=True)
class Table:
	"""pages: the rows of each page; all of them in one where the PDF engine breaks tables itself.
	engine_breaks: whether it does; it then numbers pages too. by_chrome: whether it is Chrome, for which the
	foot of a page is in the place of its lower margin.
	"""

	columns: tuple[Column, ...]
	pages: tuple[tuple[Row, ...], ...]
	engine_breaks: bool
	by_chrome: bool = False


def make_table(rows: Sequence[Row], columns: Sequence[Column], above: float) -> Table:
	"""The rows on their pages. above: what stands over the table on the first page, in millimetres."""
	engine_breaks = pdf_engine.repeats_table_headers()
	pages = (tuple(rows),) if engine_breaks else _pages(rows, columns, above)
	return Table(
		tuple(columns), pages, engine_breaks, by_chrome=pdf_engine.requested_engine() == pdf_engine.CHROME
	)


def make_column(
	rows: Sequence[Row], field: str, label: str, most: float | None = None, right: bool = False
) -> Column:
	"""A column as wide as its widest text. most: of its width, in millimetres."""
	widest = max((page_breaks.text_width(row[field], _POINTS) for row in rows), default=0)
	# The label is bold; three millimetres of padding, and one for letters that are wider than reckoned.
	wide = max(widest, page_breaks.text_width(label, _POINTS) * 1.1) + 4
	return Column(field, label, round(min(wide, most or wide), 1), right)


def format_amount(number: float | None) -> str:
	"""An amount as a cell has it, without its currency; nothing where there is none."""
	return "" if number is None else fmt_money(flt(number, 2), precision=2)


def _pages(rows: Sequence[Row], columns: Sequence[Column], above: float) -> tuple[tuple[Row, ...], ...]:
	width, height = _PAGES.get(
		frappe.db.get_single_value("Print Settings", "pdf_page_size"), _PAGES["Letter"]
	)
	room = height - _MARGINS_DOWN - _HEADER - _RESERVE
	left = width - _MARGINS_ACROSS - sum(column.width or 0 for column in columns)
	widths = {column.field: (column.width or left) - 3 for column in columns}
	heights = [_height(row, widths) for row in rows]
	return tuple(tuple(rows[page]) for page in page_breaks.split_into_pages(heights, room - above, room))


def _height(row: Row, widths: dict[str, float]) -> float:
	lines = max(
		page_breaks.count_lines(row[field], max(width, 10), _POINTS) for field, width in widths.items()
	)
	return lines * _LINE + _ROW_PADDING
