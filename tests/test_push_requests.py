"""Batches over HTTP: what is wrong in a row is said of the row, whatever it is; and a server, a worker or a
connection that dies between any two rows loses nothing and doubles nothing.

CRONUS_PUSH_KILLS says at how many moments a batch is killed; by default, as many as are quick.
"""

import json
import os
import signal
import sys
import threading
import time

import frappe
import pytest
import requests
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_exchange.pushing import row_order, runs
from cronus_crm.cronus_exchange.running import named_locks
from tests.push_helper import Teller, customer, forget_source, row
from tests.scaffold import FRAPPE_VERSION, unique
from tests.serving import serve
from tests.test_exactly_once import Together
from tests.visibility.clients import make_api_key

PATH = "/api/method/cronus_crm.api.exchange.push"
KILLS = int(os.environ.get("CRONUS_PUSH_KILLS", 6))


@pytest.fixture
def teller(site):
	teller = Teller()
	teller.key = make_api_key(teller.user)
	frappe.db.commit()
	yield teller
	forget_source(teller.name)


def send(address: str, teller: Teller, body: dict | str, **headers) -> requests.Response:
	if isinstance(body, dict):
		body = json.dumps({"source": teller.name, "batch": frappe.generate_hash(), **body})
	headers = {
		"Authorization": f"token {teller.key}",
		"Content-Type": "application/json",
		"Accept-Language": "en",
		**headers,
	}
	return requests.post(f"{address}{PATH}", data=body, headers=headers, timeout=120)


def message_of(answer: requests.Response) -> str:
	return json.loads(json.loads(answer.json()["_server_messages"])[0])["message"]


# Bad input

DEEP = 20_000
HALF = "\ud800"  # half a character
# Frappe 16 reads JSON by another reader, which refuses a request with half a character or a NaN as a whole.
READS_HALVES = FRAPPE_VERSION < 16
BAD_VALUES = (
	*(True, 5, -1, 1.5, 1e308, 10**30, [], {}, [[]], [1], {"a": 1}, ["x", {"y": None}]),
	*((HALF,) if READS_HALVES else ()),
	*("", " ", "\0", "a\0b", "🍎", "ñ" * 141, "x" * 70_000, "<script>", "%s", "{0}", "'; --", "NaN"),
	*("1e400", "12,50", "0000-00-00", "2026-02-30", "2026-11-27T25:00:00"),
)
FIELDS = {
	"customer": ("customer_name", "tax_id", "seller", "email", "website", "employees"),
	"branch": ("customer",),
	"contact": ("emails",),
	"product": ("product_code", "price", "product_type", "is_sold"),
	"price": ("valid_from",),
}


def test_whatever_stands_in_a_field_is_taken_or_refused_with_a_sentence(server, teller):
	fields = [(kind, fieldname) for kind, fieldnames in FIELDS.items() for fieldname in fieldnames]
	# Each value in four fields: a row that fails is written once more by itself, which takes its time.
	rows = [
		{"kind": kind, "id": f"{kind} {fieldname} {number}", "data": {fieldname: value}}
		for number, value in enumerate(BAD_VALUES)
		for kind, fieldname in (fields[(number + 3 * step) % len(fields)] for step in range(4))
	]
	answer = send(server, teller, {"rows": rows})
	assert answer.status_code == 200, answer.text[:1000]
	for result in answer.json()["message"]["results"]:
		assert result["outcome"] != "refused" or (result["code"] and result["message"]), result
		assert result.get("code") != "failed" or "could not be written" not in result["message"], result


def test_whatever_is_a_row_is_answered(server, teller):
	odd = [
		*(None, 5, "x", [], True, {}),
		*({"kind": kind} for kind in (None, 5, [], {}, "x")),
		*({"kind": "customer", "id": id, "data": {"customer_name": "A"}} for id in BAD_VALUES),
		*({"kind": "customer", "id": "v", "version": v, "data": {"customer_name": "A"}} for v in BAD_VALUES),
		*({"kind": "customer", "id": "d", "data": data} for data in BAD_VALUES),
		*({"kind": "customer", "id": "c", "cancelled": told, "data": {}} for told in BAD_VALUES),
		{"kind": "customer", "id": "o", "other": 1, "data": {"customer_name": "A"}},
		{"kind": "customer", "id": "o", "data": {"name": "CL-00001"}},
		{"kind": "customer", "id": "o", "data": {"doctype": "User", "docstatus": 1, "owner": "x"}},
		*([{"kind": HALF}, {"kind": "customer", "id": "o", HALF: 1}] if READS_HALVES else []),
	]
	answer = send(server, teller, {"rows": odd})
	assert answer.status_code == 200, answer.text[:1000]
	results = answer.json()["message"]["results"]
	assert [result["row"] for result in results] == list(range(1, len(odd) + 1))
	for told, result in zip(odd, results, strict=True):
		assert result["outcome"] in ("created", "updated", "unchanged", "older") or result["message"], told


