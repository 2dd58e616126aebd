"""A POST with an idempotency key is done once, over HTTP: sent again, sent twice at once, failed, killed."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import frappe
import pytest
import requests

from cronus_crm.base.idempotency import CLAIM
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	VIEWER,
	ensure_product,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	unique,
)
from tests.serving import serve
from tests.visibility.clients import make_api_key

CONVERT = "/api/method/cronus_crm.api.documents.convert"
CUSTOMERS = "/api/resource/Cronus Customer"


@pytest.fixture(scope="module")
def world(site, server):
	"""A seller who may bill, two others, whoever keeps the site, and a key of the API for each."""
	frappe.set_user("Administrator")
	ensure_product()
	own = make_seller(user=make_user(SELLER, BILLING))
	users = {
		"own": own.user,
		"other": make_user(SELLER, BILLING),
		"spanish": make_user(SELLER, BILLING, language="es"),
		"system": make_user("System Manager"),
	}
	api_keys = {who: make_api_key(user) for who, user in users.items()}
	frappe.db.commit()
	return frappe._dict(seller=own.name, users=users, api_keys=api_keys, address=server)


@pytest.fixture
def proforma(world):
	proforma = issue_proforma(world.seller)
	frappe.db.commit()
	return proforma.name


@pytest.fixture
def post(world):
	"""Sends a POST as somebody, with an idempotency key."""

	def send(path: str, data: dict, key: str, who: str = "own", address: str | None = None, **headers):
		headers |= {"Idempotency-Key": key, "Authorization": f"token {world.api_keys[who]}"}
		return requests.post(f"{address or world.address}{path}", json=data, headers=headers, timeout=120)

	return send


def to_invoice(proforma: str) -> dict:
	return {"source_doctype": "Proforma", "names": [proforma], "into": "Invoice"}


def invoices_of(proforma: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(
		"Cronus Document Item",
		{"parenttype": "Invoice", "source_name": proforma},
		pluck="parent",
		order_by="parent asc",
	)


def customers_called(name: str) -> int:
	frappe.db.rollback()
	return frappe.db.count("Cronus Customer", {"customer_name": name})


def claims_of(key: str) -> list:
	frappe.db.rollback()
	return frappe.get_all(CLAIM, {"idempotency_key": key}, ["*"], order_by="name asc")


def message_of(answer) -> str:
	return json.loads(json.loads(answer.json()["_server_messages"])[0])["message"]


def test_a_conversion_that_is_sent_again_gets_the_first_invoice(post, proforma):
	key = unique("key")
	first, again = (post(CONVERT, to_invoice(proforma), key) for _time in range(2))
	assert first.status_code == again.status_code == 200
	assert invoices_of(proforma) == first.json()["message"]
	assert again.content == first.content
	assert again.headers["Content-Type"] == first.headers["Content-Type"]
	assert "Idempotency-Replayed" not in first.headers
	assert again.headers["Idempotency-Replayed"] == "true"


def test_without_the_header_each_is_a_request_of_its_own(world):
	name = unique("Twice")
	for _time in range(2):
		requests.post(
			f"{world.address}{CUSTOMERS}",
			json={"customer_name": name},
			headers={"Authorization": f"token {world.api_keys['own']}"},
			timeout=60,
		).raise_for_status()
	assert customers_called(name) == 2


@pytest.mark.parametrize(
	"path", [CUSTOMERS, "/api/v1/resource/Cronus Customer", "/api/v2/document/Cronus Customer"]
)
def test_records_are_made_once_in_each_version_of_the_api(post, path):
	name, key = unique("Customer"), unique("key")
	first, again = (post(path, {"customer_name": name}, key) for _time in range(2))
	assert first.status_code == 200, first.text
	assert again.json()["data"]["name"] == first.json()["data"]["name"]
	assert customers_called(name) == 1


def test_a_method_of_a_document_is_done_once(post, world):
	draft = new_proforma(world.seller).insert()
	frappe.db.commit()
	key = unique("key")
	first, again = (
		post(f"/api/v2/document/Proforma/{draft.name}/method/submit", {}, key) for _time in range(2)
	)
	assert first.status_code == again.status_code == 200, first.text + again.text
	assert again.headers["Idempotency-Replayed"] == "true"


def test_a_document_of_many_lines_is_made_once_and_not_kept_twice(post, world):
	line = {"product": ensure_product(), "quantity": 1, "price": 100}
	data = {"customer": make_customer(world.seller).name, "seller": world.seller, "items": [line] * 1_500}
	frappe.db.commit()
	key = unique("key")
	first, again = (post("/api/resource/Proforma", data, key) for _time in range(2))
	assert first.status_code == again.status_code == 200, first.text[-500:]
	assert len(first.content) > 1_000_000
	assert again.headers["Idempotency-Replayed"] == "true"
	first, again = first.json()["data"], again.json()["data"]
	assert (again["name"], again["grand_total"], len(again["items"])) == (first["name"], 150_000, 1_500)
	(claim,) = claims_of(key)
	assert len(claim.body) < 200


@pytest.mark.parametrize("together", [2, 5])
def test_of_several_at_once_one_is_done_and_the_others_get_its_answer(post, proforma, together):
	key = unique("key")
	with ThreadPoolExecutor(together) as threads:
		answers = list(threads.map(lambda _turn: post(CONVERT, to_invoice(proforma), key), range(together)))
	assert [answer.status_code for answer in answers] == [200] * together, [answer.text for answer in answers]
	assert len({answer.content for answer in answers}) == 1
	assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == together - 1
	assert invoices_of(proforma) == answers[0].json()["message"]


def test_a_key_is_not_for_another_request(post, proforma):
	key = unique("key")
	post(CONVERT, to_invoice(proforma), key).raise_for_status()
	for path, data in (
		(CONVERT, {**to_invoice(proforma), "into": "Cronus Order"}),
		(f"{CONVERT}?a=b", to_invoice(proforma)),
		(CUSTOMERS, to_invoice(proforma)),
	):
		answer = post(path, data, key)
		assert (answer.status_code, answer.json()["exc_type"]) == (422, "KeyAlreadyUsedError")
		assert "was used for another request" in message_of(answer)
	assert len(invoices_of(proforma)) == 1


def test_a_key_is_of_one_user(post):
	name, key = unique("Customer"), unique("key")
	answers = [post(CUSTOMERS, {"customer_name": name}, key, who) for who in ("own", "spanish")]
	assert [answer.status_code for answer in answers] == [200, 200]
	assert customers_called(name) == 2


def test_keys_that_differ_in_case_are_two(post):
	name, key = unique("Customer"), unique("key")
	for each in (key.lower(), key.upper()):
		post(CUSTOMERS, {"customer_name": name}, each).raise_for_status()
	assert customers_called(name) == 2


def test_what_failed_left_nothing_and_is_tried_again(post, world):
	draft = new_proforma(world.seller).insert()
	frappe.db.commit()
	key = unique("key")
	refused = post(CONVERT, to_invoice(draft.name), key)
	assert refused.status_code == 417, refused.text
	assert claims_of(key) == []
	draft.reload()
	draft.submit()
	frappe.db.commit()
	assert post(CONVERT, to_invoice(draft.name), key).status_code == 200
	assert len(invoices_of(draft.name)) == 1


@pytest.mark.parametrize("key", ["", "k" * 141])
def test_a_key_has_1_to_140_characters(post, key):
	name = unique("Customer")
	answer = post(CUSTOMERS, {"customer_name": name}, key)
	assert (answer.status_code, answer.json()["exc_type"]) == (400, "UnusableKeyError")
	assert "1 to 140 characters" in message_of(answer)
	assert customers_called(name) == 0
	assert post(CUSTOMERS, {"customer_name": name}, unique("k" * 100)).status_code == 200


def test_a_guest_has_no_keys(world):
	key = unique("key")
	answer = requests.post(f"{world.address}/api/method/ping", headers={"Idempotency-Key": key}, timeout=60)
	assert answer.json() == {"message": "pong"}
	assert claims_of(key) == []


def test_a_wrong_api_key_is_refused_as_ever(world):
	headers = {"Idempotency-Key": unique("key"), "Authorization": "token a:b"}
	answer = requests.post(f"{world.address}{CUSTOMERS}", json={}, headers=headers, timeout=60)
	assert answer.status_code == 401


def test_nobody_gets_in_by_the_method_behind_it(post, world):
	path = "/api/method/cronus_crm.api.repeated_requests.answer_once"
	assert post(path, {}, unique("key")).status_code == 404
	assert requests.post(f"{world.address}{path}", json={}, timeout=60).status_code == 404


def test_a_file_is_not_an_answer_that_is_kept(post, proforma):
	key = unique("key")
	answer = post(
		"/api/method/frappe.utils.print_format.download_pdf", {"doctype": "Proforma", "name": proforma}, key
	)
	assert (answer.status_code, answer.json()["exc_type"]) == (422, "UnrepeatableAnswerError")


def test_a_file_that_is_sent_again_is_the_same_request(world):
	"""Its parts are separated otherwise each time."""
	name, key = f"{frappe.generate_hash()}.txt", unique("key")
	for _time in range(2):
		requests.post(
			f"{world.address}/api/method/upload_file",
			files={"file": (name, b"content")},
			data={"is_private": 1},
			headers={"Authorization": f"token {world.api_keys['own']}", "Idempotency-Key": key},
			timeout=60,
		).raise_for_status()
	frappe.db.rollback()
	assert frappe.db.count("File", {"file_name": name}) == 1


def test_who_lost_a_document_does_not_get_it_back(post):
	key, data = unique("key"), {"customer_name": unique("Customer")}
	name = post(CUSTOMERS, data, key, "other").json()["data"]["name"]
	assert post(CUSTOMERS, data, key, "other").status_code == 200
	frappe.db.rollback()
	user = frappe.db.get_value("Cronus Customer", name, "owner")
	frappe.get_doc("User", user).remove_roles(SELLER, BILLING)
	frappe.db.commit()
	answer = post(CUSTOMERS, data, key, "other")
	assert answer.status_code == 403
	assert data["customer_name"] not in answer.text.replace(name, "")


def test_of_a_document_that_was_deleted_the_name_stays(post):
	key, data = unique("key"), {"customer_name": unique("Customer")}
	first = post(CUSTOMERS, data, key)
	frappe.db.rollback()
	name = first.json()["data"]["name"]
	frappe.delete_doc("Cronus Customer", name)
	frappe.db.commit()
	again = post(CUSTOMERS, data, key)
	assert (again.status_code, again.json()) == (200, {"data": {"doctype": "Cronus Customer", "name": name}})
	assert customers_called(data["customer_name"]) == 0


def test_errors_are_told_in_the_language_of_whoever_has_the_key(post):
	key, data = unique("key"), {"customer_name": unique("Customer")}
	post(CUSTOMERS, data, key, "spanish").raise_for_status()
	other = {"customer_name": unique("Customer")}
	assert "se usó para otra solicitud" in message_of(post(CUSTOMERS, other, key, "spanish"))
	in_english = post(CUSTOMERS, other, key, "spanish", **{"Accept-Language": "en"})
	assert "was used for another request" in message_of(in_english)


# A server that fails in the middle


BROKEN = """
import os, signal, sys
import frappe, frappe.app
from cronus_crm.base import idempotency, repeated_transactions
from cronus_crm.cronus_billing.documents import document_chain

