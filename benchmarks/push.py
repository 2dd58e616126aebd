"""What an ERP tells: batches of the push against single POSTs of the same rows, in the same run.

	scripts/bench push [ROWS] [--kinds KIND …] [--history DOCUMENTS]

Over HTTP, to gunicorn with two workers of four threads, as a user with the role Cronus Integrator. For each
kind, ROWS rows (3,000) go in batches of 1,000, and the first 150 of another set of the same rows one in a
request; single and batch take turns, so that both have the same machine. Says rows per second of both and
their ratio, and fails below 8. What POST /api/resource takes for the same record is shown beside it, where it
takes such records at all.

Besides: memory of the server's worker before, and after each tenth of the batches (the last may be at most
1.2 times that of the first), and what opening the form of a customer takes meanwhile, against without (95th
percentile, at most twice).

`--history` tells that many documents of the past in one go, 1,000 in a batch, and compares the ledger and the
totals with them after it (`cronus verify`).
"""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import frappe
import requests
from frappe.utils import add_days, today

from benchmarks.harness import connect_to_site
from cronus_crm.cronus_analytics.ledger import verify
from tests.scaffold import make_seller, make_user
from tests.serving import serve
from tests.visibility.clients import make_api_key

KINDS = ("product", "customer", "branch", "contact", "price", "document", "balance")
RATIO, FORM_RATIO, MEMORY_RATIO = 8, 2, 1.2
BATCH, SINGLES = 1000, 150
PUSH = "/api/method/cronus_crm.api.exchange.push"
FORM = "/api/method/frappe.desk.form.load.getdoc"
# The DocTypes that /api/resource takes, for kinds whose data is their fields.
RESOURCES = {"product": "Cronus Product", "customer": "Cronus Customer"}


def make_row(kind: str, mark: str, number: int, seller: str, price_list: str) -> dict:
	"""A row of a kind; of the same mark and number, always the same one."""
	return {
		"kind": kind,
		"id": f"{mark}-{number}",
		"version": 1,
		"data": _DATA[kind](mark, number, seller, price_list),
	}


