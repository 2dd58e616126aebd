"""A server of the tests' site: a process of its own, on a port of its own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests


@contextmanager
def serve(site: str, *command: str) -> Iterator[str]:
	"""Address of a server that lives as long as the block.

	command: how to start it, with {port} for the port. Raises RuntimeError when it ends at once or does not
	answer within three minutes.
	"""
	port = find_port()
	server = start_server(site, port, *command)
	try:
		yield f"http://localhost:{port}"
	finally:
		os.killpg(server.pid, signal.SIGTERM)
		server.wait(20)


def find_port() -> int:
	"""A port of this machine at which nobody listens."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def start_server(site: str, port: int, *command: str) -> subprocess.Popen:
	"""A server that answers, the first of a process group of its own. Arguments and errors as of `serve`."""
	server = subprocess.Popen(
		[part.format(port=port) for part in command],
		env={**os.environ, "CI": "1", "CRONUS_SITE": site},
		stdout=subprocess.DEVNULL,
		stderr=subprocess.DEVNULL,
		start_new_session=True,
	)
	try:
		_wait_for(f"http://localhost:{port}/api/method/ping", server)
	except BaseException:
		server.kill()
		raise
	return server


def _wait_for(url: str, server: subprocess.Popen, seconds: int = 180) -> None:
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		if server.poll() is not None:
			raise RuntimeError(f"the server ended with {server.returncode}")
		try:
			if requests.get(url, timeout=5).ok:
				return
		except (requests.ConnectionError, requests.Timeout):
			time.sleep(0.2)
	raise RuntimeError(f"{url} did not answer within {seconds} s")
