"""The reference client, docs/examples/push_client.py, against a server that is killed while it works: nothing
is lost, nothing doubled, and the same rows again change nothing."""

import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import frappe
import psutil
import pytest

from cronus_crm.cronus_exchange.fetching.exchanged_files import iterate_exchanged_rows
from tests.scaffold import make_seller, make_user, unique
from tests.serving import find_port, start_server
from tests.visibility.clients import make_api_key

REPOSITORY = Path(__file__).parents[1]
CLIENT = REPOSITORY / "docs" / "examples" / "push_client.py"
# A worker that is killed is followed at once by another one.
SERVE = f"-m gunicorn --preload --pythonpath {REPOSITORY} -w 1 --threads 4 -b 127.0.0.1:{{port}}".split()
SERVE = (*SERVE, "tests.served_site")
RECORD, RUN = "Cronus External Record", "Cronus Exchange Run"

# A chunk, which the server commits, has 100 rows.
ROWS, ROWS_AT_ONCE, KILLS = 900, 300, 8


@pytest.fixture(scope="module")
def erp(site):
	"""A source with its seller and the key of its program, committed."""
	frappe.set_user("Administrator")
	user = make_user("Cronus Integrator")
	source = {
		"doctype": "Cronus Source",
		"source_name": f"ERP-{frappe.generate_hash(length=8)}",
		"enabled": 1,
	}
	source = frappe.get_doc({**source, "user": user}).insert()
	found = frappe._dict(source=source.name, seller=make_seller().name, key=make_api_key(user))
	frappe.db.commit()
	return found


@dataclass
class Victim:
	"""A server of the test site whose worker is killed, and followed by another one at once."""

	address: str
	process: subprocess.Popen

	def kill_worker(self) -> None:
		for worker in psutil.Process(self.process.pid).children():
			worker.kill()


@pytest.fixture(scope="module")
def victim(site):
	port = find_port()
	process = start_server(site, port, sys.executable, *SERVE)
	yield Victim(f"http://localhost:{port}", process)
	os.killpg(process.pid, signal.SIGKILL)
	process.wait(20)