def _product(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {"product_code": f"{mark}-{number}", "product_name": f"Cable {mark} {number}", "price": "12.50"}


def _customer(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {
		"customer_name": f"Comercial {mark} {number:x}",
		"city": "Quito",
		"phone": f"09{(int(mark[-5:], 36) + number) % 10**8:08d}",
		"email": f"ventas{number}@{mark}.example.com",
		"seller": seller,
		"credit_limit": "5000",
	}


def _branch(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {
		"customer": f"{mark}-{number}",
		"branch_name": f"Sucursal {number}",
		"code": "001",
		"city": "Loja",
	}


def _contact(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {
		"customer": f"{mark}-{number}",
		"first_name": "Ana",
		"last_name": f"Paredes {number:x}",
		"emails": [f"ana{number}@{mark}.example.com"],
	}


def _price(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {
		"product": f"{mark}-{number}",
		"price_list": price_list,
		"price": "11.25",
		"valid_from": "2026-01-01",
	}


def _document(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {
		"kind": "invoice",
		"number": f"{mark}-{number:09d}",
		"customer": f"{mark}-{number % 500}",
		"posting_date": add_days(today(), -(number % 600)),
		"due_date": add_days(today(), 30 - number % 600),
		"currency": "USD",
		"net_total": "100.00",
		"tax_total": "15.00",
		"grand_total": "115.00",
		"balance": "115.00" if number % 10 == 0 else "0",
		"items": [
			{"product": f"{mark}-{number % 500}", "quantity": "4", "price": "25.00", "amount": "100.00"}
		],
	}


def _balance(mark: str, number: int, seller: str, price_list: str) -> dict:
	return {"balance": "50.00" if number % 10 == 0 else "0"}


_DATA: dict[str, Callable[[str, int, str, str], dict]] = {
	"product": _product,
	"customer": _customer,
	"branch": _branch,
	"contact": _contact,
	"price": _price,
	"document": _document,
	"balance": _balance,
}


@dataclass
class Program:
	"""The program of an ERP. sent: batches so far, which gives each its key."""

	address: str
	token: str
	source: str
	sent: int = 0
	session: requests.Session = field(default_factory=requests.Session)

	def __post_init__(self):
		self.session.headers["Authorization"] = f"token {self.token}"

	def push(self, rows: list[dict], history: bool = False) -> float:
		"""Seconds of a batch; ends the benchmark where a row did not go in."""
		self.sent += 1
		body = {"source": self.source, "batch": f"b{self.sent}", "history": history, "rows": rows}
		start = time.perf_counter()
		response = self.session.post(self.address + PUSH, json=body, timeout=600)
		seconds = time.perf_counter() - start
		if not response.ok:
			sys.exit(f"{response.status_code} {response.text[:1000]}")
		wrong = [
			row for row in response.json()["message"]["results"] if row["outcome"] in ("refused", "waiting")
		]
		if wrong:
			sys.exit(f"{len(wrong)} rows did not go in, the first one: {wrong[0]}")
		return seconds

	def insert(self, doctype: str, data: dict) -> float:
		"""Seconds of a record by the framework's REST."""
		start = time.perf_counter()
		response = self.session.post(f"{self.address}/api/resource/{doctype}", json=data, timeout=60)
		if not response.ok:
			sys.exit(f"{doctype}: {response.status_code} {response.text[:1000]}")
		return time.perf_counter() - start


class Forms:
	"""Opens a form again and again, in a thread, as a person at work does."""

	def __init__(self, address: str, token: str, customer: str):
		self.address, self.token, self.customer = address, token, customer

	def measure(self, action: Callable[[], object]) -> tuple[object, float]:
		"""What an action gives back, and the 95th percentile of the seconds that the form takes meanwhile."""
		times, done = [], threading.Event()
		thread = threading.Thread(target=self._open, args=(times, done))
		thread.start()
		try:
			result = action()
		finally:
			done.set()
			thread.join()
		return result, statistics.quantiles(times[3:], n=20)[-1]

	def _open(self, times: list[float], done: threading.Event) -> None:
		session = requests.Session()
		session.headers["Authorization"] = f"token {self.token}"
		while not done.is_set():
			start = time.perf_counter()
			params = {"doctype": "Cronus Customer", "name": self.customer}
			session.get(self.address + FORM, params=params, timeout=60).raise_for_status()
			times.append(time.perf_counter() - start)
			time.sleep(0.05)


def read_memory() -> int:
	"""Kilobytes of the largest process of the server."""
	sizes = []
	for process in Path("/proc").glob("[0-9]*"):
		try:
			if b"tests.served_site" in (process / "cmdline").read_bytes():
				status = (process / "status").read_text()
				sizes += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
		except OSError:  # it has ended
			continue
	return max(sizes)


def compare_kinds(
	program: Program, kinds: list[str], rows: int, seller: str, price_list: str, memory: list[int]
) -> float:
	"""Pushes all kinds, in batches and one by one, prints a line for each, and gives back the worst ratio.
	memory: gets what the server has after each batch."""
	mark, other, third = (f"{letter}{frappe.generate_hash(length=6)}" for letter in "bsr")
	print(f"{'rows per second':<12}{'batches':>10}{'single':>10}{'ratio':>8}{'resource':>10}")
	worst = float("inf")
	for kind in kinds:
		together = apart = resource = 0.0
		made = [make_row(kind, mark, number, seller, price_list) for number in range(rows)]
		singles = [make_row(kind, other, number, seller, price_list) for number in range(SINGLES)]
		batches = [made[start : start + BATCH] for start in range(0, rows, BATCH)]
		share = -(-SINGLES // len(batches))
		for number, batch in enumerate(batches):
			together += program.push(batch)
			apart += sum(program.push([row]) for row in singles[number * share : (number + 1) * share])
			memory.append(read_memory())
		if kind in RESOURCES:
			for number in range(30):
				data = _DATA[kind](third, number, seller, price_list)
				resource += program.insert(RESOURCES[kind], data)
		ratio = (rows / together) / (SINGLES / apart)
		worst = min(worst, ratio)
		shown = f"{30 / resource:10.1f}" if resource else f"{'':>10}"
		print(f"{kind:<15}{rows / together:10.1f}{SINGLES / apart:10.1f}{ratio:8.1f}{shown}", flush=True)
	return worst


def tell_history(program: Program, documents: int, seller: str, price_list: str) -> bool:
	"""Tells documents of the past in one go; True when the ledger agrees with them."""
	mark = f"h{frappe.generate_hash(length=6)}"
	for kind in ("product", "customer"):
		program.push([make_row(kind, mark, number, seller, price_list) for number in range(500)])
	memory, start = [], time.perf_counter()
	for first in range(0, documents, BATCH):
		numbers = range(first, min(first + BATCH, documents))
		rows = [make_row("document", mark, number, seller, price_list) for number in numbers]
		program.push(rows, history=True)
		memory.append(read_memory())
	seconds = time.perf_counter() - start
	print(f"history: {documents} documents in {seconds:.0f} s, {documents / seconds:.0f} a second")
	early, late = (size // 1024 for size in (memory[len(memory) // 10], memory[-1]))
	print(f"memory of the server: {early} MB after a tenth, {late} MB at the end")
	frappe.db.rollback()
	start, differences = time.perf_counter(), list(verify.find_differences())
	print(f"verify: {len(differences)} differences, {time.perf_counter() - start:.0f} s")
	return not differences


def make_source() -> tuple[str, str, str]:
	"""A source of its own, with its seller, and the key of the program that tells it."""
	seller = make_seller(is_group=1).name
	user = make_user("Cronus Integrator", "Cronus Administrator")
	source = frappe.get_doc(
		{
			"doctype": "Cronus Source",
			"source_name": f"ERP-{frappe.generate_hash(length=6)}",
			"enabled": 1,
			"user": user,
			"default_seller": seller,
			"rows_per_hour": 0,
		}
	).insert()
	key = make_api_key(user)
	frappe.db.commit()
	return source.name, seller, key


def find_price_list() -> str:
	name = "Benchmark of the push"
	if not frappe.db.exists("Cronus Price List", name):
		frappe.get_doc({"doctype": "Cronus Price List", "title": name, "currency": "USD"}).insert()
	return name


def run(options: argparse.Namespace) -> int:
	source, seller, key = make_source()
	price_list = find_price_list()
	customer = frappe.get_doc(
		{"doctype": "Cronus Customer", "customer_name": f"Form {key[:6]}", "seller": seller}
	).insert()
	frappe.db.commit()
	gunicorn = ("-m", "gunicorn", "-b", "127.0.0.1:{port}", "-w", "2", "--threads", "4", "-t", "600")
	with serve(frappe.local.site, sys.executable, *gunicorn, "tests.served_site:application") as address:
		program, forms = Program(address, key, source), Forms(address, key, customer.name)
		if options.history:
			return 0 if tell_history(program, options.history, seller, price_list) else 1
		_none, before = forms.measure(lambda: time.sleep(15))
		memory = [read_memory()]
		ratio, meanwhile = forms.measure(
			lambda: compare_kinds(program, options.kinds, options.rows, seller, price_list, memory)
		)
	early = memory[1 + len(memory) // 10]
	print(f"memory of the server: {', '.join(str(size // 1024) for size in memory)} MB")
	print(f"a form: {before * 1000:.0f} ms without, {meanwhile * 1000:.0f} ms meanwhile (95 %)")
	misses = [
		report(
			"rows per second of batches, times those of single rows, at least", ratio, RATIO, ratio >= RATIO
		),
		report("memory at the end, times that after a tenth, at most", memory[-1] / early, MEMORY_RATIO),
		report("a form meanwhile, times without, at most", meanwhile / before, FORM_RATIO),
	]
	return 1 if any(misses) else 0


def report(label: str, number: float, target: float, met: bool | None = None) -> bool:
	"""Prints a figure with its target; True when it misses it. met: by default, when it is not above it."""
	met = number <= target if met is None else met
	print(f"push: {label} {target}: {number:.2f}{'' if met else ' MISSED'}")
	return not met


def main() -> int:
	parser = argparse.ArgumentParser(prog="scripts/bench push")
	parser.add_argument("rows", type=int, nargs="?", default=3000)
	parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="only these, in this order")
	parser.add_argument("--history", type=int, metavar="DOCUMENTS")
	options = parser.parse_args()
	with connect_to_site():
		return run(options)


if __name__ == "__main__":
	sys.exit(main())
