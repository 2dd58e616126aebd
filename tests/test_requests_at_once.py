"""Requests that meet others at the same rows, and whose database goes away, over HTTP."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import frappe
import pytest
import requests
from frappe.utils import nestedset

from tests.scaffold import (
	BILLING,
	SELLER,
	activity_of,
	invoice_of,
	issue_proforma,
	make_seller,
	make_user,
	new_proforma,
)
from tests.test_exactly_once import Together
from tests.visibility.clients import make_api_key


@pytest.fixture
def together(site):
	return Together(site)


@pytest.fixture(scope="module")
def world(site, server):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, BILLING))
	key = make_api_key(seller.user)
	frappe.db.commit()
	return frappe._dict(seller=seller.name, headers={"Authorization": f"token {key}"}, address=server)


def put(world, doctype: str, name: str, **values) -> requests.Response:
	path = f"{world.address}/api/resource/{doctype}/{name}"
	return requests.put(path, json=values, headers=world.headers, timeout=60)


def issue(world, doc) -> requests.Response:
	return put(world, doc.doctype, doc.name, docstatus=1)


def message_of(answer: requests.Response) -> str:
	return json.loads(json.loads(answer.json()["_server_messages"])[0])["message"]


@pytest.mark.parametrize("how", ["put", "submit"])
def test_to_issue_at_once_is_to_issue_once(world, how):
	drafts = [new_proforma(world.seller).insert() for _round in range(5)]
	frappe.db.commit()

	def send(draft):
		if how == "put":
			return issue(world, draft).status_code
		path = f"{world.address}/api/v2/document/Proforma/{draft.name}/method/submit"
		return requests.post(path, headers=world.headers, timeout=60).status_code

	with ThreadPoolExecutor(8) as pool:
		answers = [Counter(pool.map(send, [draft] * 4)) for draft in drafts]
	assert answers == [{200: 4}] * 5
	frappe.db.rollback()
	for draft in drafts:
		assert frappe.db.get_value("Proforma", draft.name, "docstatus") == 1
		assert activity_of(draft)


@pytest.fixture
def draft(world):
	"""An invoice of a proforma, which its issue locks after the invoice itself."""
	invoice = invoice_of(issue_proforma(world.seller), issue=False)
	frappe.db.commit()
	return invoice


@contextmanager
def holding(doctype: str, name: str) -> Iterator[None]:
	"""Holds the row of a document in this process, until the end of the block."""
	frappe.db.sql(f"select name from `tab{doctype}` where name = %s for update", name)
	try:
		yield
	finally:
		frappe.db.rollback()


def wait_for_waiter() -> int:
	"""The number of the connection that waits for a row of this process."""
	deadline = time.monotonic() + 20
	while time.monotonic() < deadline:
		for number, _user, _host, _db, command, seconds, _state, statement, *_rest in frappe.db.sql(
			"show full processlist"
		):
			if command == "Query" and seconds and "FOR UPDATE" in (statement or ""):
				return number
		time.sleep(0.05)
	raise AssertionError("nobody waits")


def test_a_request_that_a_deadlock_ends_is_handled_once_more(world, draft):
	proforma = draft.items[0].source_name
	with ThreadPoolExecutor(1) as pool:
		with holding("Proforma", proforma):
			# With much written, so that it is not the one that the database gives up.
			for number in range(50):
				frappe.db.sql(
					"insert into `tabDefaultValue` (name, defkey) values (%s, 'deadlock')",
					f"deadlock-{number}",
				)
			answer = pool.submit(issue, world, draft)
			wait_for_waiter()
			frappe.db.sql("select name from `tabInvoice` where name = %s for update", draft.name)
		answer = answer.result()
	assert answer.status_code == 200, answer.text
	assert frappe.db.get_value("Invoice", draft.name, "docstatus") == 1
	assert activity_of(draft)
	assert frappe.db.count("Cronus Sales Entry", {"source_name": draft.name}) == 1


def test_who_waits_too_long_is_told_to_try_again(world, draft):
	with holding("Invoice", draft.name):
		answer = issue(world, draft)
	assert answer.status_code == 503
	assert int(answer.headers["Retry-After"]) > 0
	assert answer.json()["exc_type"] == "RecordsInUseError"
	assert "try again" in message_of(answer)
	assert issue(world, draft).status_code == 200


def test_a_tree_that_many_renumber_at_once_stays_a_tree(world, together):
	top = make_seller(is_group=1).name
	for _branch in range(3):
		branch = make_seller(top, is_group=1).name
		for _seller in range(3):
			make_seller(branch)
	frappe.db.sql("update `tabCronus Seller` set lft = 0, rgt = 0")
	frappe.db.commit()
	assert together.run(nestedset.rebuild_tree, *[("Cronus Seller",)] * 4) == ["ok"] * 4
	rows = frappe.db.sql("select name, parent_cronus_seller, lft, rgt from `tabCronus Seller` order by lft")
	numbers = sorted(number for row in rows for number in row[2:])
	assert numbers == list(range(1, 2 * len(rows) + 1))
	bounds = {name: (lft, rgt) for name, _parent, lft, rgt in rows}
	for name, parent, lft, rgt in rows:
		assert lft < rgt, name
		if parent:
			assert bounds[parent][0] < lft and rgt < bounds[parent][1], name


def test_who_loses_the_database_is_answered_and_can_try_again(world, draft):
	with ThreadPoolExecutor(1) as pool, holding("Invoice", draft.name):
		answer = pool.submit(issue, world, draft)
		frappe.db.sql(f"kill {int(wait_for_waiter())}")
		answer = answer.result()
	assert answer.status_code == 503, answer.text
	assert answer.json()["exc_type"] == "DatabaseUnreachableError"
	assert int(answer.headers["Retry-After"]) > 0
	assert "Set-Cookie" not in answer.headers
	assert issue(world, draft).status_code == 200
