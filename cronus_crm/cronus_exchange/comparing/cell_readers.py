"""Reads the cells of a row into the values of the fields that their columns become."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from cronus_crm.cronus_exchange.comparing.linked_names import LinkedNames
from cronus_crm.cronus_exchange.reading.rows import Cell, Row
from cronus_crm.cronus_exchange.targets.target import Target, TargetField
from cronus_crm.cronus_exchange.values import contact_data, dates, numbers
from cronus_crm.cronus_exchange.values.cell_texts import (
	clean_text,
	find_spoiled,
	remove_apostrophe,
	remove_markup,
	restore_identifier,
	simplify,
	write_cell,
)
from cronus_crm.cronus_exchange.values.formats import Formats, TooLong, UnknownValue, WrongValue
from cronus_crm.cronus_exchange.values.tax_id_cells import read_tax_id

# More digits before the decimal point do not fit into the database.
_MAX_AMOUNT = 10**12

_YES = {"1", "si", "s", "yes", "y", "x", "true", "verdadero", "v", "activo", "on"}
_NO = {"0", "no", "n", "false", "falso", "f", "inactivo", "off"}

# First words of a row of totals at the end of a table.
_TOTALS = {
	"total",
	"totales",
	"totals",
	"suma",
	"sum",
	"gran total",
	"grand total",
	"total general",
	"subtotal",
}

_TEXTS = ("text", "lines", "rich text")

# Kinds that have several values in a cell.
_SEVERAL = ("phone", "email", "phones", "emails")


@dataclass
class RowValues:
	"""What a row says. values: by part and fieldname; None for an empty cell. raw: by part and fieldname, the
	cell as it is written. errors, notes: translated texts. several: by part and fieldname, all values of a
	cell with more than one. doubts: by part and fieldname, why a text is refused unless it is stored already.
	"""

	row: Row
	values: dict[str, dict[str, Any]]
	raw: dict[str, dict[str, str]]
	errors: list[str] = field(default_factory=list)
	notes: list[str] = field(default_factory=list)
	several: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
	doubts: dict[tuple[str, str], str] = field(default_factory=dict)


class CellReaders:
	"""target: what is imported. columns: the field that each column becomes; None for one that is left out.
	refuses_wrong_tax_ids: makes an error of what is a note otherwise."""

	def __init__(
		self,
		target: Target,
		columns: list[TargetField | None],
		formats: Formats,
		refuses_wrong_tax_ids: bool = False,
	):
		self.target, self.formats = target, formats
		self.refuses_wrong_tax_ids = refuses_wrong_tax_ids
		self.links: dict[str, LinkedNames] = {}
		self.columns = [(place, known) for place, known in enumerate(columns) if known]
		self.linked = [(place, known) for place, known in self.columns if known.kind == "link"]

	def read_rows(self, rows: Iterable[Row]) -> list[RowValues]:
		"""The values of rows; those whose `error` is set have no values."""
		rows = list(rows)
		for doctype in {known.options for _place, known in self.linked}:
			places = [place for place, known in self.linked if known.options == doctype]
			names = self._names_of(doctype)
			if names.is_big:
				cells = [row.cells[place] for row in rows if not row.error for place in places]
				names.prefetch({self._read_name(cell) for cell in cells})
		return [self._read_row(row) for row in rows]

	def prefetch(self, known: TargetField, text: str) -> None:
		"""Makes a name of a record known before :meth:`read_cell`, for a field that no column becomes."""
		if known.kind == "link":
			self._names_of(known.options).prefetch({self._read_name(text)})

	def _names_of(self, doctype: str) -> LinkedNames:
		if doctype not in self.links:
			self.links[doctype] = LinkedNames(doctype)
		return self.links[doctype]

	def _read_row(self, row: Row) -> RowValues:
		parts = [part.name for part in self.target.parts]
		read = RowValues(row, {name: {} for name in parts}, {name: {} for name in parts})
		if row.error:
			read.errors.append(row.error)
			return read
		for place, known in self.columns:
			cell = row.cells[place]
			if cell == "":
				read.values[known.part.name].setdefault(known.fieldname, None)
				continue
			try:
				value = self.read_cell(cell, known, read)
			except WrongValue as wrong:
				read.errors.append(f"{known.write_heading()}: {wrong}")
				value = None
			read.raw[known.part.name][known.fieldname] = cell if isinstance(cell, str) else str(cell)
			_add_value(read, known, value)
		if is_row_of_totals(row):
			read.errors.append(
				_("it looks like a row of totals. Take it out of the file, or write the name in another way")
			)
		return read

	def read_cell(self, cell: Cell, known: TargetField, read: RowValues) -> Any:
		"""The value of a cell for a field; notes go into `read`. Raises WrongValue."""
		if isinstance(cell, str) and (spoiled := find_spoiled(cell)):
			if known.kind not in _TEXTS:
				raise WrongValue(spoiled)
			read.doubts[known.part.name, known.fieldname] = f"{known.write_heading()}: {spoiled}"
		value = _READERS[known.kind](self, cell, known, read)
		if isinstance(value, str) and known.length and len(value) > known.length:
			raise TooLong(
				_("it has {0} characters, and at most {1} fit. Shorten it.").format(len(value), known.length)
			)
		return value

	def _read_text(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		text = clean_text(cell, self.formats, lines=known.kind in ("lines", "rich text"))
		if known.kind == "rich text":
			return text or None
		plain = remove_markup(text)
		if plain != text:
			read.notes.append(_("{0}: HTML was removed").format(known.write_heading()))
			plain = clean_text(plain, self.formats, lines=known.kind == "lines")
		return plain or None

	def _read_identifier(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		text = clean_text(cell, self.formats)
		return restore_identifier(text) if text else None

	def _read_tax_id(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		text = clean_text(cell, self.formats)
		if not text:
			return None
		tax_id, note = read_tax_id(text, self.formats.tax_country)
		if note and self.refuses_wrong_tax_ids:
			raise WrongValue(note)
		if note:
			read.notes.append(note)
		return tax_id

	def _read_phones(self, cell: Cell, known: TargetField, read: RowValues) -> Any:
		return self._read_several(contact_data.read_phones(cell, self.formats), known, read)

	def _read_emails(self, cell: Cell, known: TargetField, read: RowValues) -> Any:
		return self._read_several(contact_data.read_emails(cell, self.formats), known, read)

	def _read_several(self, found: contact_data.Several, known: TargetField, read: RowValues) -> Any:
		read.notes += found.notes
		if known.kind in ("phones", "emails"):
			return found.values or None
		if len(found.values) > 1:
			if "Contact" not in read.values:
				raise WrongValue(
					_("there are several, and only one belongs here: {0}").format(", ".join(found.values))
				)
			read.several[known.part.name, known.fieldname] = found.values
		return found.values[0] if found.values else None

	def _read_website(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		return contact_data.read_website(cell, self.formats)

	def _read_number(self, cell: Cell, known: TargetField, read: RowValues) -> float | None:
		return _check_size(numbers.read_number(cell, self.formats), float)

	def _read_whole(self, cell: Cell, known: TargetField, read: RowValues) -> int | None:
		return _check_size(numbers.read_whole_number(cell, self.formats), int)

	def _read_date(self, cell: Cell, known: TargetField, read: RowValues) -> Any:
		return dates.read_date(cell, self.formats)

	def _read_moment(self, cell: Cell, known: TargetField, read: RowValues) -> Any:
		return dates.read_moment(cell, self.formats)

	def _read_link(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		text = self._read_name(cell)
		return self._names_of(known.options).resolve(text) if text else None

	def _read_name(self, cell: Cell) -> str:
		"""The name of a record or an option in a cell, as it is called here."""
		text = clean_text(cell, self.formats)
		return self.formats.other_names.get(simplify(text), text) if self.formats.other_names else text

	def _read_choice(self, cell: Cell, known: TargetField, read: RowValues) -> str | None:
		text = self._read_name(cell)
		if not text:
			return None
		options = [option for option in (known.options or "").split("\n") if option]
		context = known.part.doctype
		for option in options:
			forms = {option, *(_(option, language, context=context) for language in ("en", "es"))}
			if simplify(text) in {simplify(form) for form in forms}:
				return option
		raise UnknownValue(
			_("{0} is not one of: {1}").format(
				text, ", ".join(_(option, context=context) for option in options)
			)
		)

	def _read_check(self, cell: Cell, known: TargetField, read: RowValues) -> int | None:
		text = simplify(clean_text(cell, self.formats))
		if text in _YES:
			return 1
		if not text or text in _NO:
			return 0 if text else None
		raise WrongValue(_("{0} is neither yes nor no.").format(cell))


def _add_value(read: RowValues, known: TargetField, value: Any) -> None:
	"""Sets a value; where several columns become one field, the first that is not empty, and of telephones
	and mails all."""
	values = read.values[known.part.name]
	before = values.get(known.fieldname)
	if before is None:
		values[known.fieldname] = value
	elif value is not None and isinstance(before, tuple):
		values[known.fieldname] = (*before, *(new for new in value if new not in before))
	elif value is not None and value != before:
		read.errors.append(
			_("{0}: two columns give two values, {1} and {2}").format(known.write_heading(), before, value)
		)


def _check_size(value: Decimal | int | None, kind: type) -> Any:
	if value is None:
		return None
	if abs(value) >= _MAX_AMOUNT:
		raise WrongValue(_("{0} is too large: at most twelve digits fit.").format(value))
	return kind(value)


def is_row_of_totals(row: Row) -> bool:
	"""True for a row whose first text says that it adds up the others."""
	for cell in row.cells:
		text = simplify(cell) if isinstance(cell, str) else ""
		if text:
			return text in _TOTALS
	return False


def is_same(stored: Any, value: Any, raw: str | None) -> bool:
	"""True when a cell says what is stored: by its value, or as it is written."""
	if stored in (None, "") or value in (None, ""):
		return stored in (None, "") and value in (None, "")
	if isinstance(stored, int | float | Decimal) and isinstance(value, int | float):
		return abs(float(stored) - value) < 1e-9
	if hasattr(stored, "isoformat") or hasattr(value, "isoformat"):
		return frappe.utils.get_datetime(stored) == frappe.utils.get_datetime(value)
	if stored == value or (raw is not None and stored in (raw, remove_apostrophe(raw))):
		return True
	return (
		isinstance(stored, str) and isinstance(value, str) and _compare_text(stored) == _compare_text(value)
	)


def is_change(stored: Any, value: Any, raw: str | None = None) -> bool:
	"""True when a value changes what is stored. That a number is empty and that it is zero is the same."""
	return not is_same(stored, value, raw) and not (value in (None, "", 0) and stored in (None, "", 0))


def _compare_text(text: str) -> str:
	"""A text without what cleaning takes away from it: kinds of spaces, forms of accents, markup."""
	return " ".join(unicodedata.normalize("NFC", remove_markup(text)).split())


def write_cells(row: Row) -> list[str]:
	"""The cells of a row as text, for keeping them."""
	written = []
	for cell in row.cells:
		try:
			written.append(write_cell(cell))
		except WrongValue:
			written.append(str(cell))
	return written


_Reader = Callable[[CellReaders, Cell, TargetField, RowValues], Any]
_READERS: dict[str, _Reader] = {
	"text": CellReaders._read_text,
	"lines": CellReaders._read_text,
	"rich text": CellReaders._read_text,
	"identifier": CellReaders._read_identifier,
	"tax id": CellReaders._read_tax_id,
	"phone": CellReaders._read_phones,
	"phones": CellReaders._read_phones,
	"email": CellReaders._read_emails,
	"emails": CellReaders._read_emails,
	"website": CellReaders._read_website,
	"number": CellReaders._read_number,
	"whole number": CellReaders._read_whole,
	"date": CellReaders._read_date,
	"moment": CellReaders._read_moment,
	"link": CellReaders._read_link,
	"choice": CellReaders._read_choice,
	"yes or no": CellReaders._read_check,
}
