"""What a company brings along, entered through the REST API with the header Cronus-History."""

import frappe
import pytest
import requests
from frappe.utils import add_days, nowdate
from frappe.utils.background_jobs import get_queues

from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	ensure_product,
	make_customer,
	make_seller,
	make_user,
	unique,
)
from tests.visibility.clients import make_api_key

PAST = "2024-03-05"


@pytest.fixture(scope="module")
def world(site, server):
	frappe.set_user("Administrator")
	ensure_product()
	seller = make_seller().name
	api_keys = {role: make_api_key(make_user(role)) for role in (ADMINISTRATOR, BILLING)}
	frappe.db.set_single_value("Cronus CRM Settings", "credit_limit_policy", "Refuse")
	customer = make_customer(seller, credit_limit=1).name
	frappe.db.commit()
	yield frappe._dict(address=server, seller=seller, customer=customer, api_keys=api_keys)
	frappe.db.set_single_value("Cronus CRM Settings", "credit_limit_policy", "Warn")
	frappe.db.commit()


@pytest.fixture
def post(world):
	def send(path: str, data: dict, role: str = ADMINISTRATOR, history: str | None = "1"):
		headers = {"Authorization": f"token {world.api_keys[role]}"}
		if history:
			headers["Cronus-History"] = history
		answer = requests.post(f"{world.address}/api/{path}", json=data, headers=headers, timeout=120)
		frappe.db.rollback()
		return answer

	return send


def invoice_values(world, **fields) -> dict:
	return {
		"customer": world.customer,
		"seller": world.seller,
		"posting_date": PAST,
		"due_date": PAST,
		"docstatus": 1,
		"items": [{"product": ensure_product(), "quantity": 2, "price": 100}],
		**fields,
	}


def count_jobs() -> int:
	return sum(queue.count for queue in get_queues())


def activities_of(name: str) -> list:
	return frappe.get_all("Cronus Activity", {"reference_name": name}, ["announced", "state"])


def test_an_old_invoice_keeps_its_number_and_date_and_disturbs_nobody(post, world):
	number = unique("A-001-")
	before = frappe.db.count("Notification Log"), count_jobs()
	answer = post("resource/Invoice", invoice_values(world, name=number))
	assert answer.status_code == 200, answer.text
	invoice = frappe.get_doc("Invoice", number)
	assert (str(invoice.posting_date), invoice.docstatus, invoice.balance) == (PAST, 1, 200)
	assert activities_of(number) == []
	assert (frappe.db.count("Notification Log"), count_jobs()) == before


def test_what_is_still_to_come_is_planned_without_a_bell(post, world):
	due = add_days(nowdate(), 40)
	name = post("resource/Invoice", invoice_values(world, due_date=due)).json()["data"]["name"]
	assert activities_of(name) == [{"announced": 1, "state": "Pending"}]


@pytest.mark.parametrize("doctype", ["Invoice", "Proforma", "Cronus Order"])
def test_a_document_without_a_number_takes_the_series_of_its_year(post, world, doctype):
	values = invoice_values(world, docstatus=0)
	del values["due_date"]
	name = post(f"resource/{doctype}", values).json()["data"]["name"]
	assert "-2024-" in name


def test_the_series_goes_on_after_a_number_that_was_brought_along(post, world):
	year = next(
		year
		for year in range(1971, 2020)
		if not frappe.db.exists("Invoice", {"name": ("like", f"FAC-{year}-%")})
	)
	values = {"posting_date": f"{year}-01-10", "due_date": f"{year}-01-10", "docstatus": 0}
	answer = post("resource/Invoice", invoice_values(world, name=f"FAC-{year}-00041", **values))
	assert answer.ok, answer.text
	after = post("resource/Invoice", invoice_values(world, **values)).json()["data"]["name"]
	assert after == f"FAC-{year}-00042"


def test_a_number_that_is_taken_is_told(post, world):
	number = unique("B-")
	for expected in (200, 409):
		assert post("resource/Invoice", invoice_values(world, name=number)).status_code == expected


def test_without_the_header_nothing_is_history(post, world):
	values = invoice_values(world, name=unique("C-"), docstatus=0)
	assert post("resource/Invoice", values, history=None).json()["data"]["name"].startswith("FAC-")
	refused = post("resource/Invoice", invoice_values(world), history=None)
	assert "credit limit" in refused.text


def test_history_needs_a_right_of_its_own(post, world):
	refused = post("resource/Invoice", invoice_values(world), role=BILLING)
	assert refused.status_code == 403
	assert "right to import" in refused.text


def test_a_prospect_is_converted_on_its_own_day(post, world):
	values = {"prospect_name": unique("Old prospect"), "seller": world.seller, "phone": "0998887766"}
	name = post("resource/Cronus Prospect", values).json()["data"]["name"]
	method = "method/cronus_crm.api.prospects.convert"
	answer = post(method, {"prospect": name, "opportunity": 1, "contact": 0, "on": PAST})
	assert answer.status_code == 200, answer.text
	prospect = frappe.get_doc("Cronus Prospect", name)
	assert str(prospect.converted_on)[:10] == PAST
	opened = frappe.db.get_value("Cronus Opportunity", prospect.opportunity, "opened_on")
	assert str(opened) == PAST


@pytest.mark.parametrize(
	("on", "role", "status"),
	[("2199-01-01", ADMINISTRATOR, 417), ("1/1/24", ADMINISTRATOR, 417)],
)
def test_a_day_that_is_none_or_ahead_is_refused(post, world, on, role, status):
	values = {"prospect_name": unique("Old prospect"), "seller": world.seller}
	name = post("resource/Cronus Prospect", values).json()["data"]["name"]
	answer = post("method/cronus_crm.api.prospects.convert", {"prospect": name, "on": on}, role)
	assert answer.status_code == status, answer.text
