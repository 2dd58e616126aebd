"""Which folders of the server a source may name: those below the folders that the site's configuration
allows, `cronus_exchange_folders`; by default, the folder `exchange` among the private files of the site.

Who may write a source need not be who may read every file of the server.
"""

import os
from pathlib import Path, PurePosixPath

import frappe
from frappe import _

from cronus_crm.cronus_exchange.fetching.places import PlaceError

SETTING = "cronus_exchange_folders"


def list_allowed_folders() -> list[Path]:
	"""The folders below which those of sources lie, the first one for relative paths. The default one is
	made where it is missing."""
	named = frappe.conf.get(SETTING)
	if named:
		return [Path(path) for path in ([named] if isinstance(named, str) else named)]
	folder = Path(frappe.get_site_path("private", "exchange")).absolute()
	folder.mkdir(mode=0o700, exist_ok=True)
	return [folder]


def find_folder(text: str | None) -> tuple[Path, tuple[str, ...]]:
	"""The allowed folder, and the names of the folders below it that lead to the one of a source.

	text: its path, absolute or below the first allowed folder. Raises PlaceError for any other.
	"""
	path = PurePosixPath((text or "").strip())
	# “.” is gone by now; of “..” and links nobody knows where they lead.
	if not path.parts or ".." in path.parts or "\0" in str(path):
		raise PlaceError(_("Write the folder of the files, without “..”."))
	allowed = list_allowed_folders()
	if not path.is_absolute():
		return allowed[0], path.parts
	for folder in allowed:
		if path.is_relative_to(folder) and path != PurePosixPath(folder):
			return folder, path.relative_to(folder).parts
	raise PlaceError(
		_("{0} is not below a folder that this site allows for files: {1}.").format(
			path, ", ".join(map(str, allowed))
		)
	)


def open_folder(text: str | None) -> int:
	"""A descriptor of the folder of a source, which the caller closes. No step on the way may be a link.

	Raises PlaceError where it cannot be opened.
	"""
	root, names = find_folder(text)
	try:
		# The allowed folder itself may be a link: who runs the server has made it.
		descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
	except OSError as error:
		raise PlaceError(_describe(str(root), error)) from error
	for name in names:
		try:
			below = open_below(descriptor, name)
		except OSError as error:
			raise PlaceError(_describe("/".join(names), error)) from error
		finally:
			os.close(descriptor)
		descriptor = below
	return descriptor


def open_below(descriptor: int, name: str) -> int:
	"""A descriptor of a folder in a folder. Raises OSError, also for a link."""
	return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)


def _describe(folder: str, error: OSError) -> str:
	return _("The folder {0} cannot be opened: {1}. Links are not followed.").format(
		folder, os.strerror(error.errno or 0)
	)
