"""Where to break the table of a printed document into pages.

It is needed for PDF engines that do not repeat the header of a table and cut rows in two, such as wkhtmltopdf
without patched Qt, as Linux distributions package it.

The height of a row is estimated from the widths of its letters; the caller adds a margin for errors. All
lengths are in millimetres, font sizes in points. Pure functions: no framework, no database.
"""

import re
from collections.abc import Sequence

_MM_PER_POINT = 25.4 / 72
# Widths of letters of Helvetica (and of Arial and Liberation Sans, which are as wide), as a fraction of the
# font size: averages, for groups of letters, of the widths in the font metrics of Helvetica.
_NARROW, _THIN, _DIGIT, _CAPITAL, _WIDE, _OTHER = 0.28, 0.35, 0.556, 0.7, 0.9, 0.54
_WIDTHS = {
	**dict.fromkeys("ijlíI|.,:;'! /", _NARROW),
	**dict.fromkeys('ftr()-[]"', _THIN),
	**dict.fromkeys("mwMW%@", _WIDE),
}


def text_width(text: str, points: float) -> float:
	"""The estimated width of a line of text: Σ widths of its letters × font size (points)."""
	return sum(_letter_width(letter) for letter in text) * points * _MM_PER_POINT


def _letter_width(letter: str) -> float:
	if known := _WIDTHS.get(letter):
		return known
	if letter.isdigit():
		return _DIGIT
	# Above U+024F (end of the Latin blocks) letters may be as wide as high: counted as capitals.
	return _CAPITAL if letter.isupper() or ord(letter) > 0x24F else _OTHER


def count_lines(text: str, width: float, points: float) -> int:
	"""The estimated number of lines of a text in a column of this width: it is broken between words, and
	within a word that is wider than the column. points: the font size."""
	return sum(_count_paragraph_lines(paragraph, width, points) for paragraph in (text or " ").splitlines())


def _count_paragraph_lines(text: str, width: float, points: float) -> int:
	lines, used = 1, 0.0
	# Browsers also break after a hyphen inside a word.
	for part in re.findall(r"\s+|[^\s-]*-|[^\s-]+", text):
		if part.isspace():
			used += text_width(" ", points) if used else 0
			continue
		part_width = text_width(part, points)
		if used and used + part_width > width:
			lines, used = lines + 1, 0.0
		lines += int(part_width // width)
		used += part_width % width
	return lines


def split_into_pages(heights: Sequence[float], first: float, others: float) -> list[slice]:
	"""Divides rows among pages, as many as fit on each; a row that is higher than a page gets a page for
	itself.

	heights: of the rows, in order. first, others: the height available for rows on the first page, and on
	each of the following pages. Returns a slice of the rows for each page.
	"""
	breaks, used, room = [0], 0.0, first
	for index, height in enumerate(heights):
		# A page gets at least one row; but the first page may stay without, where the row fits on the next.
		if used + height > room and (used or (index == 0 and height <= others)):
			breaks.append(index)
			used, room = 0.0, others
		used += height
	return [slice(start, end) for start, end in zip(breaks, [*breaks[1:], len(heights)], strict=True)]