def write_customers(path: Path, seller: str, rows: int, wrong: int | None = None) -> list[str]:
	"""A file of customers; gives back their ids. wrong: number of a row that is refused."""
	mark = unique("C").replace(" ", "-")
	ids = [f"{mark}-{number}" for number in range(rows)]
	with path.open("w", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(("id", "version", "customer_name", "seller", "credit_limit"))
		for number, name in enumerate(ids):
			writer.writerow((name, 1, f"Comercial {name}", seller, "a lot" if number == wrong else "5000"))
	return ids


def run_client(erp, address: str, *arguments: str) -> subprocess.Popen:
	return subprocess.Popen(
		[sys.executable, str(CLIENT), "--url", address, "--source", erp.source, *arguments],
		env={**os.environ, "CRONUS_TOKEN": erp.key},
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
	)


def kill_again_and_again(victim: Victim, client: subprocess.Popen) -> int:
	"""Kills the server while the client works, KILLS times; returns how often that was."""
	killed, dice = 0, random.Random(16)
	while killed < KILLS and client.poll() is None:
		time.sleep(dice.uniform(0.05, 1.5))
		victim.kill_worker()
		killed += 1
	return killed


def stored_customers(erp, ids: list[str]) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(
		RECORD,
		{"source": erp.source, "kind": "Customer", "external_id": ("in", ids)},
		pluck="record_name",
		order_by="external_id asc",
	)


def test_a_server_that_is_killed_loses_and_doubles_nothing(erp, victim, tmp_path):
	path = tmp_path / "customers.csv"
	ids = write_customers(path, erp.seller, ROWS, wrong=250)
	client = run_client(erp, victim.address, "--rows", str(ROWS_AT_ONCE), str(path))
	killed = kill_again_and_again(victim, client)
	output, errors = client.communicate(timeout=120)
	assert killed == KILLS
	assert client.returncode == 1, errors
	assert output.count("\n") == 1 and f"{ids[250]}: bad_value (credit_limit: a lot)" in output
	good = ids[:250] + ids[251:]
	stored = stored_customers(erp, good)
	assert len(stored) == len(set(stored)) == len(good)
	names = [f"Comercial {name}" for name in good]
	assert frappe.db.count("Cronus Customer", {"customer_name": ("in", names)}) == len(good)
	assert not path.with_name("customers.csv.place").exists()

	# The same batches again are answered as recorded, and other batches of the same rows change nothing.
	told = frappe.db.get_value("Cronus Customer", stored[0], "modified")
	for rows, word in ((ROWS_AT_ONCE, "created"), (ROWS_AT_ONCE + 1, "unchanged")):
		client = run_client(erp, victim.address, "--rows", str(rows), str(path))
		output, errors = client.communicate(timeout=120)
		assert client.returncode == 1 and output.count("bad_value") == 1
		assert word in errors
	assert stored_customers(erp, good) == stored
	assert frappe.db.get_value("Cronus Customer", stored[0], "modified") == told


def test_a_client_that_is_killed_goes_on_where_it_was(erp, victim, tmp_path):
	path = tmp_path / "customers.csv"
	ids = write_customers(path, erp.seller, 200)
	client = run_client(erp, victim.address, "--rows", "20", str(path))
	place = path.with_name("customers.csv.place")
	while not place.exists():
		time.sleep(0.02)
	client.kill()
	client.communicate()
	batches = frappe.parse_json(place.read_text()).batches
	client = run_client(erp, victim.address, "--rows", "20", str(path))
	_output, errors = client.communicate(timeout=120)
	assert client.returncode == 0, errors
	assert f"batch {batches + 1}:" in errors and f"batch {batches}:" not in errors
	assert len(set(stored_customers(erp, ids))) == len(ids)


def test_a_batch_that_is_refused_as_a_whole_ends_the_client(erp, victim, tmp_path):
	path = tmp_path / "customers.csv"
	write_customers(path, erp.seller, 1)
	stranger = frappe._dict(erp, source="no-such-source")
	client = run_client(stranger, victim.address, str(path))
	_output, errors = client.communicate(timeout=60)
	assert client.returncode == 2 and "404" in errors


def test_a_server_that_asks_to_wait_is_asked_again():
	"""Against a server of a few lines, which is busy twice: what a busy site answers, a test cannot bring
	about at will."""
	waited, asked = [], []
	address = answer_in_turn((429, "7"), (503, None), (200, None), asked=asked)
	client = load_client().Client(address, "ERP", "key:secret", wait=waited.append)
	assert client.push("key", [{"kind": "customer"}])["results"] == []
	assert waited == [7, 2] and len(set(asked)) == 1 and len(asked) == 3


def load_client() -> ModuleType:
	"""The client as a module."""
	spec = spec_from_file_location("push_client", CLIENT)
	module = module_from_spec(spec)
	spec.loader.exec_module(module)
	return module


def answer_in_turn(*answers: tuple[int, str | None], asked: list) -> str:
	"""Address of a server that gives these answers, as (status, Retry-After), and keeps what it was asked."""
	left = list(answers)

	class Handler(BaseHTTPRequestHandler):
		def do_POST(self):
			asked.append(self.rfile.read(int(self.headers["Content-Length"])))
			status, after = left.pop(0)
			self.send_response(status)
			if after:
				self.send_header("Retry-After", after)
			self.end_headers()
			self.wfile.write(b'{"message": {"results": [], "counts": {}}}')

		def log_message(self, *_arguments):
			pass

	server = HTTPServer(("127.0.0.1", 0), Handler)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	return f"http://127.0.0.1:{server.server_port}"


def test_files_are_read_as_those_of_a_folder(tmp_path):
	"""The client and the server read the same CSV into the same rows."""
	texts = {
		"documents.csv": (
			"id;version;kind;cancelled;items.product;items.quantity;origins.id\n"
			"F-1;1;invoice;;A-1;2;P-9\nF-1;;;;A-2;1;\nF-2;2;;true;;;\n"
		),
		"contacts.csv": 'id,first_name,emails,notes\nP-1,"Ana, hija","a@example.com; b@example.com",\\N\n',
		"customers.csv": "\ufeffid\tdisabled\nC-1\tfalse\nC-1\ttrue\n",
	}
	for name, text in texts.items():
		path = tmp_path / name
		path.write_text(text, encoding="utf-8")
		ours = [row.values for row in iterate_exchanged_rows(path, name)]
		assert list(load_client().read_rows(path)) == ours
