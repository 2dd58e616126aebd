"""A seller cannot find out, by any path, what is not theirs. Over HTTP, with real keys, path by path."""

from dataclasses import dataclass
from io import BytesIO

import frappe
import pytest
import requests
from openpyxl import load_workbook

from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	VIEWER,
	activity_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
)

DOCTYPES = (
	"Cronus Seller",
	"Cronus Customer",
	"Cronus Opportunity",
	"Cronus Activity",
	"Proforma",
	"Invoice",
	"Cronus Sales Entry",
)
LEDGER = "Cronus Sales Entry"


@dataclass
class Client:
	"""Somebody who calls the server with a key of their own, or without one."""

	address: str
	key: str | None

	def call(self, method: str, path: str, **arguments) -> requests.Response:
		headers = {"Accept": "application/json"}
		if self.key:
			headers["Authorization"] = f"token {self.key}"
		return requests.request(method, f"{self.address}{path}", headers=headers, timeout=60, **arguments)

	def get(self, path: str, **params) -> requests.Response:
		return self.call("GET", path, params=params)

	def post(self, path: str, **data) -> requests.Response:
		return self.call("POST", path, json=data)

	def names(self, answer: requests.Response, key: str) -> list[str]:
		"""Names in an answer; a refusal shows nothing."""
		if answer.status_code != 200:
			assert answer.status_code in (401, 403, 404), answer.text
			return []
		return [row["name"] for row in answer.json()[key]]


def key_of(user: str) -> str:
	doc = frappe.get_doc("User", user)
	doc.api_key = frappe.generate_hash(length=15)
	doc.api_secret = secret = frappe.generate_hash(length=15)
	doc.save()
	return f"{doc.api_key}:{secret}"


@pytest.fixture(scope="module")
def world(site, server):
	"""One seller with one record of each DocType, and everybody who might look at it."""
	frappe.set_user("Administrator")
	manager, other_manager = make_seller(roles=(SELLER, MANAGER)), make_seller(roles=(SELLER, MANAGER))
	seller, other = make_seller(manager.name, roles=(SELLER, VIEWER)), make_seller(other_manager.name)
	customer = make_customer(seller.name).name
	opportunity = make_opportunity(seller.name, customer)
	proforma = issue_proforma(seller.name, customer=customer, opportunity=opportunity.name)
	invoice = invoice_of(proforma)
	users = {
		"seller": seller.user,
		"manager": manager.user,
		"other seller": other.user,
		"other manager": other_manager.user,
		"no role": make_user(),
		"billing": make_user(BILLING),
	}
	clients = {who: Client(server, key_of(user)) for who, user in users.items()}
	clients["guest"] = Client(server, None)
	frappe.db.commit()
	return frappe._dict(
		clients=clients,
		sellers={"seller": seller.name, "other seller": other.name},
		records={
			"Cronus Seller": seller.name,
			"Cronus Customer": customer,
			"Cronus Opportunity": opportunity.name,
			"Cronus Activity": activity_of(proforma).name,
			"Proforma": proforma.name,
			"Invoice": invoice.name,
			LEDGER: entry_of(proforma).name,
		},
		titles={"Cronus Customer": frappe.db.get_value("Cronus Customer", customer, "customer_name")},
	)


def rest_list(client, doctype, name):
	filters = frappe.as_json([["name", "=", name]])
	return client.names(client.get(f"/api/resource/{doctype}", filters=filters), "data")


def rest_get(client, doctype, name):
	return client.get(f"/api/resource/{doctype}/{name}").status_code == 200


def count(client, doctype, name):
	answer = client.post("/api/method/frappe.client.get_count", doctype=doctype, filters={"name": name})
	return answer.status_code == 200 and answer.json()["message"]


def list_count(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.desk.reportview.get_count",
		doctype=doctype,
		filters=frappe.as_json([[doctype, "name", "=", name]]),
	)
	return answer.status_code == 200 and answer.json()["message"]


