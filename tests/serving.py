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
	answer within a minute.
	"""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	server = subprocess.Popen(
		[part.format(port=port) for part in command],
		env={**os.environ, "CI": "1", "CRONUS_SITE": site},
		stdout=subprocess.DEVNULL,
		stderr=subprocess.DEVNULL,
		start_new_session=True,
	)
	address = f"http://localhost:{port}"
	try:
		_wait_for(f"{address}/api/method/ping", server)
		yield address
	finally:
		os.killpg(server.pid, signal.SIGTERM)
		server.wait(20)


def _wait_for(url: str, server: subprocess.Popen, seconds: int = 60) -> None:
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
