"""A place on an SFTP server. The server is known by its key, and only by it; we are known by ours. There are
no passwords, and nothing of the machine's own keys and known hosts is used."""

import posixpath
import re
import stat
from base64 import b64decode
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import paramiko
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.fetching.places import (
	DONE,
	MAX_BYTES,
	REFUSED,
	WORKING,
	FileTooLarge,
	PlaceError,
	is_readable,
)

PORT = 22
# Seconds for a connection, and for an answer.
_CONNECT, _ANSWER = 20, 60
_BLOCK = 1 << 15

_KEY_KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
_HOST_KEY = re.compile(r"(?:^|\s)(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+)\s+(\S+)")
_ARMOUR = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)(.+?)(-----END [A-Z0-9 ]+-----)", re.DOTALL)


class SftpPlace:
	"""The place of a source on a server. Raises PlaceError where the server is another one, does not take
	our key, or cannot be reached."""

	def __init__(self, source: Document):
		key = read_private_key(source.get_password("sftp_key", raise_exception=False))
		self._client = paramiko.SSHClient()
		self._client.set_missing_host_key_policy(paramiko.RejectPolicy())
		port = source.sftp_port or PORT
		known = source.sftp_host if port == PORT else f"[{source.sftp_host}]:{port}"
		host_key = read_host_key(source.sftp_host_key)
		self._client.get_host_keys().add(known, host_key.get_name(), host_key)
		self._folder = (source.folder or ".").strip()
		try:
			with _as_place_error(source.sftp_host):
				self._connect(source.sftp_host, port, source.sftp_user, key)
		except BaseException:
			self.close()
			raise

	def _connect(self, host: str, port: int, user: str, key: paramiko.PKey) -> None:
		self._client.connect(
			host,
			port=port,
			username=user,
			pkey=key,
			look_for_keys=False,
			allow_agent=False,
			timeout=_CONNECT,
			banner_timeout=_CONNECT,
			auth_timeout=_CONNECT,
			channel_timeout=_CONNECT,
		)
		self._sftp = self._client.open_sftp()
		self._sftp.get_channel().settimeout(_ANSWER)
		present = {entry.filename for entry in self._sftp.listdir_attr(self._folder)}
		for name in (WORKING, DONE, REFUSED):
			if name not in present:
				self._sftp.mkdir(self._path(name))

	def list_files(self, folder: str = "") -> list[tuple[str, int, float]]:
		"""See `Place`."""
		with _as_place_error(folder or self._folder):
			# It describes links and does not follow them.
			entries = self._sftp.listdir_attr(self._path(folder))
		return sorted(
			(entry.filename, entry.st_size or 0, entry.st_mtime or 0)
			for entry in entries
			if is_readable(entry.filename) and stat.S_ISREG(entry.st_mode or 0)
		)

	def take(self, name: str) -> None:
		"""See `Place`."""
		self._move(self._path(name), self._path(WORKING, name))

	def copy(self, name: str, path: Path) -> None:
		"""See `Place`."""
		with _as_place_error(name), path.open("wb") as target:
			with self._sftp.open(self._path(WORKING, name), "rb") as file:
				size = file.stat().st_size or 0
				if size > MAX_BYTES:
					raise FileTooLarge
				file.prefetch(size, max_concurrent_requests=64)
				while block := file.read(_BLOCK):
					target.write(block)
					if target.tell() > MAX_BYTES:
						raise FileTooLarge

	def finish(self, name: str, folder: str, new_name: str) -> None:
		"""See `Place`."""
		self._move(self._path(WORKING, name), self._path(folder, new_name))

	def write(self, folder: str, name: str, path: Path) -> None:
		"""See `Place`."""
		unfinished = self._path(folder, f".{name}.part")
		with _as_place_error(name):
			self._sftp.put(str(path), unfinished)
		self._move(unfinished, self._path(folder, name))

	def _move(self, origin: str, path: str) -> None:
		with _as_place_error(posixpath.basename(origin)):
			try:
				self._sftp.posix_rename(origin, path)
			except OSError:
				# A server without that extension replaces no file; what is there is the same one.
				self._remove(path)
				self._sftp.rename(origin, path)

	def _remove(self, path: str) -> None:
		try:
			self._sftp.remove(path)
		except FileNotFoundError:
			pass

	def _path(self, *names: str) -> str:
		return posixpath.join(self._folder, *names)

	def close(self) -> None:
		"""See `Place`."""
		self._client.close()


