"""A changed setting holds for the next request, whatever others write at that moment, over HTTP.

The framework's cache of documents is filled from the snapshot of whoever misses a record there: writers at
once put back what was before the change.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import frappe
import pytest
import requests

from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	SELLER,
	ensure_product,
	make_customer,
	make_seller,
	make_user,
	unique,
)
from tests.visibility.clients import make_api_key

SETTINGS = "/api/resource/Cronus CRM Settings/Cronus CRM Settings"
TOGGLES = 8


class Client:
	"""Sends requests as a user."""

	def __init__(self, address: str, user: str):
		self.address = address
		self.headers = {"Authorization": f"token {make_api_key(user)}"}

	def send(self, method: str, path: str, data: dict | None = None) -> requests.Response:
		return requests.request(method, f"{self.address}{path}", json=data, headers=self.headers, timeout=120)


@pytest.fixture(scope="module")
def world(site, server):
	frappe.set_user("Administrator")
	ensure_product()
	seller = make_seller(user=make_user(SELLER, BILLING, ADMINISTRATOR)).name
	user = frappe.db.get_value("Cronus Seller", seller, "user")
	customers = [make_customer(seller, credit_limit=50).name for _writer in range(4)]
	client = Client(server, user)
	before = frappe.db.get_single_value("Cronus CRM Settings", "credit_limit_policy")
	frappe.db.commit()
	yield frappe._dict(client=client, seller=seller, customers=customers)
	frappe.db.set_single_value("Cronus CRM Settings", "credit_limit_policy", before)
	frappe.db.commit()


def issue_invoice(world, customer: str, amount: float) -> requests.Response:
	"""Issues an invoice in one request."""
	return world.client.send(
		"POST",
		"/api/resource/Invoice",
		{
			"customer": customer,
			"seller": world.seller,
			"docstatus": 1,
			"items": [{"product": ensure_product(), "quantity": 1, "price": amount}],
		},
	)


@pytest.fixture
def writers(world) -> Iterator[None]:
	"""Three clients that save what decides about an invoice, and issue some, until the test ends."""
	ended = Event()

	def keep_writing(customer: str) -> None:
		while not ended.is_set():
			world.client.send("PUT", f"/api/resource/Cronus Customer/{customer}", {"notes": unique("note")})
			world.client.send(
				"PUT", f"/api/resource/Cronus Customer/{world.customers[0]}", {"city": unique("city")}
			)
			issue_invoice(world, customer, 1)

	with ThreadPoolExecutor(3) as pool:
		for customer in world.customers[1:]:
			pool.submit(keep_writing, customer)
		yield
		ended.set()


def test_each_change_of_the_policy_holds_for_the_next_invoice(world, writers):
	answers = []
	for number in range(TOGGLES):
		policy = ("Refuse", "Ignore")[number % 2]
		assert world.client.send("PUT", SETTINGS, {"credit_limit_policy": policy}).ok
		answers.append((policy, issue_invoice(world, world.customers[0], 1000).status_code))
	assert answers == [("Refuse", 417), ("Ignore", 200)] * (TOGGLES // 2)


def test_each_change_of_the_limit_holds_for_the_next_invoice(world, writers):
	world.client.send("PUT", SETTINGS, {"credit_limit_policy": "Refuse"})
	path = f"/api/resource/Cronus Customer/{world.customers[0]}"
	answers = []
	for number in range(TOGGLES):
		limit = (50, 0)[number % 2]
		# Somebody else may have saved the customer since it was read.
		while not world.client.send("PUT", path, {"credit_limit": limit}).ok:
			pass
		answers.append((limit, issue_invoice(world, world.customers[0], 1000).status_code))
	assert answers == [(50, 417), (0, 200)] * (TOGGLES // 2)