def die(*arguments):
	# Whether the server is there is asked by GET.
	if frappe.local.request.method == "POST":
		os.kill(os.getpid(), signal.SIGKILL)

def fail(*arguments):
	raise frappe.ValidationError("the answer cannot be kept")

def convert(source_doctype: str, names: list, into: str):
	made = original(source_doctype, names, into)
	{between}
	return made

original, document_chain.convert_documents = document_chain.convert_documents, convert
{broken}
frappe.app.serve(port=sys.argv[1], no_reload=True, site=os.environ["CRONUS_SITE"], sites_path=".")
"""


@pytest.fixture
def broken_server(site):
	"""Serves the site in a process of its own, changed for the worse."""
	with ExitStack() as servers:

		def start(broken: str = "", between: str = "") -> str:
			script = BROKEN.format(broken=broken, between=between or "pass")
			# Braces of the port are for serve().
			return servers.enter_context(serve(site, sys.executable, "-c", script, "{port}"))

		yield start


@pytest.mark.parametrize(
	"broken",
	["repeated_transactions.commit = die", "idempotency._store_answer = die"],
	ids=["commit", "keeping"],
)
def test_what_was_killed_before_its_commit_left_neither_work_nor_claim(post, proforma, broken_server, broken):
	key = unique("key")
	with pytest.raises(requests.ConnectionError):
		post(CONVERT, to_invoice(proforma), key, address=broken_server(broken))
	assert invoices_of(proforma) == []
	assert claims_of(key) == []
	assert post(CONVERT, to_invoice(proforma), key).status_code == 200
	assert len(invoices_of(proforma)) == 1


def test_an_answer_that_cannot_be_kept_undoes_the_work(post, proforma, broken_server):
	key = unique("key")
	answer = post(
		CONVERT, to_invoice(proforma), key, address=broken_server("idempotency._store_answer = fail")
	)
	assert answer.status_code == 417
	assert invoices_of(proforma) == claims_of(key) == []


def test_an_answer_that_is_too_long_is_not_kept_and_nothing_is_done(post, proforma, broken_server):
	key = unique("key")
	answer = post(
		CONVERT, to_invoice(proforma), key, address=broken_server("idempotency.MAX_ANSWER_BYTES = 10")
	)
	assert (answer.status_code, answer.json()["exc_type"]) == (422, "UnrepeatableAnswerError")
	assert "message" not in answer.json()
	assert invoices_of(proforma) == claims_of(key) == []


def test_what_was_killed_after_its_commit_is_answered_and_not_done_again(post, proforma, broken_server):
	key = unique("key")
	with pytest.raises(requests.ConnectionError):
		post(
			CONVERT,
			to_invoice(proforma),
			key,
			address=broken_server("frappe.app.run_after_request_hooks = die"),
		)
	answer = post(CONVERT, to_invoice(proforma), key)
	assert answer.headers["Idempotency-Replayed"] == "true"
	assert answer.json()["message"] == invoices_of(proforma)


IMPATIENT = """
take = idempotency._insert_claim

