"""The result of a file, which is put beside it: what became of each of its rows, as CSV."""

import csv
from collections.abc import Iterable
from pathlib import Path

from cronus_crm.base.spreadsheets import neutralise_cell

# The headings, as fields are called in the answers of a push; programs read them.
COLUMNS = ("line", "kind", "id", "outcome", "name", "code", "field", "value", "message", "notes")

# The code of a file that is refused as a whole.
BAD_FILE = "bad_file"


class ResultFile:
	"""Writes the result of a file row by row. path: of this machine."""

	def __init__(self, path: Path):
		self.path = path
		self._file = path.open("w", encoding="utf-8-sig", newline="")
		self._writer = csv.writer(self._file)
		self._writer.writerow(COLUMNS)

	def add(self, line: int | None, result: dict) -> None:
		"""Adds a row. line: of the file; None for what concerns all of it. result: of an answer."""
		values = {**result, "line": line, "notes": " ".join(_list_texts(result.get("notes")))}
		self._writer.writerow([neutralise_cell(values.get(column)) for column in COLUMNS])

	def close(self) -> None:
		self._file.close()


def _list_texts(notes: Iterable | None) -> list[str]:
	return [str(note) for note in notes or ()]
