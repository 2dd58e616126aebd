"""Reads the data of rows into values of fields, as strictly as programs can be asked to be: numbers and dates
have one form, names of records and options are those of the import."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import frappe
from frappe import _

from cronus_crm.base.arguments import is_number, parse_date, parse_moment
from cronus_crm.cronus_crm.customers.tax_ids import find_country_code
from cronus_crm.cronus_exchange.comparing.cell_readers import CellReaders, RowValues
from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.refusals import find_code
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from cronus_crm.cronus_exchange.reading.rows import Row
from cronus_crm.cronus_exchange.targets.target import Part, Target, TargetField
from cronus_crm.cronus_exchange.values.cell_texts import clean_text
from cronus_crm.cronus_exchange.values.formats import Formats, TooLong, WrongValue

# Bytes of a column of several lines.
_MAX_LINES = 65_535
_MAX_WHOLE = 2**31
_WHOLE = re.compile(r"[+-]?\d{1,15}")

_SEVERAL = ("phones", "emails")


class DataReader:
	"""part: of a target, whose fields (and custom fields) rows may have. references: its fields that name
	other records of the source, which are not read here. aliases: other names of fields."""

	def __init__(
		self, part: Part, context: PushContext, references: Iterable[str] = (), aliases: dict | None = None
	):
		target = Target(part.doctype, (part,))
		self.part, self.context, self.aliases = part, context, aliases or {}
		self.references = frozenset(references)
		self.fields = {known.fieldname: known for known in target.list_fields() if known.fieldname != "name"}
		country = find_country_code(frappe.get_system_settings("country"))
		self.formats = Formats("Point", "None", "YYYY-MM-DD", False, False, country, country, frozenset())
		self.readers = CellReaders(target, [], self.formats)
		self.readers.links = context.links

	def read(self, rows: Sequence[PushedRow]) -> None:
		"""Sets `values` of rows: None for what was told to be empty. Refuses a row with the first thing that
		is wrong in it."""
		told = [(row, self.flatten(row.data)) for row in rows]
		self._prefetch([data for _row, data in told])
		for row, data in told:
			if row.is_open:
				self._read_row(row, data)

	def read_value(self, fieldname: str, told: Any, notes: list[str] | None = None) -> Any:
		"""The value of a field. Raises WrongValue."""
		known = self.fields[fieldname]
		if told is None or told == "" or told == []:
			return None
		if isinstance(told, dict) or (isinstance(told, list) and known.kind not in _SEVERAL):
			raise WrongValue(_("it has to be one text or number"))
		if known.kind in _STRICT:
			return _STRICT[known.kind](self, told, known)
		return self._read_text(told, known, notes if notes is not None else [])

	def flatten(self, data: dict) -> dict[str, Any]:
		"""Data of a row by fieldname; of a table of columns, each as “table:key”."""
		found = {}
		for name, value in data.items():
			fieldname = self.aliases.get(name, name)
			if fieldname == self.part.table and isinstance(value, dict):
				found.update({f"{fieldname}:{key}": item for key, item in value.items()})
			else:
				found[fieldname] = value
		return found

	def _prefetch(self, told: Sequence[dict]) -> None:
		"""Has big DocTypes find all that rows name at once."""
		for known in self.fields.values():
			if known.kind == "link" and known.fieldname not in self.references:
				texts = {
					clean_text(value, self.formats)
					for data in told
					if isinstance(value := data.get(known.fieldname), str)
				}
				if texts:
					self.context.find_links(known.options).prefetch(texts)

	def _read_row(self, row: PushedRow, data: dict[str, Any]) -> None:
		for name, told in data.items():
			if name in self.references:
				continue
			if name not in self.fields:
				row.refuse(
					codes.UNKNOWN_FIELD,
					_("{0} is no field of {1} that you may fill.").format(name[:140], _(self.part.doctype)),
					name[:140],
				)
				return
			try:
				row.values[name] = self.read_value(name, told, row.notes)
			except WrongValue as wrong:
				message = f"{self.fields[name].write_heading()}: {wrong}"
				row.refuse(find_code(wrong), message, name, told)
				return

	def _read_text(self, told: Any, known: TargetField, notes: list[str]) -> Any:
		items = told if isinstance(told, list) else [told]
		if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
			raise WrongValue(_("it has to be a text"))
		read = RowValues(Row(0, ()), {}, {})
		value = self.readers.read_cell("; ".join(str(item) for item in items), known, read)
		notes += read.notes
		if known.kind == "lines" and value and len(value.encode()) > _MAX_LINES:
			raise TooLong(_("it has more than {0} bytes. Shorten it.").format(_MAX_LINES))
		return value

	def _read_identifier(self, told: Any, known: TargetField) -> str | None:
		if isinstance(told, bool) or not isinstance(told, str | int):
			raise WrongValue(_("it has to be a text"))
		text = clean_text(str(told), self.formats)
		if known.length and len(text) > known.length:
			raise TooLong(
				_("it has {0} characters, and at most {1} fit. Shorten it.").format(len(text), known.length)
			)
		return text or None

	def _read_number(self, told: Any, known: TargetField) -> float:
		if isinstance(told, bool) or not is_number(told):
			raise WrongValue(_("it has to be a number, as in 1234.56"))
		return float(told)

	def _read_whole(self, told: Any, known: TargetField) -> int:
		whole = isinstance(told, int) or (isinstance(told, str) and _WHOLE.fullmatch(told.strip()))
		if isinstance(told, bool) or not whole or not -_MAX_WHOLE < int(told) < _MAX_WHOLE:
			raise WrongValue(_("it has to be a whole number"))
		return int(told)

	def _read_date(self, told: Any, known: TargetField) -> Any:
		if not isinstance(told, str) or not (day := parse_date(told)):
			raise WrongValue(_("it has to be a date, as in 2026-11-27"))
		return day

	def _read_moment(self, told: Any, known: TargetField) -> Any:
		if not isinstance(told, str) or not (moment := parse_moment(told)):
			raise WrongValue(_("it has to be a date and time, as in 2026-11-27 10:00:00"))
		return moment

	def _read_check(self, told: Any, known: TargetField) -> int:
		if told not in (True, False):
			raise WrongValue(_("it has to be true or false"))
		return int(told)


_STRICT: dict[str, Callable[[DataReader, Any, TargetField], Any]] = {
	"identifier": DataReader._read_identifier,
	"number": DataReader._read_number,
	"whole number": DataReader._read_whole,
	"date": DataReader._read_date,
	"moment": DataReader._read_moment,
	"yes or no": DataReader._read_check,
}