def check_settings(source: Document) -> None:
	"""Raises PlaceError where something is missing for a connection, or cannot be read. It connects to
	nobody."""
	if not source.sftp_host or not source.sftp_user:
		raise PlaceError(_("Write the host and the user of the SFTP server."))
	if re.search(r"[\s/@]", source.sftp_host) or not 0 <= (source.sftp_port or 0) < 65536:
		raise PlaceError(_("Write the host of the SFTP server by its name or address, and its port."))
	read_host_key(source.sftp_host_key)
	key = source.sftp_key
	# Stars stand for one that is kept already.
	if not key or key.strip("*"):
		read_private_key(key)


def read_host_key(text: str | None) -> paramiko.PKey:
	"""The key of a server, as `ssh-keyscan` prints it or as its file holds it: “ssh-ed25519 AAAA…”.

	Raises PlaceError for any other text.
	"""
	match = _HOST_KEY.search(text or "")
	if not match:
		raise PlaceError(
			_("Write the key of the SFTP server: a line of ssh-keyscan, such as “ssh-ed25519 AAAA…”.")
		)
	try:
		return paramiko.PKey.from_type_string(match[1], b64decode(match[2], validate=True))
	# The library answers a key that is cut off with whatever its parts fail with.
	except Exception as error:
		raise PlaceError(_("The key of the SFTP server cannot be read. Copy its line once more.")) from error


def read_private_key(text: str | None) -> paramiko.PKey:
	"""Our key, in the format of OpenSSH or PEM; line ends that a field of one line has taken are put back.

	Raises PlaceError for a text that is none, and for a key that needs a passphrase.
	"""
	match = _ARMOUR.search(text or "")
	if not match:
		raise PlaceError(_("Write the private key for the SFTP server, with its first and its last line."))
	begin, body, end = match.groups()
	whole = f"{begin}\n{body.strip() if ':' in body else _wrap(body)}\n{end}\n"
	for kind in _KEY_KINDS:
		try:
			return kind.from_private_key(StringIO(whole))
		except paramiko.PasswordRequiredException as error:
			raise PlaceError(
				_("The private key needs a passphrase. Make one without, for this site alone.")
			) from error
		except (paramiko.SSHException, ValueError, IndexError):
			continue
	raise PlaceError(_("The private key cannot be read. Make one with ssh-keygen -t ed25519."))


def _wrap(body: str) -> str:
	letters = "".join(body.split())
	return "\n".join(letters[start : start + 64] for start in range(0, len(letters), 64))


@contextmanager
def _as_place_error(name: str):
	"""What a server fails, as a PlaceError that says what to do."""
	try:
		yield
	except paramiko.BadHostKeyException as error:
		raise PlaceError(
			_(
				"{0} has another key than the one of the source. Ask who runs it before you change that."
			).format(name)
		) from error
	except paramiko.AuthenticationException as error:
		raise PlaceError(
			_("{0} does not take the user or the key. Have its public part added there.").format(name)
		) from error
	except (paramiko.SSHException, EOFError, OSError) as error:
		if isinstance(error, PlaceError):
			raise
		raise PlaceError(
			_("{0} cannot be reached, read or moved on the SFTP server: {1}.").format(name, _say(error))
		) from error


def _say(error: Exception) -> str:
	return str(error)[:200] or type(error).__name__
