"""An SFTP server of the tests: the real protocol, by the server side of paramiko, in a folder of this
machine. It lets in the keys that it was given, and nobody else."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

USER = "erp"


def make_key() -> str:
	"""A new private key, as ssh-keygen writes it."""
	return (
		Ed25519PrivateKey.generate()
		.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
		.decode()
	)


def read_key(text: str) -> paramiko.PKey:
	return paramiko.Ed25519Key.from_private_key(StringIO(text))


@dataclass
class SftpServer:
	"""port: on this machine. host_key: its public key, as ssh-keyscan prints it. logins: who has come, and
	whether they were let in."""

	port: int
	host_key: str
	logins: list[tuple[str, bool]]


@contextmanager
def open_sftp_server(folder: Path, key: str) -> Iterator[SftpServer]:
	"""A server that runs inside of the context. key: the private key of the one who is let in."""
	host_key, allowed, logins = read_key(make_key()), read_key(key), []
	with socket.create_server(("127.0.0.1", 0)) as listener:
		threading.Thread(
			target=_serve, args=(listener, folder, host_key, allowed, logins), daemon=True
		).start()
		public = f"{host_key.get_name()} {host_key.get_base64()}"
		yield SftpServer(listener.getsockname()[1], public, logins)


def _serve(listener: socket.socket, folder: Path, host_key, allowed, logins: list) -> None:
	while True:
		try:
			connection, _address = listener.accept()
		except OSError:  # closed
			return
		transport = paramiko.Transport(connection)
		transport.add_server_key(host_key)
		transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, folder=folder)
		try:
			transport.start_server(server=_Door(allowed, logins))
		except (EOFError, paramiko.SSHException):  # who has seen another host key has gone
			transport.close()


class _Door(paramiko.ServerInterface):
	def __init__(self, allowed: paramiko.PKey, logins: list):
		self.allowed, self.logins = allowed, logins

	def get_allowed_auths(self, username: str) -> str:
		return "publickey"

	def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
		is_known = username == USER and key == self.allowed
		self.logins.append((username, is_known))
		return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

	def check_channel_request(self, kind: str, chanid: int) -> int:
		return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
	"""The files of a folder."""

	def __init__(self, server, folder: Path):
		super().__init__(server)
		self.folder = folder

	def _place(self, path: str) -> Path:
		return self.folder / self.canonicalize(path).lstrip("/")

	def list_folder(self, path: str):
		return [
			paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name)
			for entry in self._place(path).iterdir()
		]

	def stat(self, path: str):
		try:
			return paramiko.SFTPAttributes.from_stat(self._place(path).stat())
		except OSError as error:
			return paramiko.SFTPServer.convert_errno(error.errno)

	lstat = stat

	def open(self, path: str, flags: int, attr):
		try:
			descriptor = os.open(self._place(path), flags, 0o600)
		except OSError as error:
			return paramiko.SFTPServer.convert_errno(error.errno)
		handle = paramiko.SFTPHandle(flags)
		file = os.fdopen(descriptor, "r+b" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb")
		handle.readfile = handle.writefile = file
		handle.stat = lambda: paramiko.SFTPAttributes.from_stat(os.fstat(descriptor))
		return handle

	def _try(self, action, *paths: Path) -> int:
		try:
			action(*paths)
		except OSError as error:
			return paramiko.SFTPServer.convert_errno(error.errno)
		return paramiko.SFTP_OK

	def remove(self, path: str) -> int:
		return self._try(os.remove, self._place(path))

	def rename(self, oldpath: str, newpath: str) -> int:
		return self._try(os.rename, self._place(oldpath), self._place(newpath))

	posix_rename = rename

	def mkdir(self, path: str, attr) -> int:
		return self._try(os.mkdir, self._place(path))
