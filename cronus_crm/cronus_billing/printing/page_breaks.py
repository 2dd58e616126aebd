"""Where the table of a printed document breaks, for a PDF engine that repeats no header and cuts rows in two.
wkhtmltopdf without its patched Qt, as distributions package it, is one.

How high a row comes out is reckoned from the widths of letters; whoever asks keeps a margin for what comes
out higher. Millimetres throughout, except the size of letters, in points. Pure: no framework, no database.
"""

import re
from collections.abc import Sequence

_MM_PER_POINT = 25.4 / 72
# Widths of letters of Helvetica, and of what is as wide (Arial, Liberation Sans), in parts of their size.
_NARROW, _THIN, _DIGIT, _CAPITAL, _WIDE, _OTHER = 0.28, 0.35, 0.556, 0.7, 0.9, 0.54
_WIDTHS = {
	**dict.fromkeys("ijlíI|.,:;'! /", _NARROW),
	**dict.fromkeys('ftr()-[]"', _THIN),
	**dict.fromkeys("mwMW%@", _WIDE),
}


def text_width(text: str, points: float) -> float:
	"""How wide a line of text comes out."""
	return sum(_letter(letter) for letter in text) * points * _MM_PER_POINT


def _letter(letter: str) -> float:
	if known := _WIDTHS.get(letter):
		return known
	if letter.isdigit():
		return _DIGIT
	# Letters of scripts that are as wide as high are capitals at least.
	return _CAPITAL if letter.isupper() or ord(letter) > 0x24F else _OTHER


def count_lines(text: str, width: float, points: float) -> int:
	"""In how many lines a text stands in a column, broken between words and within those too long for it."""
	return sum(_lines_of_paragraph(paragraph, width, points) for paragraph in (text or " ").splitlines())


def _lines_of_paragraph(text: str, width: float, points: float) -> int:
	lines, used = 1, 0.0
	# A browser also breaks after a hyphen, which no space follows.
	for part in re.findall(r"\s+|[^\s-]*-|[^\s-]+", text):
		if part.isspace():
			used += text_width(" ", points) if used else 0
			continue
		wide = text_width(part, points)
		if used and used + wide > width:
			lines, used = lines + 1, 0.0
		lines += int(wide // width)
		used += wide % width
	return lines


def split_into_pages(heights: Sequence[float], first: float, others: float) -> list[slice]:
	"""The rows of each page: as many as fit; one that is higher than a page has it for itself.

	heights: of the rows, in order. first, others: what rows have on the first page and on each that follows.
	"""
	breaks, used, room = [0], 0.0, first
	for index, height in enumerate(heights):
		# The first page may have no room for any row at all.
		if used + height > room and (used or (index == 0 and height <= others)):
			breaks.append(index)
			used, room = 0.0, others
		used += height
	return [slice(start, end) for start, end in zip(breaks, [*breaks[1:], len(heights)], strict=True)]
