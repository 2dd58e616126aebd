"""The tests run on a real site: its name in CRONUS_SITE, the bench's `sites` folder as the working directory.

Each test is rolled back. Tests that must commit (several processes, HTTP) make data of their own, with names
that nothing else uses.
"""

import os
import signal
import socket
import subprocess
import sys
import time

import frappe
import pytest
import requests

from cronus_crm.cronus_crm import visibility


@pytest.fixture(scope="session", autouse=True)
def site():
	name = os.environ.get("CRONUS_SITE")
	if not name:
		pytest.exit("CRONUS_SITE is not set: run the tests with scripts/test", returncode=4)
	frappe.init(site=name, sites_path=os.getcwd())
	frappe.connect()
	frappe.flags.in_test = True
	yield name
	frappe.destroy()


@pytest.fixture(autouse=True)
def each_alone(site):
	frappe.set_user("Administrator")
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.clear_messages()
	visibility.forget_teams()


@pytest.fixture(scope="session")
def server(site):
	"""Address of the test site, served over HTTP by a process of its own."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site]
	process = subprocess.Popen(
		[*command, "serve", "--port", str(port), "--noreload"],
		env={**os.environ, "CI": "1"},
		stdout=subprocess.DEVNULL,
		stderr=subprocess.DEVNULL,
		start_new_session=True,
	)
	address = f"http://localhost:{port}"
	try:
		_wait_for(f"{address}/api/method/ping", process)
		yield address
	finally:
		os.killpg(process.pid, signal.SIGTERM)
		process.wait(20)


def _wait_for(url: str, process: subprocess.Popen, seconds: int = 60) -> None:
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		if process.poll() is not None:
			pytest.fail(f"the server ended with {process.returncode}")
		try:
			if requests.get(url, timeout=5).ok:
				return
		except requests.ConnectionError:
			time.sleep(0.2)
	pytest.fail(f"{url} did not answer within {seconds} s")
