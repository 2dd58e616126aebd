"""A place in a folder of the server. Every file is reached from the folder's descriptor by its bare name, and
links are not followed: nothing that somebody puts there leads out of it."""

import os
import stat
from contextlib import contextmanager
from pathlib import Path

from frappe import _

from cronus_crm.cronus_exchange.fetching.allowed_folders import open_below, open_folder
from cronus_crm.cronus_exchange.fetching.places import (
	DONE,
	MAX_BYTES,
	REFUSED,
	WORKING,
	FileTooLarge,
	PlaceError,
	is_readable,
)

_BLOCK = 1 << 20


class FolderPlace:
	"""The place in a folder. path: as the source has it. Raises PlaceError where it may not be used."""

	def __init__(self, path: str | None):
		self._folders = {"": open_folder(path)}
		try:
			for name in (WORKING, DONE, REFUSED):
				self._folders[name] = self._open_own(name)
		except OSError as error:
			self.close()
			raise PlaceError(_describe(name, error)) from error

	def _open_own(self, name: str) -> int:
		try:
			os.mkdir(name, 0o770, dir_fd=self._folders[""])
		except FileExistsError:
			pass
		return open_below(self._folders[""], name)

	def list_files(self, folder: str = "") -> list[tuple[str, int, float]]:
		"""See `Place`."""
		found, descriptor = [], self._folders[folder]
		with _as_place_error(folder or "."):
			for name in sorted(os.listdir(descriptor)):
				if not is_readable(name):
					continue
				state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
				if stat.S_ISREG(state.st_mode):
					found.append((name, state.st_size, state.st_mtime))
		return found

	def take(self, name: str) -> None:
		"""See `Place`."""
		self._move(name, "", WORKING, name)

	def copy(self, name: str, path: Path) -> None:
		"""See `Place`."""
		with _as_place_error(name):
			# What has become a link or a pipe since it was listed is not opened, or not waited for.
			flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
			descriptor = os.open(name, flags, dir_fd=self._folders[WORKING])
			with os.fdopen(descriptor, "rb") as file, path.open("wb") as target:
				if not stat.S_ISREG(os.fstat(descriptor).st_mode):
					raise PlaceError(_("{0} is no file.").format(name))
				while block := file.read(_BLOCK):
					target.write(block)
					if target.tell() > MAX_BYTES:
						raise FileTooLarge

	def finish(self, name: str, folder: str, new_name: str) -> None:
		"""See `Place`."""
		self._move(name, WORKING, folder, new_name)

	def write(self, folder: str, name: str, path: Path) -> None:
		"""See `Place`."""
		with _as_place_error(name):
			unfinished, descriptor = f".{name}.part", self._folders[folder]
			flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
			target = os.open(unfinished, flags, 0o660, dir_fd=descriptor)
			with os.fdopen(target, "wb") as file, path.open("rb") as source:
				while block := source.read(_BLOCK):
					file.write(block)
				file.flush()
				os.fsync(target)
			os.replace(unfinished, name, src_dir_fd=descriptor, dst_dir_fd=descriptor)

	def _move(self, name: str, origin: str, folder: str, new_name: str) -> None:
		with _as_place_error(name):
			os.replace(name, new_name, src_dir_fd=self._folders[origin], dst_dir_fd=self._folders[folder])

	def close(self) -> None:
		"""See `Place`."""
		while self._folders:
			os.close(self._folders.popitem()[1])


@contextmanager
def _as_place_error(name: str):
	try:
		yield
	except OSError as error:
		raise PlaceError(_describe(name, error)) from error


def _describe(name: str, error: OSError) -> str:
	return _("{0} cannot be read or moved in its folder: {1}.").format(name, os.strerror(error.errno or 0))
