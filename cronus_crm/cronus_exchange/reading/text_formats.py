"""Proposes how a text file is read: its encoding, its separator and its quotation marks."""

from collections import Counter
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from cronus_crm.cronus_exchange.reading.choices import ENCODINGS, SEPARATORS, ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import guess_utf16
from cronus_crm.cronus_exchange.reading.rows import Row, parse_rows

_BLOCK = 1 << 20
_SAMPLE_LINES = 200

# What the library may answer where a text is not UTF-8.
_OLD_ENCODINGS = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS 850"}


def propose_text_choices(path: Path) -> ReadingChoices:
	"""How a text file is probably read. The user sees and changes it."""
	encoding = propose_encoding(path)
	separator, quote = _propose_dialect(path, encoding)
	return ReadingChoices(encoding, separator, quote)


def propose_encoding(path: Path) -> str:
	"""A key of ENCODINGS: UTF-16 and UTF-8 by their bytes, which no other encoding has by chance; else
	what the library finds."""
	with path.open("rb") as file:
		head = file.read(_BLOCK)
	if head.startswith((b"\xff\xfe", b"\xfe\xff")):
		return "UTF-16"
	if order := guess_utf16(head[:4096]):
		return next(name for name, codec in ENCODINGS.items() if codec == order)
	if _is_utf8(path):
		return "UTF-8"
	best = from_bytes(head[: 1 << 16], cp_isolation=list(_OLD_ENCODINGS)).best()
	return _OLD_ENCODINGS.get(best.encoding if best else "", "Windows-1252")


def _is_utf8(path: Path) -> bool:
	try:
		with path.open(encoding="utf-8", newline="") as file:
			while file.read(_BLOCK):
				pass
	except UnicodeDecodeError:
		return False
	return True


def _propose_dialect(path: Path, encoding: str) -> tuple[str, str]:
	"""Keys of SEPARATORS and QUOTES: those with which most rows have the same number of cells."""
	with path.open(encoding=ENCODINGS[encoding], errors="replace", newline="") as file:
		lines = list(islice(file, _SAMPLE_LINES))
	if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
		stated = [name for name, character in SEPARATORS.items() if character == lines[0][4]]
		if stated:
			return stated[0], "Double"
	best, best_score = ("Comma", "Double"), (0.0, 0)
	for quote in ("Double", "Single"):
		for separator in SEPARATORS:
			if quote == "Single" and not _has_single_quotes(lines, SEPARATORS[separator]):
				continue
			score = _score(lines, ReadingChoices(encoding, separator, quote))
			if score > best_score:
				best, best_score = (separator, quote), score
	return best


def _has_single_quotes(lines: list[str], separator: str) -> bool:
	"""True when cells begin and end with a single quotation mark, as a rule and not by chance."""
	quoted = sum(line.count(f"'{separator}'") for line in lines)
	return quoted >= max(1, len(lines) // 2)


def _score(lines: list[str], choices: ReadingChoices) -> tuple[float, int]:
	"""How well a separator fits: the share of rows that have the most frequent number of cells, if that is
	more than one; then that number."""
	# The last one may be cut off within its quotation marks.
	rows: list[Row] = list(parse_rows(iter(lines), choices))
	if len(lines) == _SAMPLE_LINES:
		rows = rows[:-1]
	rows = [row for row in rows if not row.is_empty]
	# Lines of one cell are titles, or what another separator would separate.
	widths = Counter(width for row in rows if not row.error and (width := len(row.cells)) > 1)
	if not widths:
		return 0.0, 0
	width, number = widths.most_common(1)[0]
	return round(number / len(rows), 2), width
