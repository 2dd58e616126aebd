"""Proposes how numbers and dates are written in a file, by what its first rows hold."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cronus_crm.cronus_exchange.reading.rows import Cell, Row
from cronus_crm.cronus_exchange.targets.target import TargetField
from cronus_crm.cronus_exchange.values import dates
from cronus_crm.cronus_exchange.values.formats import DATE_ORDERS, Formats, WrongValue

# Numbers by which a mark is known: more marks than one of a kind, or other than three digits behind it.
_EVIDENCE = {
	("Comma", "Point"): re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}"),
	("Comma", "None"): re.compile(r"\d+,(\d{1,2}|\d{4,})"),
	("Comma", "Space"): re.compile(r"\d{1,3}( \d{3})+(,\d+)?"),
	("Point", "Comma"): re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}"),
	("Point", "None"): re.compile(r"\d+\.(\d{1,2}|\d{4,})"),
	("Point", "Apostrophe"): re.compile(r"\d{1,3}('\d{3})+(\.\d+)?"),
}

_DATE_KINDS, _NUMBER_KINDS = ("date", "moment"), ("number", "whole number")


def propose_formats(rows: Sequence[Row], columns: Sequence[TargetField | None], default: Formats) -> Formats:
	"""The formats with which most cells of the columns of numbers and dates can be read.

	default: what is proposed where nothing speaks for another.
	"""
	decimal, thousands = _propose_marks(_list_texts(rows, columns, _NUMBER_KINDS), default)
	found = replace(default, decimal_mark=decimal, thousands_mark=thousands)
	texts = list(_list_texts(rows, columns, _DATE_KINDS))
	failures = count_failures(texts, found)
	best = min(DATE_ORDERS, key=lambda order: (failures[order], order != default.date_order))
	return replace(found, date_order=best)


def _list_texts(
	rows: Sequence[Row], columns: Sequence[TargetField | None], kinds: Sequence[str]
) -> Iterable[str]:
	places = [place for place, known in enumerate(columns) if known and known.kind in kinds]
	for row in rows:
		for place in places:
			if place < len(row.cells) and isinstance(row.cells[place], str) and row.cells[place].strip():
				yield row.cells[place].strip()


def _propose_marks(texts: Iterable[str], default: Formats) -> tuple[str, str]:
	"""Decimal and thousands mark."""
	seen: Counter = Counter()
	for text in texts:
		digits = re.sub(r"[^\d.,' -]", "", text).strip(" -")
		for marks, pattern in _EVIDENCE.items():
			if pattern.fullmatch(digits):
				seen[marks] += 1
	if not seen:
		return default.decimal_mark, default.thousands_mark
	decimals = Counter()
	for (decimal, _thousands), number in seen.items():
		decimals[decimal] += number
	decimal = decimals.most_common(1)[0][0]
	with_thousands = [
		(number, marks[1]) for marks, number in seen.items() if marks[0] == decimal and marks[1] != "None"
	]
	return decimal, max(with_thousands)[1] if with_thousands else "None"


def count_failures(texts: Sequence[str], formats: Formats) -> dict[str, int]:
	"""How many of these texts are no date, by order."""
	failures = dict.fromkeys(DATE_ORDERS, 0)
	for order in DATE_ORDERS:
		tried = replace(formats, date_order=order, first_of_partial=True, two_digit_years=True)
		failures[order] = sum(not can_read(dates.read_moment, text, tried) for text in texts)
	return failures


def can_read(read, cell: Cell, formats: Formats) -> bool:
	"""True when a cell can be read by a function of `values/`."""
	try:
		read(cell, formats)
	except WrongValue:
		return False
	return True
