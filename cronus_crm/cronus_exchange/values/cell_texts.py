"""Cells as text: one form of accents and spaces, no markup, nothing that stands for an empty cell."""

import html
import re
import unicodedata
from datetime import date, datetime, time, timedelta

from frappe import _

from cronus_crm.cronus_exchange.reading.rows import Cell
from cronus_crm.cronus_exchange.values.formats import Formats, WrongValue

_SPACES = re.compile(r"[^\S\n]+")
# Marks of direction, soft hyphens, zero widths, and control characters: nobody sees them.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_LINE_BREAK_TAG = re.compile(r"<\s*(?:br\s*/?|/p|/div|/li)\s*>", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE_WITH_ZERO = re.compile(r"(\d+)[.,]0")
# What a spreadsheet shows where a formula fails.
_ERRORS = frozenset(
	"#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #¡REF! #¡VALOR! #¡DIV/0! #¿NOMBRE? #¡NULO! #¡NUM! #N/D "
	"########".split()
)
# The first of two characters that stand for one of UTF-8 which was read as Windows-1252: “Ã±”, “â€œ”.
_READ_TWICE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|â€")
# Excel keeps fifteen digits of a number.
_MAX_EXACT = 10**15

# What spreadsheets take for a formula, see base/spreadsheets.py, which puts an apostrophe before it.
_NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r\n])")


def remove_apostrophe(text: str) -> str:
	"""A text without the apostrophe that our exports put before what a spreadsheet would take for a
	formula."""
	return _NEUTRALISED.sub("", text, count=1) if text.startswith("'") else text


def write_cell(cell: Cell) -> str:
	"""A cell as text, without changing what was text already.

	Raises WrongValue for a number of a workbook that has lost digits.
	"""
	if isinstance(cell, str):
		return cell
	if isinstance(cell, bool):
		return "1" if cell else "0"
	if isinstance(cell, int | float):
		if abs(cell) >= _MAX_EXACT:
			raise WrongValue(
				_("{0} has lost digits: a spreadsheet keeps fifteen. Write it again, as text.").format(cell)
			)
		return str(int(cell)) if cell == int(cell) else repr(cell)
	if isinstance(cell, datetime):
		return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
	if isinstance(cell, date | time | timedelta):
		return str(cell)
	return str(cell)


def find_spoiled(text: str) -> str | None:
	"""Why a text was spoiled by a program before, translated, with what to do; None for a good one: an error
	of a spreadsheet, or characters that were lost, or read in another encoding than they were written in."""
	if text.startswith("#") and text.strip() in _ERRORS:
		return _("{0} is an error of the spreadsheet. Correct its formula or column.").format(text)
	if "\ufffd" in text:
		return _(
			"{0} has lost characters, shown as \ufffd. Write them again, or take an earlier file."
		).format(text)
	if not _READ_TWICE.search(text):
		return None
	try:
		meant = text.encode("cp1252").decode("utf-8")
	except UnicodeError:
		return None
	return _("{0} has characters of another encoding. Probably it is {1}: save the file as UTF-8.").format(
		text, meant
	)


def clean_text(cell: Cell, formats: Formats, lines: bool = False) -> str:
	"""The text of a cell: accents composed (NFC), spaces of all kinds as one, invisible characters removed;
	"" for what counts as empty.

	lines: keeps line breaks, for fields of several lines.
	"""
	text = unicodedata.normalize("NFC", remove_apostrophe(write_cell(cell)))
	# How a workbook writes a line break within a cell that another program has made.
	text = text.replace("_x000D_", "")
	if not text.isascii() or not text.isprintable():
		text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
	if lines:
		text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
	else:
		text = " ".join(text.split())
	return "" if text.lower() in formats.empty_words else text


def remove_markup(text: str) -> str:
	"""A text without HTML: tags removed, line breaks kept, entities as characters."""
	if "<" in text and _MARKUP.search(text):
		text = _MARKUP.sub("", _LINE_BREAK_TAG.sub("\n", text))
		return html.unescape(text).strip()
	return text


def restore_identifier(text: str) -> str:
	"""An identifier (code, tax id, telephone) as it was before a spreadsheet took it for a number: without
	“.0” at its end, and without scientific notation.

	Raises WrongValue for a number in scientific notation whose last digits are not there.
	"""
	if match := _WHOLE_WITH_ZERO.fullmatch(text):
		return match[1]
	if match := _SCIENTIFIC.fullmatch(text):
		first, decimals, exponent = match[1], match[2] or "", int(match[3])
		if len(decimals) != exponent:
			raise WrongValue(
				_(
					"{0} is how a spreadsheet shortens a long number: its last digits may be lost. "
					"Format the column as text, see whether the number is complete, and save it again."
				).format(text)
			)
		return first + decimals
	return text


def simplify(text: str) -> str:
	"""A text for comparisons: lower case, without accents, letters and digits separated by single spaces."""
	plain = unicodedata.normalize("NFKD", text.casefold())
	plain = "".join(character for character in plain if not unicodedata.combining(character))
	return " ".join(re.sub(r"[\W_]+", " ", plain).split())