def take_at_once(claim):
	frappe.db.sql("set session innodb_lock_wait_timeout = 1")
	return take(claim)

idempotency._insert_claim = take_at_once
"""


def test_who_waited_too_long_for_the_first_is_told_to_try_again(post, proforma, broken_server):
	address, key = broken_server(IMPATIENT), unique("key")
	post(CONVERT, to_invoice(proforma), key).raise_for_status()
	# As the first one would hold it while it is at work.
	frappe.get_doc(CLAIM, claims_of(key)[0].name, for_update=True)
	answer = post(CONVERT, to_invoice(proforma), key, address=address)
	assert (answer.status_code, answer.json()["exc_type"]) == (409, "RequestInProgressError")
	assert "is not finished" in message_of(answer)
	frappe.db.rollback()
	assert post(CONVERT, to_invoice(proforma), key, address=address).status_code == 200


def test_what_committed_midway_and_failed_is_not_done_again(post, proforma, broken_server):
	key = unique("key")
	address = broken_server(between="frappe.db.commit(); frappe.throw('too late')")
	assert post(CONVERT, to_invoice(proforma), key, address=address).status_code == 417
	answer = post(CONVERT, to_invoice(proforma), key)
	assert (answer.status_code, answer.json()["exc_type"]) == (409, "RequestInProgressError")
	assert len(invoices_of(proforma)) == 1


def test_what_rolled_back_midway_keeps_its_answer(post, proforma, broken_server):
	key = unique("key")
	address = broken_server(between="frappe.db.rollback(); made = original(source_doctype, names, into)")
	first, again = (post(CONVERT, to_invoice(proforma), key, address=address) for _time in range(2))
	assert first.status_code == 200, first.text
	assert again.headers["Idempotency-Replayed"] == "true"
	assert invoices_of(proforma) == again.json()["message"]


# What is kept


def test_a_claim_says_whose_it_is_and_what_was_asked(post, world):
	key = unique("key")
	answer = post(CUSTOMERS, {"customer_name": unique("Customer")}, key)
	(claim,) = claims_of(key)
	assert (claim.user, claim.request) == (world.users["own"], f"POST {CUSTOMERS}")
	assert (claim.status_code, claim.content_type) == (200, "application/json")
	kept = json.loads(claim.body)["data"]
	assert (kept["doctype"], kept["name"]) == ("Cronus Customer", answer.json()["data"]["name"])


@pytest.mark.parametrize("role", [SELLER, BILLING, MANAGER, VIEWER, ADMINISTRATOR])
def test_nobody_who_sells_reads_claims(role):
	frappe.set_user(make_user(role))
	assert not frappe.has_permission(CLAIM, "read")


def test_administrators_of_the_site_read_claims_without_their_answers(post, world):
	key, name = unique("key"), unique("Customer")
	post(CUSTOMERS, {"customer_name": name}, key).raise_for_status()
	(claim,) = claims_of(key)
	headers = {"Authorization": f"token {world.api_keys['system']}"}
	ways = (
		f"/api/resource/{CLAIM}/{claim.name}",
		f'/api/resource/{CLAIM}?fields=["*"]&filters={{"name": "{claim.name}"}}',
	)
	for way in ways:
		answer = requests.get(f"{world.address}{way}", headers=headers, timeout=60)
		assert key in answer.text
		assert name not in answer.text
	frappe.set_user(world.users["system"])
	for right in ("create", "write", "export"):
		assert not frappe.has_permission(CLAIM, right)


def test_claims_are_forgotten_after_thirty_days(world):
	claims = {}
	for age in (29, 31):
		claim = frappe.get_doc({"doctype": CLAIM, "name": unique("claim"), "user": "Administrator"})
		claim.db_insert()
		moment = frappe.utils.add_days(frappe.utils.now_datetime(), -age)
		frappe.db.set_value(CLAIM, claim.name, {"modified": moment}, update_modified=False)
		claims[age] = claim.name
	settings = frappe.get_doc("Log Settings")
	settings.add_default_logtypes()
	days = {row.ref_doctype: row.days for row in settings.logs_to_clear}[CLAIM]
	frappe.get_doc({"doctype": CLAIM}).clear_old_logs(days)
	assert frappe.db.exists(CLAIM, claims[29])
	assert not frappe.db.exists(CLAIM, claims[31])
