"""Where an ERP puts its files: what a place of any kind does, and the place of a source.

In a place, an ERP writes files. One is taken by moving it into `working`, and ends in `done` or `refused`
with its result beside it. Its new name holds the beginning of the hash of its contents, so that two files of
one name do not meet there, and what a killed worker has begun ends under the same names.
"""

import re
from pathlib import Path
from typing import Protocol

import frappe
from frappe import _
from frappe.model.document import Document

WORKING, DONE, REFUSED = "working", "done", "refused"

# A larger one is refused: it would fill the disk before its first row is read.
MAX_BYTES = 512 * 1024 * 1024

# Files that nobody means to be read: hidden, or under the name that programs give to what they still write.
_READABLE = re.compile(r"[^./\\\0][^/\\\0]*\.csv", re.IGNORECASE)


class PlaceError(Exception):
	"""A place that cannot be used. Its text, translated, says what is wrong and what to do."""


class FileTooLarge(Exception):
	"""A file of more than MAX_BYTES."""


class Place(Protocol):
	"""A folder with files. Names are those of files in it, without folders. All raise PlaceError."""

	def list_files(self, folder: str = "") -> list[tuple[str, int, float]]:
		"""Names, bytes and moments of change of the CSV files in the place, or in one of its folders."""

	def take(self, name: str) -> None:
		"""Moves a file into WORKING."""

	def copy(self, name: str, path: Path) -> None:
		"""Copies a file of WORKING to a path of this machine. Raises FileTooLarge."""

	def finish(self, name: str, folder: str, new_name: str) -> None:
		"""Moves a file of WORKING into DONE or REFUSED under a new name; one of that name is replaced."""

	def write(self, folder: str, name: str, path: Path) -> None:
		"""Writes a file of this machine into DONE or REFUSED, whole or not at all."""

	def close(self) -> None:
		"""Ends the connection."""


def open_place(source: Document) -> Place:
	"""The place of a source. Raises PlaceError where it cannot be used."""
	from cronus_crm.cronus_exchange.fetching.folder_place import FolderPlace
	from cronus_crm.cronus_exchange.fetching.sftp_place import SftpPlace

	return SftpPlace(source) if source.file_place == "SFTP" else FolderPlace(source.folder)


def check_source(doc: Document, method: str | None = None) -> None:
	"""Event of a source: the place of its files can be used as it is written.

	Raises frappe.ValidationError. It connects to nobody.
	"""
	from cronus_crm.cronus_exchange.fetching import allowed_folders, sftp_place

	if not doc.file_place:
		return
	if not doc.user:
		frappe.throw(_("Choose the user of the source: what its files bring is written as that user."))
	try:
		if doc.file_place == "SFTP":
			sftp_place.check_settings(doc)
		else:
			allowed_folders.find_folder(doc.folder)
	except PlaceError as error:
		frappe.throw(str(error))


def is_readable(name: str) -> bool:
	"""Whether a file of this name is meant to be read."""
	return bool(_READABLE.fullmatch(name)) and name.isprintable()
