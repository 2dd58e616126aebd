"""Values of a row as a program sends them: numbers as JSON numbers or as texts with a point, days as
YYYY-MM-DD. Nothing is guessed: what is not as it should be is refused by its field."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from frappe import _

from cronus_crm.base.arguments import business_years, parse_date, show_value
from cronus_crm.cronus_exchange.pushing import codes

LONGEST_TEXT = 140
# As in commercial documents of our own.
LARGEST_AMOUNT = 10**12

_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?")
# Float numbers of programs are off by less than this where they mean a round one.
_NOISE = Decimal("0.000001")


class WrongTold(Exception):
	"""A value that is refused. code: of `codes.CODES`. fieldname: in `data`, with a point between table and
	column. value: as told. message: translated."""

	def __init__(self, code: str, message: str, fieldname: str | None = None, value: Any = None):
		super().__init__(message)
		self.code, self.message, self.fieldname, self.value = code, message, fieldname, value


def read_fields(
	data: Any, readers: Mapping[str, Callable[[Any, str], Any]], table: str = ""
) -> dict[str, Any]:
	"""The values of an object, each read by the reader of its field; None stays None.

	table: of a row of a table, the field with the table. Raises WrongTold.
	"""
	if not isinstance(data, dict):
		raise WrongTold(codes.BAD_VALUE, _("{0} is not an object.").format(show_value(data)), table or None)
	values = {}
	for name, value in data.items():
		fieldname = f"{table}.{name}" if table else name
		if name not in readers:
			raise WrongTold(
				codes.UNKNOWN_FIELD,
				_("There is no field {0}. Leave it out.").format(show_value(fieldname)),
				show_value(fieldname),
			)
		values[name] = None if value is None else readers[name](value, fieldname)
	return values


def read_text(value: Any, fieldname: str) -> str | None:
	"""A text without spaces around it, or a whole number as one; None for an empty one."""
	if isinstance(value, int) and not isinstance(value, bool):
		value = str(value)
	if not isinstance(value, str) or not _is_storable(value):
		raise WrongTold(
			codes.BAD_VALUE, _("{0} is not a text.").format(show_value(value)), fieldname, show_value(value)
		)
	text = value.strip()
	if len(text) > LONGEST_TEXT:
		raise WrongTold(
			codes.TOO_LONG,
			_("The text has {0} characters. Shorten it to {1}.").format(len(text), LONGEST_TEXT),
			fieldname,
			text,
		)
	return text or None


def _is_storable(text: str) -> bool:
	"""False for control characters and for halves of characters, which no database keeps."""
	try:
		text.encode()
	except UnicodeEncodeError:
		return False
	return not any(ord(char) < 32 and char not in "\t\n\r" for char in text)


def read_number(value: Any, fieldname: str) -> Decimal:
	"""A finite number that a document may have."""
	number = _parse_number(value)
	if number is None or abs(number) >= LARGEST_AMOUNT:
		raise WrongTold(
			codes.BAD_VALUE,
			_("{0} is not a number as it is needed here, as in 1234.56.").format(show_value(value)),
			fieldname,
			show_value(value),
		)
	return number


def _parse_number(value: Any) -> Decimal | None:
	if isinstance(value, bool):
		return None
	if isinstance(value, int):
		return Decimal(value) if abs(value) < LARGEST_AMOUNT else None
	if isinstance(value, float):
		return Decimal(repr(value)) if math.isfinite(value) else None
	if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
		try:
			return Decimal(value.strip())
		except InvalidOperation:
			return None
	return None


def read_day(value: Any, fieldname: str) -> date:
	"""A day in the years of business."""
	day = parse_date(value, business_years()) if isinstance(value, str) else None
	if not day:
		raise WrongTold(
			codes.BAD_VALUE,
			_("{0} is not a day in these years, as in 2026-01-31.").format(show_value(value)),
			fieldname,
			show_value(value),
		)
	return day


def read_list(value: Any, fieldname: str, most: int) -> list:
	"""A list of at most so many rows."""
	if not isinstance(value, list):
		raise WrongTold(codes.BAD_VALUE, _("{0} is not a list.").format(show_value(value)), fieldname)
	if len(value) > most:
		raise WrongTold(
			codes.TOO_LONG,
			_("The list has {0} rows, and {1} at most go in.").format(len(value), most),
			fieldname,
		)
	return value


def round_told(amount: Decimal, decimals: int) -> Decimal | None:
	"""The amount with the decimals of its currency; None for one that has more, and means them."""
	rounded = amount.quantize(Decimal(1).scaleb(-decimals))
	return rounded if abs(rounded - amount) < _NOISE else None
