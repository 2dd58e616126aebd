"""Numbers as people write them, by the marks that the user has chosen."""

import math
import re
from decimal import Decimal, InvalidOperation
from functools import cache

from frappe import _

from cronus_crm.cronus_exchange.reading.rows import Cell
from cronus_crm.cronus_exchange.values.cell_texts import clean_text, restore_identifier
from cronus_crm.cronus_exchange.values.formats import DECIMAL_MARKS, THOUSANDS_MARKS, Formats, WrongValue

# Signs and codes of currencies beside an amount.
_CURRENCY = r"(?:[A-Z]{1,3}\$|[$€£₡₲¢]|S/\.?|Bs\.?|Q|[A-Z]{3})"
_AROUND = re.compile(rf"^{_CURRENCY}?\s*(?P<number>.*?)\s*{_CURRENCY}?$")
_SCIENTIFIC = re.compile(r"\d[.,]?\d*[eE]\+?\d{1,2}")


@cache
def _pattern(formats_marks: tuple[str, str]) -> re.Pattern:
	decimal, thousands = map(re.escape, formats_marks)
	whole = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|\d+" if thousands else r"\d+"
	return re.compile(rf"(?P<sign>[+-]?)\s*(?P<whole>{whole})?(?:{decimal}(?P<decimals>\d*))?")


def read_number(cell: Cell, formats: Formats) -> Decimal | None:
	"""The number in a cell; None for an empty one.

	Raises WrongValue for what is no number in the chosen marks.
	"""
	if isinstance(cell, int | float) and not isinstance(cell, bool):
		if not math.isfinite(cell):
			raise WrongValue(_("{0} is not a number.").format(cell))
		return Decimal(repr(cell))
	text = clean_text(cell, formats)
	if not text:
		return None
	marks = DECIMAL_MARKS[formats.decimal_mark], THOUSANDS_MARKS[formats.thousands_mark]
	number = _AROUND.match(text)["number"].removesuffix("%").strip()
	negative = number.startswith("(") and number.endswith(")")
	if negative:
		number = number[1:-1]
	if _SCIENTIFIC.fullmatch(number):
		return Decimal(restore_identifier(number))
	match = _pattern(marks).fullmatch(number)
	if not match or not (match["whole"] or match["decimals"]):
		raise WrongValue(
			_("{0} is not a number with the chosen marks, as in {1}.").format(text, write_example(formats))
		)
	whole = re.sub(r"\D", "", match["whole"] or "0")
	try:
		value = Decimal(f"{match['sign']}{whole}.{match['decimals'] or '0'}")
	except InvalidOperation:
		raise WrongValue(_("{0} is not a number.").format(text)) from None
	return -value if negative else value


def read_whole_number(cell: Cell, formats: Formats) -> int | None:
	"""The whole number in a cell; None for an empty one.

	Raises WrongValue for anything else: a range (“101 a 250”) or a part of a date (“2010-07”) is none.
	"""
	value = read_number(cell, formats)
	if value is not None and value != value.to_integral_value():
		raise WrongValue(_("{0} is not a whole number.").format(cell))
	return None if value is None else int(value)


def write_example(formats: Formats) -> str:
	"""A number in the chosen marks, for messages."""
	thousands = THOUSANDS_MARKS[formats.thousands_mark]
	return f"1{thousands}234{DECIMAL_MARKS[formats.decimal_mark]}56"
