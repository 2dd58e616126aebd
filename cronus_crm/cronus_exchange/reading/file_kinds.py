"""What a file is, by its contents: a name may say anything."""

import zipfile
from pathlib import Path

from frappe import _

TEXT, WORKBOOK = "text", "workbook"

# How many bytes are looked at.
_HEAD = 4096

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")


class WrongFile(Exception):
	"""A file that cannot be read as a table. Its text, translated, says what the file is and what to do."""


def find_kind(path: Path, file_name: str) -> str:
	"""TEXT or WORKBOOK.

	file_name: as the user knows it; the stored file may have another one.

	Raises WrongFile for everything else, and for a file whose name says something else than its contents.
	"""
	with path.open("rb") as file:
		head = file.read(_HEAD)
	shown = file_name or path.name
	if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
		raise WrongFile(_("{0} is empty. Choose a file with a heading and rows.").format(shown))
	suffix = Path(shown).suffix.lower()
	if head.startswith(b"PK\x03\x04"):
		return _check_archive(path, shown, suffix)
	if named := _name_other_kind(head):
		raise WrongFile(
			_(
				"{0} is {1}, not a table. Save it as CSV or as an Excel workbook (.xlsx) and choose that."
			).format(shown, named)
		)
	if suffix in WORKBOOK_SUFFIXES:
		raise WrongFile(
			_("{0} is text, not an Excel workbook. Give it the ending .csv and choose it again.").format(
				shown
			)
		)
	if not _is_text(head):
		raise WrongFile(
			_(
				"{0} is neither text nor an Excel workbook. Save it as CSV or as .xlsx and choose that."
			).format(shown)
		)
	return TEXT


def _check_archive(path: Path, shown: str, suffix: str) -> str:
	"""WORKBOOK for a workbook of Excel. Raises WrongFile for other archives."""
	try:
		with zipfile.ZipFile(path) as archive:
			names = set(archive.namelist())
	except zipfile.BadZipFile:
		raise WrongFile(_("{0} is damaged or not complete. Save it again.").format(shown)) from None
	if "xl/workbook.xml" not in names:
		kind = _name_archive(names)
		raise WrongFile(
			_(
				"{0} is {1}. Save the table in it as CSV or as an Excel workbook (.xlsx) and choose that."
			).format(shown, kind)
		)
	if suffix not in WORKBOOK_SUFFIXES:
		raise WrongFile(
			_("{0} is an Excel workbook. Give it the ending .xlsx and choose it again.").format(shown)
		)
	return WORKBOOK


def _name_archive(names: set[str]) -> str:
	if "xl/workbook.bin" in names:
		return _("a binary Excel workbook (.xlsb)")
	if "word/document.xml" in names:
		return _("a Word document")
	if "content.xml" in names:
		return _("an OpenDocument file")
	return _("a ZIP archive")


def _name_other_kind(head: bytes) -> str | None:
	"""The translated name of a kind of file that is no table; None for one that may be text."""
	for start, name in (
		(b"\x89PNG", _("an image")),
		(b"\xff\xd8\xff", _("an image")),
		(b"GIF8", _("an image")),
		(b"BM\x00", _("an image")),
		(b"%PDF", _("a PDF document")),
		(b"\xd0\xcf\x11\xe0", _("an Excel workbook of 2003 or before (.xls), or a protected one")),
		(b"{\\rtf", _("a document of a word processor")),
		(b"\x1f\x8b", _("a compressed file")),
		(b"Rar!", _("a compressed file")),
		(b"7z\xbc\xaf", _("a compressed file")),
	):
		if head.startswith(start):
			return name
	if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
		return _("an image")
	text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
	if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<div")):
		return _("a web page (HTML), even if Excel opens it")
	if text.startswith(b"<?xml"):
		return _("an XML document")
	return None


def _is_text(head: bytes) -> bool:
	"""False for bytes that no encoding of text has: control characters, and zeros that are not of UTF-16."""
	if head.startswith((b"\xff\xfe", b"\xfe\xff")) or guess_utf16(head):
		return True
	control = sum(byte < 9 or 13 < byte < 32 for byte in head)
	# A few are there by accident, in a cell that a program has filled.
	return control <= max(3, len(head) // 100)


def guess_utf16(head: bytes) -> str | None:
	"""The byte order of UTF-16 without a byte order mark, by where its zeros stand; None for other bytes."""
	even, odd = head[0::2].count(0), head[1::2].count(0)
	if odd > len(head) // 4 and not even:
		return "utf-16-le"
	if even > len(head) // 4 and not odd:
		return "utf-16-be"
	return None