def report_view(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.desk.reportview.get",
		doctype=doctype,
		fields=frappe.as_json([f"`tab{doctype}`.`name`"]),
		filters=frappe.as_json([[doctype, "name", "=", name]]),
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def export(client, doctype, name):
	answer = client.call(
		"POST",
		"/api/method/frappe.desk.reportview.export_query",
		data={
			"doctype": doctype,
			"file_format_type": "CSV",
			"title": doctype,
			"fields": frappe.as_json([f"`tab{doctype}`.`name`"]),
			"filters": frappe.as_json([[doctype, "name", "=", name]]),
		},
	)
	return answer.status_code == 200 and name in answer.text


def search(client, doctype, name):
	answer = client.post("/api/method/frappe.desk.search.search_link", doctype=doctype, txt=name)
	return answer.status_code == 200 and name in [row["value"] for row in answer.json()["message"]]


def search_ignoring_permissions(client, doctype, name):
	answer = client.post(
		"/api/method/frappe.desk.search.search_link", doctype=doctype, txt=name, ignore_user_permissions=1
	)
	return answer.status_code == 200 and name in [row["value"] for row in answer.json()["message"]]


def search_box(client, doctype, name):
	answer = client.post(
		"/api/method/frappe.desk.search.search_widget", doctype=doctype, txt=name, ignore_user_permissions=1
	)
	return answer.status_code == 200 and name in [row[0] for row in answer.json()["message"]]


def form(client, doctype, name):
	answer = client.get("/api/method/frappe.desk.form.load.getdoc", doctype=doctype, name=name)
	return answer.status_code == 200 and bool(answer.json().get("docs"))


def value(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.client.get_value",
		doctype=doctype,
		filters=frappe.as_json({"name": name}),
		fieldname="creation",
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def printed(client, doctype, name):
	answer = client.get("/printview", doctype=doctype, name=name)
	return answer.status_code == 200 and "not permitted" not in answer.text.lower()


PATHS = (
	rest_list,
	rest_get,
	count,
	list_count,
	report_view,
	export,
	search,
	search_ignoring_permissions,
	search_box,
	form,
	value,
	printed,
)


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_only_the_portfolio_is_seen(world, path, doctype):
	name = world.records[doctype]
	seen_by = {who for who, client in world.clients.items() if path(client, doctype, name)}
	expected = {"seller", "manager"}
	if doctype in ("Cronus Seller", "Cronus Customer", "Proforma", "Invoice"):
		expected.add("billing")
	if path is export and doctype == "Cronus Seller":
		expected = set()  # only administrators export the team
	assert seen_by == expected


def test_a_title_is_not_told(world):
	customer = world.records["Cronus Customer"]
	path = "/api/method/frappe.desk.search.get_link_title"
	for who, client in world.clients.items():
		answer = client.post(path, doctype="Cronus Customer", docname=customer)
		told = answer.status_code == 200 and answer.json()["message"] == world.titles["Cronus Customer"]
		assert told == (who in ("seller", "manager", "billing")), who


def test_connections_count_what_is_seen(world):
	"""The other seller sees a customer of theirs, of which the first seller has a proforma."""
	frappe.set_user("Administrator")
	customer = make_customer(world.sellers["other seller"]).name
	issue_proforma(world.sellers["seller"], customer=customer)
	issue_proforma(world.sellers["other seller"], customer=customer)
	frappe.db.commit()
	answer = world.clients["other seller"].get(
		"/api/method/frappe.desk.notifications.get_open_count", doctype="Cronus Customer", name=customer
	)
	found = {
		row["doctype"]: row["count"] for row in answer.json()["message"]["count"]["external_links_found"]
	}
	assert found["Proforma"] == 1
	assert found["Cronus Activity"] == 1


REPORT = "/api/method/frappe.desk.query_report.run"


@pytest.mark.parametrize(
	("who", "sees"),
	[
		("seller", {"seller"}),
		("manager", {"seller"}),
		("other manager", {"other seller"}),
		("other seller", None),
		("billing", None),
		("no role", None),
		("guest", None),
	],
)
def test_the_report_shows_the_team_or_is_locked(world, who, sees):
	answer = world.clients[who].get(REPORT, report_name="Cronus Seller Efficiency", filters="{}")
	if sees is None:
		assert answer.status_code in (401, 403)
		return
	assert answer.status_code == 200, answer.text
	rows = [row["seller"] for row in answer.json()["message"]["result"]]
	for seller, name in world.sellers.items():
		assert (name in rows) == (seller in sees), seller


@pytest.mark.parametrize("file_format", ["CSV", "Excel"])
def test_the_report_is_exported_within_the_team(world, file_format):
	def export_as(who):
		return world.clients[who].call(
			"POST",
			"/api/method/frappe.desk.query_report.export_query",
			data={
				"report_name": "Cronus Seller Efficiency",
				"file_format_type": file_format,
				"filters": "{}",
				"visible_idx": "[]",
			},
		)

	def text_of(answer):
		if file_format == "CSV":
			return answer.text
		sheet = load_workbook(BytesIO(answer.content)).active
		return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)

	text = text_of(export_as("manager"))
	assert world.sellers["seller"] in text
	assert world.sellers["other seller"] not in text
	assert export_as("other seller").status_code == 403


def test_the_report_refuses_a_seller_of_another_team(world):
	filters = frappe.as_json({"seller": world.sellers["seller"]})
	answer = world.clients["other manager"].get(
		REPORT, report_name="Cronus Seller Efficiency", filters=filters
	)
	assert answer.status_code == 403
	assert "not in your team" in answer.text


def test_taking_over_a_record_is_refused(world):
	"""Writing one's own name into somebody else's record, by every way of writing."""
	mine = world.sellers["other seller"]
	thief = world.clients["other seller"]
	for doctype in ("Cronus Customer", "Cronus Opportunity", "Cronus Activity"):
		name = world.records[doctype]
		stored = frappe.get_doc(doctype, name).as_dict(convert_dates_to_str=True)
		attempts = (
			thief.call("PUT", f"/api/resource/{doctype}/{name}", json={"seller": mine}),
			thief.post(
				"/api/method/frappe.client.set_value",
				doctype=doctype,
				name=name,
				fieldname="seller",
				value=mine,
			),
			thief.post("/api/method/frappe.client.save", doc={**stored, "seller": mine}),
			thief.post(
				"/api/method/frappe.desk.form.save.savedocs",
				doc=frappe.as_json({**stored, "seller": mine}),
				action="Save",
			),
			thief.call("DELETE", f"/api/resource/{doctype}/{name}"),
		)
		assert [answer.status_code for answer in attempts] == [403] * len(attempts), doctype
		frappe.db.rollback()
		assert frappe.db.get_value(doctype, name, "seller") == world.sellers["seller"]


def test_a_record_is_not_given_to_another_team(world):
	answer = world.clients["seller"].call(
		"PUT",
		f"/api/resource/Cronus Customer/{world.records['Cronus Customer']}",
		json={"seller": world.sellers["other seller"]},
	)
	assert answer.status_code == 403


def test_a_document_does_not_point_at_what_is_not_seen(world):
	answer = world.clients["other seller"].post(
		"/api/resource/Cronus Opportunity",
		title="Curious",
		customer=world.records["Cronus Customer"],
		stage="Initial contact",
	)
	assert answer.status_code == 403
	assert "may not use" in answer.text


def test_a_proforma_is_not_invoiced_by_another_seller(world):
	answer = world.clients["other seller"].post(
		"/api/method/cronus_crm.cronus_billing.doctype.invoice.invoice.make_from_proformas",
		proformas=[world.records["Proforma"]],
	)
	assert answer.status_code == 403


def test_what_changes_something_is_not_done_by_get(world):
	answer = world.clients["seller"].get(
		"/api/method/cronus_crm.cronus_billing.doctype.invoice.invoice.make_from_proformas",
		proformas=world.records["Proforma"],
	)
	assert answer.status_code == 403


def test_a_record_without_seller_is_its_creators(world):
	"""Such as one that an administrator has not yet assigned."""
	frappe.set_user("Administrator")
	orphan = make_customer().name
	frappe.db.commit()
	assert not rest_get(world.clients["manager"], "Cronus Customer", orphan)
	assert not rest_list(world.clients["manager"], "Cronus Customer", orphan)
	loner = make_user(SELLER)
	client = Client(world.clients["seller"].address, key_of(loner))
	frappe.db.commit()
	made = client.post("/api/resource/Cronus Customer", customer_name="Mine alone").json()["data"]["name"]
	assert rest_get(client, "Cronus Customer", made)
	assert rest_list(client, "Cronus Customer", made)
	assert not rest_get(world.clients["seller"], "Cronus Customer", made)


def test_the_setting_opens_customers_for_reading_only(world):
	customer = world.records["Cronus Customer"]
	other = world.clients["other seller"]
	try:
		frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
		frappe.db.commit()
		assert rest_get(other, "Cronus Customer", customer)
		assert rest_list(other, "Cronus Customer", customer)
		assert not rest_get(world.clients["no role"], "Cronus Customer", customer)
		answer = other.call("PUT", f"/api/resource/Cronus Customer/{customer}", json={"notes": "x"})
		assert answer.status_code == 403
		assert not rest_list(other, "Proforma", world.records["Proforma"])
	finally:
		frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 0)
		frappe.db.commit()


def test_moving_a_seller_moves_what_is_seen_at_once(world):
	frappe.set_user("Administrator")
	boss, low = make_seller(roles=(SELLER, MANAGER)), make_seller()
	customer = make_customer(low.name).name
	client = Client(world.clients["seller"].address, key_of(boss.user))
	frappe.db.commit()
	assert not rest_get(client, "Cronus Customer", customer)
	low.reload()
	low.update({"parent_cronus_seller": boss.name}).save()
	frappe.db.commit()
	assert rest_get(client, "Cronus Customer", customer)
	low.update({"parent_cronus_seller": None}).save()
	frappe.db.commit()
	assert not rest_get(client, "Cronus Customer", customer)
	assert not rest_list(client, "Cronus Customer", customer)