@pytest.mark.parametrize(
	("body", "status"),
	[
		("", (404,)),
		("[", (417, 400)),
		("NaN", (417, 400)),
		('{"rows": ' + "[" * DEEP + "]" * DEEP + "}", (417, 400)),
		(
			'{"source": "$", "batch": "b", "rows": [{"kind": "customer", "id": "x", "data": {"notes": $}}]}',
			(200,),
		),
		(
			'{"source": "$", "batch": "c", "rows": [{"kind": "customer", "id": 1, "data": {"notes": NaN}}]}',
			(200,) if READS_HALVES else (417,),
		),
		(
			'{"source": "$", "batch": "h", "rows": [{"kind": "customer", "data": {"notes": "\\ud800"}}]}',
			(200,) if READS_HALVES else (417,),
		),
		('{"source": "$", "batch": "d", "rows": ' + "9" * 5000 + "}", (417, 400)),
		('{"source": ["$"], "batch": {}, "rows": 5}', (417,)),
		('{"source": "$", "batch": "e", "rows": "[]"}', (417,)),
		('{"source": "nobody", "batch": "e", "rows": []}', (404,)),
	],
)
def test_what_is_no_batch_is_refused_as_a_whole(server, teller, body, status):
	body = body.replace('"$"', json.dumps(teller.name)).replace("$", "[" * 500 + "]" * 500)
	answer = send(server, teller, body)
	assert answer.status_code in status, (answer.status_code, answer.text[:500])


def test_a_text_of_megabytes_is_refused_by_its_row(server, teller):
	answer = send(server, teller, {"rows": [customer("1", notes="x" * 4_000_000), customer("2")]})
	first, second = answer.json()["message"]["results"]
	assert (first["code"], second["outcome"]) == ("too_long", "created")


def test_answers_are_in_the_language_of_the_request(server, teller):
	answer = send(server, teller, {"rows": [customer("1", employees="x")]}, **{"Accept-Language": "es"})
	assert answer.json()["message"]["results"][0]["code"] == "bad_value"


def test_who_may_not_push_is_told_403(server, teller):
	teller.key = make_api_key(frappe.get_doc("User", teller.user).name)
	frappe.db.delete("Has Role", {"parent": teller.user})
	frappe.db.commit()
	frappe.clear_cache(user=teller.user)
	assert send(server, teller, {"rows": [customer("1")]}).status_code == 403


def test_a_source_that_is_busy_says_when_to_come_back(server, teller):
	assert named_locks.take(f"source:{teller.name}")
	try:
		answer = send(server, teller, {"rows": [customer("1")]})
	finally:
		named_locks.release(f"source:{teller.name}")
	assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
	assert "Another batch" in message_of(answer)


def test_too_many_rows_say_when_to_come_back(server, teller):
	frappe.db.set_value("Cronus Source", teller.name, "rows_per_hour", 1)
	frappe.db.commit()
	answer = send(server, teller, {"rows": [customer("1"), customer("2")]})
	assert answer.status_code == 429
	assert int(answer.headers["Retry-After"]) > 0


