"""What a file of an ERP says by its name, and its rows as those of a push.

A file is text in UTF-8 with a heading. Its headings are the fields of the push: `id`, `version` and
`cancelled` of the row, everything else of its data. They hold none of the characters that separate cells,
so that the one that the heading uses is no guess. `docs/exchange.md` tells integrators all of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from frappe import _

from cronus_crm.cronus_exchange.reading.choices import SEPARATORS, ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import TEXT, WrongFile, find_kind
from cronus_crm.cronus_exchange.reading.rows import Row, iterate_data, iterate_rows, read_heading

# By the word that begins the name of a file, in the order in which files of one look are read.
KINDS = {
	"products": "product",
	"customers": "customer",
	"branches": "branch",
	"contacts": "contact",
	"prices": "price",
	"documents": "document",
	"balances": "balance",
}

# What stands in a cell for “no value”; an empty cell says nothing of its field.
NO_VALUE = r"\N"

# Fields of the row itself; all others are of its data.
_OF_ROW = ("id", "version", "cancelled")

# Fields whose cells hold several values, with a semicolon between them.
_SEVERAL = ("emails", "phones", "mobiles")

_NAME = re.compile(rf"({'|'.join(KINDS)})(?![a-z])[\w ().-]*\.csv", re.IGNORECASE)
_FIELD = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_TRUTHS = {"true": True, "false": False}
_HEAD = 1 << 16


@dataclass(frozen=True)
class FileName:
	"""kind: of its rows, as the push knows it. is_history: whether they are of the past."""

	kind: str
	is_history: bool


@dataclass
class ExchangedRow:
	"""A row of a push. line: of the file, on which it begins. values: kind, id, data and so on."""

	line: int
	values: dict = field(default_factory=dict)


def read_name(name: str) -> FileName:
	"""What the name of a file says. Raises WrongFile for a name that says no kind."""
	match = _NAME.fullmatch(name)
	if not match:
		raise WrongFile(
			_(
				"{0} does not say what it holds. Begin its name with one of: {1}; for example"
				" customers-2026-11-27.csv."
			).format(name, ", ".join(KINDS))
		)
	return FileName(KINDS[match[1].lower()], name.lower().endswith(".history.csv"))


def file_order(name: str) -> tuple[int, str]:
	"""Sorts files as their rows stand on each other, and within a kind by their names."""
	words = [word for word in KINDS if name.lower().startswith(word)]
	return (list(KINDS).index(words[0]) if words else len(KINDS), name)


def iterate_exchanged_rows(path: Path, name: str) -> Iterator[ExchangedRow]:
	"""The rows of a file in the shape of the push, one after the other.

	With columns “list.field”, lines that follow each other with the same id are one row: each gives the list
	an entry.

	Raises WrongFile for a file that is no such table, and at the first line that cannot be read: what comes
	after it may be anything.
	"""
	kind = read_name(name).kind
	choices = _find_choices(path, name)
	columns = _read_columns(path, name, choices)
	has_lists = any("." in column for column in columns)
	current: ExchangedRow | None = None
	for row in iterate_data(path, choices, name):
		if row.error:
			raise WrongFile(_("Line {0}: {1}.").format(row.line, row.error))
		read = _read_row(kind, columns, row)
		if has_lists and current and "id" in read.values and read.values["id"] == current.values.get("id"):
			_add_line(current, read)
			continue
		if current:
			yield current
		current = read
	if current:
		yield current


def _find_choices(path: Path, name: str) -> ReadingChoices:
	if find_kind(path, name) != TEXT:
		raise WrongFile(_("{0} is a workbook. Save it as CSV in UTF-8.").format(name))
	_require_utf8(path, name)
	with path.open(encoding="utf-8-sig", newline="") as file:
		heading = next((line for line in iter(lambda: file.readline(_HEAD), "") if line.strip()), "")
	used = [key for key, character in SEPARATORS.items() if character in heading]
	if len(used) > 1:
		raise WrongFile(
			_("The heading of {0} has more than one separator. Use commas, semicolons or tabs.").format(name)
		)
	return ReadingChoices("UTF-8", used[0] if used else "Comma", "Double")


def _require_utf8(path: Path, name: str) -> None:
	try:
		with path.open(encoding="utf-8", newline="") as file:
			while file.read(1 << 20):
				pass
	except UnicodeDecodeError:
		raise WrongFile(_("{0} is not written in UTF-8. Save it in that encoding.").format(name)) from None


def _read_columns(path: Path, name: str, choices: ReadingChoices) -> tuple[str, ...]:
	columns = read_heading(iterate_rows(path, choices, name), choices).texts
	for number, column in enumerate(columns, start=1):
		if not _FIELD.fullmatch(column):
			raise WrongFile(
				_("The heading of column {0} is {1}, which is no name of a field.").format(
					number, f"“{column[:100]}”"
				)
			)
	if "id" not in columns:
		raise WrongFile(_("{0} has no column id: the number of each record in your system.").format(name))
	doubled = sorted({column for column in columns if columns.count(column) > 1})
	if doubled:
		raise WrongFile(_("{0} has more than one column {1}.").format(name, ", ".join(doubled)))
	return columns


def _read_row(kind: str, columns: tuple[str, ...], row: Row) -> ExchangedRow:
	values, data = {"kind": kind}, {}
	entries: dict[str, dict] = {}
	for column, cell in zip(columns, row.cells, strict=True):
		text = cell.strip()
		table, _point, fieldname = column.rpartition(".")
		if not text:
			continue
		if table:
			entries.setdefault(table, {})[fieldname] = _read_cell(fieldname, text)
		elif column in _OF_ROW:
			values[column] = _TRUTHS.get(text, text)
		else:
			data[column] = _read_cell(column, text)
	data.update({table: [entry] for table, entry in entries.items()})
	if data:
		values["data"] = data
	return ExchangedRow(row.line, values)


def _read_cell(fieldname: str, text: str) -> str | bool | list[str] | None:
	if text == NO_VALUE:
		return None
	if text in _TRUTHS:
		return _TRUTHS[text]
	if fieldname in _SEVERAL:
		return [part.strip() for part in text.split(";") if part.strip()]
	return text


def _add_line(current: ExchangedRow, row: ExchangedRow) -> None:
	"""Adds the entries of a further line. Raises WrongFile where it says something else of the record."""
	data, more = current.values.setdefault("data", {}), row.values.get("data", {})
	of_row = {key: value for key, value in row.values.items() if key != "data"}
	plain = {key: value for key, value in more.items() if not _is_list_of_entries(value)}
	for known, values in ((current.values, of_row), (data, plain)):
		for key, value in values.items():
			if known.setdefault(key, value) != value:
				raise WrongFile(
					_("Line {0}: {1} differs from line {2}, which has the same id.").format(
						row.line, key, current.line
					)
				)
	for key, value in more.items():
		if _is_list_of_entries(value):
			data.setdefault(key, []).extend(value)


def _is_list_of_entries(value) -> bool:
	return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
