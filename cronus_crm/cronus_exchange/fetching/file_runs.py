"""One file of an ERP: its rows are pushed, in batches, and it is moved with its result beside it.

The batches of a file have their keys of its name and its contents, and a push does a batch once. So whatever
is killed in between, the same file is simply done again from its beginning: what was done is answered as
recorded, and the rest follows.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.fetching import refused_files
from cronus_crm.cronus_exchange.fetching.exchanged_files import (
	ExchangedRow,
	FileName,
	iterate_exchanged_rows,
	read_name,
)
from cronus_crm.cronus_exchange.fetching.places import DONE, MAX_BYTES, REFUSED, FileTooLarge, Place
from cronus_crm.cronus_exchange.fetching.result_files import BAD_FILE, ResultFile
from cronus_crm.cronus_exchange.pushing import codes, runs
from cronus_crm.cronus_exchange.pushing.push import push
from cronus_crm.cronus_exchange.reading.file_kinds import WrongFile

BATCH_ROWS = 1000
_BLOCK = 1 << 20


@dataclass(frozen=True)
class TakenFile:
	"""A file of `working`. name: its own. path: of its copy on this machine. digest: of name and contents."""

	name: str
	path: Path
	digest: str

	def name_in(self, suffix: str) -> str:
		"""Its name where it ends: customers.1a2b3c4d.csv. suffix: “.csv”, or that of its result."""
		return f"{self.name[: -len('.csv')]}.{self.digest[:8]}{suffix}"

	def make_batch_key(self, number: int) -> str:
		"""The key of one of its batches, from 1; 0 stands for the file as a whole."""
		return f"{self.name[:80]} {self.digest[:16]}/{number}"


def run_file(source: Document, place: Place, name: str) -> None:
	"""Does a file of `working` to its end.

	Raises PlaceError, and what a push as a whole is refused with; then the file stays, for the next time.
	"""
	with TemporaryDirectory(prefix="cronus_exchange_") as folder:
		file = _copy_file(place, name, Path(folder, "rows.csv"))
		result = ResultFile(Path(folder, "result.csv"))
		try:
			refused = _push_file(source, file, result)
			if refused:
				refused_files.record_refused_rows(source, file.name, file.make_batch_key(0), refused)
		except (WrongFile, FileTooLarge) as error:
			refused, reason = 1, _describe(file.name, error)
			result.add(None, {"outcome": codes.REFUSED, "code": BAD_FILE, "message": reason})
			refused_files.record_refused_file(source, file.name, file.make_batch_key(0), reason)
		finally:
			result.close()
		end = REFUSED if refused else DONE
		place.write(end, file.name_in(".result.csv"), result.path)
		place.finish(file.name, end, file.name_in(".csv"))


def _copy_file(place: Place, name: str, path: Path) -> TakenFile:
	"""A file that is too large is copied as far as it may be; `_push_file` refuses it."""
	try:
		place.copy(name, path)
	except FileTooLarge:
		pass
	digest = hashlib.sha256(f"{name}\0".encode())
	with path.open("rb") as copy:
		while block := copy.read(_BLOCK):
			digest.update(block)
	return TakenFile(name, path, digest.hexdigest())


def _push_file(source: Document, file: TakenFile, result: ResultFile) -> int:
	"""Pushes all rows of a file, and gives back how many are refused. A file that cannot be read to its end
	is refused before its first row is pushed.

	Raises WrongFile, FileTooLarge.
	"""
	if file.path.stat().st_size > MAX_BYTES:
		raise FileTooLarge
	known = read_name(file.name)
	for _row in iterate_exchanged_rows(file.path, file.name):
		pass
	refused = 0
	for number, rows in enumerate(_split(iterate_exchanged_rows(file.path, file.name)), start=1):
		for row, outcome in zip(rows, _push(source, file, known, number, rows), strict=True):
			result.add(row.line, outcome)
			refused += outcome["outcome"] == codes.REFUSED
	return refused


def _push(
	source: Document, file: TakenFile, known: FileName, number: int, rows: list[ExchangedRow]
) -> list[dict]:
	key = file.make_batch_key(number)
	answer = push(source.name, key, [row.values for row in rows], known.is_history, runs.FILE)
	return answer["results"]


def _split(rows: Iterator[ExchangedRow]) -> Iterator[list[ExchangedRow]]:
	while batch := list(islice(rows, BATCH_ROWS)):
		yield batch


def _describe(name: str, error: Exception) -> str:
	if isinstance(error, FileTooLarge):
		return _("{0} has more than {1} MB. Split it into several files.").format(name, MAX_BYTES >> 20)
	return str(error)
