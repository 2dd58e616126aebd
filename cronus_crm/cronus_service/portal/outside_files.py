"""Files that people without a place in the desk send, and what they may open.

What they send is checked by its kind, and kept as private files of the message. A file of a message is served
by functions that have asked whether the message may be seen; the framework's own addresses refuse it.
"""

from pathlib import Path
from typing import NamedTuple

import filetype
import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size

from cronus_crm.base.texts import as_html

MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024

# By the end of a name, the kinds that its content may be; None for texts.
KINDS: dict[str, tuple[str, ...] | None] = {
	".pdf": ("application/pdf",),
	".png": ("image/png",),
	".jpg": ("image/jpeg",),
	".jpeg": ("image/jpeg",),
	".gif": ("image/gif",),
	".webp": ("image/webp",),
	".txt": None,
	".csv": None,
	".docx": ("application/zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
	".xlsx": ("application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
	".odt": ("application/zip", "application/vnd.oasis.opendocument.text"),
	".ods": ("application/zip", "application/vnd.oasis.opendocument.spreadsheet"),
}

# What a browser draws and does not run; everything else is downloaded.
_DRAWN = (".png", ".jpg", ".jpeg", ".gif", ".webp")

_LONGEST_NAME = 100


class Upload(NamedTuple):
	"""A file that was sent and checked."""

	name: str
	content: bytes


def read_uploads() -> list[Upload]:
	"""The files of the request, checked.

	Raises frappe.ValidationError, naming the file, for too many, one that is too large or empty, and one of
	another kind than KINDS, or that is not what its name says.
	"""
	sent = [file for file in frappe.request.files.getlist("files") if file.filename] if frappe.request else []
	if len(sent) > MOST_FILES:
		frappe.throw(_("You chose {0} files: send at most {1}.").format(len(sent), MOST_FILES))
	return [_read(file) for file in sent]


def _read(file) -> Upload:
	path = Path(file.filename.replace("\\", "/"))
	ending = path.suffix.lower()
	name = f"{path.stem[:_LONGEST_NAME]}{ending}"
	if ending not in KINDS:
		frappe.throw(
			_("{0} cannot be sent. Send files of these kinds: {1}.").format(
				_bold(name), ", ".join(kind[1:] for kind in KINDS)
			)
		)
	most = min(MOST_BYTES, get_max_file_size())
	content = file.stream.read(most + 1)
	if len(content) > most:
		frappe.throw(
			_("{0} is too large: a file may have {1} MB.").format(_bold(name), round(most / 1024 / 1024, 1))
		)
	if not content or not _is_kind(content, KINDS[ending]):
		frappe.throw(_("{0} cannot be read: it is empty, or no {1} file.").format(_bold(name), ending[1:]))
	return Upload(name, content)


def _is_kind(content: bytes, kinds: tuple[str, ...] | None) -> bool:
	if kinds is None:
		return b"\0" not in content
	return filetype.guess_mime(content) in kinds


def attach(doctype: str, name: str, uploads: list[Upload]) -> None:
	"""Keeps files with a document; the caller has asked who may."""
	for upload in uploads:
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": upload.name,
				"content": upload.content,
				"is_private": 1,
				"attached_to_doctype": doctype,
				"attached_to_name": name,
			}
		).insert(ignore_permissions=True)  # the caller has asked


def send(file: str) -> None:
	"""Sets the response to a file, by the name of its File; the caller has asked who may open it. Pictures
	are drawn, all others downloaded.

	Raises frappe.DoesNotExistError where it is not on the disk.
	"""
	doc = frappe.get_doc("File", file)
	path = Path(doc.get_full_path())
	if not path.is_file():
		raise frappe.DoesNotExistError(_("This file is not there any more."))
	drawn = path.suffix.lower() in _DRAWN
	frappe.local.response.update(
		{
			"type": "download",
			"filename": doc.file_name or path.name,
			"filecontent": path.read_bytes(),
			"display_content_as": "inline" if drawn else "attachment",
		}
	)


def _bold(name: str) -> str:
	return frappe.bold(as_html(name))