def test_batches_of_a_source_at_once_come_one_after_the_other(server, teller):
	rows = [customer(str(number)) for number in range(20)]
	answers = []
	threads = [
		threading.Thread(target=lambda: answers.append(send(server, teller, {"rows": rows, "batch": "same"})))
		for _thread in range(4)
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert [answer.status_code for answer in answers] == [200] * 4
	assert sum("repeated" in answer.json()["message"] for answer in answers) == 3
	assert teller.count("Customer") == 20


# Killed


def make_rows(number: int) -> list[dict]:
	"""Rows out of order, of which some wait for the last of the others."""
	return [
		*(row("branch", f"B{n}", 1, customer=f"C{n}", branch_name=f"Sucursal {n}") for n in range(number)),
		*(customer(f"C{n}", 1, parent_customer="top") for n in range(number)),
		*(row("contact", f"P{n}", 1, customer=f"C{n}", first_name=f"Ana {n}") for n in range(number)),
		customer("top", 1),
	]


def check_nothing_is_lost_or_doubled(teller: Teller, number: int) -> None:
	frappe.db.rollback()
	for kind, expected in (("Customer", number + 1), ("Branch", number), ("Contact", number)):
		names = frappe.get_all(
			"Cronus External Record",
			{"source": teller.name, "kind": kind, "state": "In Step"},
			["record_doctype", "record_name"],
			order_by="name asc",
		)
		assert len({known.record_name for known in names}) == expected, kind
		assert frappe.db.count(names[0].record_doctype, {"owner": teller.user}) == expected, kind


def die_at_write(number: int, teller: Teller, rows: list[dict], batch: str) -> None:
	"""Pushes a batch and kills this process at its `number`th write."""
	row_order.CHUNK_ROWS = 7
	sql, written = frappe.db.sql, 0

	def counted(query, *args, **kwargs):
		nonlocal written
		if str(query).lstrip().lower().startswith(("insert", "update", "delete", "commit")):
			written += 1
			if written == number:
				os.kill(os.getpid(), signal.SIGKILL)
		return sql(query, *args, **kwargs)

	frappe.db.sql = counted
	teller.push(rows, batch=batch)


def make_sale(mark: str, price_list: str) -> list[dict]:
	"""All kinds of rows, the last first: payment, invoice and proforma of a customer, with product and
	price."""
	paper = {"customer": f"C{mark}", "posting_date": nowdate(), "currency": "USD", "net_total": "100.00"}
	paper |= {"tax_total": "12.00", "grand_total": "112.00"}
	invoice, proforma = ({"kind": kind, "id": f"{kind}{mark}"} for kind in ("invoice", "proforma"))
	return [
		row("balance", f"invoice{mark}", 1, balance="60.00"),
		row(
			"document",
			f"payment{mark}",
			1,
			kind="payment",
			number=f"R{mark}",
			customer=f"C{mark}",
			posting_date=nowdate(),
			currency="USD",
			grand_total="52.00",
			origins=[{**invoice, "amount": "52.00"}],
		),
		row(
			"document",
			f"invoice{mark}",
			1,
			**paper,
			kind="invoice",
			number=f"F{mark}",
			due_date=add_days(nowdate(), 30),
			origins=[proforma],
		),
		row("document", f"proforma{mark}", 1, **paper, kind="proforma", number=f"P{mark}"),
		row("contact", f"P{mark}", 1, customer=f"C{mark}", branch=f"B{mark}", first_name="Ana"),
		row("branch", f"B{mark}", 1, customer=f"C{mark}", branch_name="Matriz"),
		row("price", f"A{mark}", 1, product=f"A{mark}", price_list=price_list, price=1),
		row("product", f"A{mark}", 1, product_name="Tornillo"),
		customer(f"C{mark}", 1),
	]


def read_state(teller: Teller, mark: str) -> dict:
	"""What is here of a sale: whether it is in step, and of documents what the ledger and the agenda say."""
	found = {}
	for known in frappe.get_all(
		"Cronus External Record",
		{"source": teller.name, "external_id": ("like", f"%{mark}")},
		["kind", "external_id", "state", "record_doctype", "record_name"],
		order_by="name asc",
	):
		about = {"source_doctype": known.record_doctype, "source_name": known.record_name}
		entries = frappe.get_all(
			"Cronus Sales Entry", about, ["amount", "balance", "cancelled"], order_by="name asc", as_list=True
		)
		follows = {"reference_doctype": known.record_doctype, "reference_name": known.record_name}
		planned = frappe.db.count("Cronus Activity", follows)
		found[known.kind, known.external_id.removesuffix(mark)] = (known.state, entries, planned)
	return found


def test_a_worker_that_is_killed_at_any_write_loses_and_doubles_nothing(site, teller):
	together, number, killed = Together(site), 0, 0
	price_list = unique("Lista")
	frappe.get_doc({"doctype": "Cronus Price List", "title": price_list, "currency": "USD"}).insert()
	frappe.db.commit()
	twin_rows = make_sale(f"{teller.name}-0", price_list)
	outcomes = teller.tell(*twin_rows)
	assert set(outcomes) == {"created", "updated"}
	expected = read_state(teller, f"{teller.name}-0")
	while killed < KILLS:
		number += 1
		mark, rows = f"{teller.name}-{number}", make_sale(f"{teller.name}-{number}", price_list)
		for _attempt in range(6):
			moment = 1 + 7 * killed % 40
			if together.run(die_at_write, (moment, teller, rows, mark)) or killed == KILLS:
				break
			killed += 1
		answer = teller.push(rows, batch=mark)
		assert [result["outcome"] for result in answer["results"]] == outcomes
		frappe.db.rollback()
		assert read_state(teller, mark) == expected
		assert set(teller.tell(*rows)) == {"unchanged"}
		run = frappe.get_doc(runs.RUN, runs.make_name(teller.name, mark))
		assert (run.state, run.rows_done, run.rows_created) == ("Done", len(rows), outcomes.count("created"))
	assert frappe.db.count("Cronus Customer", {"owner": teller.user}) == number + 1
	assert frappe.db.count("Cronus External Document", {"owner": teller.user}) == 3 * (number + 1)
	assert list(verify.find_differences()) == []


SERVE = ("-m", "frappe.utils.bench_helper", "frappe", "--site")


def test_a_server_that_is_killed_in_a_batch_goes_on_with_it(site, teller):
	rows, command = make_rows(60), (sys.executable, *SERVE, site, "serve", "--noreload", "--port", "{port}")
	body = {"rows": rows, "batch": "killed"}
	for _time in range(1):
		with serve(site, *command) as address:
			send(address, teller, {"rows": [customer("top", 1)]})
			sender = threading.Thread(target=send_and_forget, args=(address, teller, body))
			sender.start()
			wait_until_some_are_done(teller)
			kill_servers_of(address)
			sender.join()
	with serve(site, *command) as address:
		answer = send(address, teller, body).json()["message"]
	assert len(answer["results"]) == len(rows)
	assert {result["outcome"] for result in answer["results"]} <= {"created", "unchanged"}
	check_nothing_is_lost_or_doubled(teller, 60)


def send_and_forget(address: str, teller: Teller, body: dict) -> None:
	try:
		send(address, teller, body)
	except requests.RequestException:
		pass


def wait_until_some_are_done(teller: Teller) -> None:
	"""Until the batch has one chunk more than before."""
	before = teller.count("Customer")
	deadline = time.monotonic() + 30
	while time.monotonic() < deadline:
		frappe.db.rollback()
		if teller.count("Customer") > before:
			return
		time.sleep(0.01)


def kill_servers_of(address: str) -> None:
	"""Kills the server at an address, as its group has it: at once, whatever it is doing."""
	port = address.rsplit(":", 1)[1]
	for folder in os.listdir("/proc"):
		if folder.isdigit():
			try:
				words = open(f"/proc/{folder}/cmdline").read().split("\0")
			except OSError:
				continue
			if "serve" in words and port in words:
				os.kill(int(folder), signal.SIGKILL)


def test_a_connection_that_is_cut_is_a_503_and_the_batch_goes_on(server, teller):
	rows = make_rows(60)
	answers = []
	sender = threading.Thread(
		target=lambda: answers.append(send(server, teller, {"rows": rows, "batch": "cut"}))
	)
	sender.start()
	wait_until_some_are_done(teller)
	lock = named_locks.full_name(f"source:{teller.name}")
	holder = frappe.db.sql("select is_used_lock(%s)", lock)[0][0]
	if holder:
		frappe.db.sql(f"kill connection {int(holder)}")
	sender.join()
	assert answers[0].status_code in (200, 503), answers[0].text[:500]
	assert not holder or answers[0].status_code == 503
	answer = send(server, teller, {"rows": rows, "batch": "cut"}).json()["message"]
	assert {result["outcome"] for result in answer["results"]} == {"created"}
	check_nothing_is_lost_or_doubled(teller, 60)
