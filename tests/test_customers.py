"""Customers over HTTP: what a seller takes away in a file, what is deleted, and who is refused."""

import csv
from io import BytesIO, StringIO

import frappe
import pytest
import requests
from frappe.core.doctype.data_import.data_import import download_errored_template, download_import_log
from openpyxl import load_workbook

from tests.scaffold import (
	ADMINISTRATOR,
	MANAGER,
	SELLER,
	VIEWER,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	unique,
)

FORMULA = '=HYPERLINK("http://x","{0}")'
CUSTOMERS = "cronus_crm.api.customers"


class Client:
	"""Somebody who calls the server with a key of their own."""

	def __init__(self, address: str, user: str):
		self.address = address
		doc = frappe.get_doc("User", user)
		doc.api_key, doc.api_secret = (frappe.generate_hash(length=15) for _part in range(2))
		key = f"{doc.api_key}:{doc.api_secret}"
		doc.save()
		self.headers = {"Authorization": f"token {key}", "Accept": "application/json"}

	def post(self, method: str, **data) -> requests.Response:
		return requests.post(
			f"{self.address}/api/method/{method}", headers=self.headers, data=data, timeout=60
		)

	def get(self, method: str, **params) -> requests.Response:
		return requests.get(
			f"{self.address}/api/method/{method}", headers=self.headers, params=params, timeout=60
		)


@pytest.fixture(scope="module")
def world(site, server):
	"""Two sellers with customers of their own; one of these has a dangerous name, and one has documents."""
	frappe.set_user("Administrator")
	manager = make_seller(roles=(SELLER, MANAGER, VIEWER))
	seller, other = make_seller(manager.name), make_seller()
	dangerous = make_customer(
		seller.name, customer_name=FORMULA.format(unique("x")), phone="+593 99 123 4567"
	)
	busy, theirs = make_customer(seller.name), make_customer(other.name)
	issue_proforma(seller.name, customer=busy.name)
	criterion = frappe.get_doc(
		{"doctype": "Cronus Classification Criterion", "criterion": unique("Zone")}
	).insert()
	dangerous.append("criteria", {"criterion": criterion.name, "value": "@North"})
	dangerous.save()
	parts = {}
	for owner in (dangerous, theirs):
		parts[owner.name] = make_parts(owner.name)
	clients = {
		who: Client(server, user)
		for who, user in {
			"seller": seller.user,
			"other": other.user,
			"manager": manager.user,
			"administrator": make_user(ADMINISTRATOR, "System Manager"),
			"nobody": make_user(),
		}.items()
	}
	frappe.db.commit()
	return frappe._dict(
		clients=clients,
		seller=seller,
		dangerous=dangerous,
		busy=busy,
		theirs=theirs,
		parts=parts,
		criterion=criterion.name,
	)


def make_parts(customer: str) -> dict[str, str]:
	"""A branch, a contact and an address of a customer; their names by DocType."""
	links = [{"link_doctype": "Cronus Customer", "link_name": customer}]
	documents = [
		{"doctype": "Cronus Customer Branch", "customer": customer, "branch_name": unique("Branch")},
		{"doctype": "Contact", "first_name": unique("Ana"), "links": links},
		{
			"doctype": "Address",
			"address_title": unique("Main"),
			"address_type": "Office",
			"address_line1": "Av. Amazonas 123",
			"city": "Quito",
			"country": "Ecuador",
			"links": links,
		},
	]
	return {values["doctype"]: frappe.get_doc(values).insert().name for values in documents}


def sheets(answer: requests.Response) -> dict[str, list[list]]:
	assert answer.status_code == 200, answer.text
	book = load_workbook(BytesIO(answer.content))
	return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book}


def formulas(answer: requests.Response) -> list[str]:
	"""Addresses of the cells that a spreadsheet would run."""
	book = load_workbook(BytesIO(answer.content))
	return [
		f"{page.title}!{cell.coordinate}"
		for page in book
		for row in page.iter_rows()
		for cell in row
		if cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith(("=", "@", "+")))
	]


def export(client: Client, **arguments) -> requests.Response:
	return client.post("cronus_crm.api.customers.export", **arguments)


def test_a_basic_export_has_the_rows_that_its_reader_sees(world):
	everybody = frappe.as_json([world.dangerous.name, world.busy.name, world.theirs.name])
	answer = export(world.clients["seller"], names=everybody)
	(rows,) = sheets(answer).values()
	assert {row[0] for row in rows[1:]} == {world.dangerous.name, world.busy.name}
	assert f"'{world.dangerous.customer_name}" in rows[1 + (rows[1][0] != world.dangerous.name)]
	assert formulas(answer) == []
	(rows,) = sheets(export(world.clients["other"], names=everybody)).values()
	assert [row[0] for row in rows[1:]] == [world.theirs.name]


def test_an_export_follows_the_filter_of_the_list_also_of_criteria(world):
	for filters, found in (
		([["Cronus Customer", "phone", "like", "+593%"]], [world.dangerous.name]),
		([["Cronus Customer Criterion", "value", "=", "@North"]], [world.dangerous.name]),
		([["Cronus Customer", "disabled", "=", 1]], []),
	):
		(rows,) = sheets(export(world.clients["seller"], filters=frappe.as_json(filters))).values()
		assert [row[0] for row in rows[1:]] == found


def test_a_complete_export_has_a_sheet_for_each_part_and_only_what_is_seen(world):
	answer = export(world.clients["seller"], complete=1)
	pages = sheets(answer)
	assert list(pages) == ["Customer", "Classification criteria", "Customer Branch", "Contact", "Address"]
	assert formulas(answer) == []
	text = str(pages)
	for name in world.parts[world.dangerous.name].values():
		assert name in text
	for name in (world.theirs.name, *world.parts[world.theirs.name].values()):
		assert name not in text
	assert [world.dangerous.name, world.criterion, "'@North", 0] in pages["Classification criteria"]
	assert "phone_key" not in text


def test_who_has_no_right_to_export_is_refused(world):
	assert export(world.clients["nobody"]).status_code == 403


DANGEROUS_LOG = "=HYPERLINK(1)"


def list_export(client: Client, doctype: str, kind: str, **filters) -> requests.Response:
	return client.post(
		"frappe.desk.reportview.export_query",
		doctype=doctype,
		file_format_type=kind,
		title=doctype,
		fields=frappe.as_json([f"`tab{doctype}`.`{field}`" for field in ("name", "customer_name", "phone")]),
		filters=frappe.as_json([[doctype, field, "=", value] for field, value in filters.items()]),
	)


def test_the_exports_of_the_framework_have_no_formulas(world):
	client = world.clients["seller"]
	name = world.dangerous.name
	answer = list_export(client, "Cronus Customer", "Excel", name=name)
	assert formulas(answer) == []
	harmless = [name, f"'{world.dangerous.customer_name}", "'+593 99 123 4567"]
	_heading, row = next(iter(sheets(answer).values()))
	# What comes after it is whoever made the record, where the framework adds that.
	assert row[:4] == [1, *harmless]
	answer = list_export(client, "Cronus Customer", "CSV", name=name)
	_heading, row = csv.reader(StringIO(answer.text))
	assert row[:4] == ["1", *harmless]


def test_reports_are_exported_without_formulas_and_with_numbers(world):
	seller = frappe.db.get_value("Cronus Seller", world.seller.name, "seller_name")
	answer = world.clients["manager"].post(
		"frappe.desk.query_report.export_query",
		report_name="Cronus Seller Efficiency",
		file_format_type="Excel",
		filters="{}",
		visible_idx="[]",
	)
	(rows,) = sheets(answer).values()
	(row,) = [row for row in rows if seller in row]
	assert any(isinstance(cell, int | float) for cell in row)
	assert formulas(answer) == []


@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_records_of_an_import_template_have_no_formulas_and_telephones_as_they_are(world, kind):
	answer = world.clients["administrator"].post(
		"frappe.core.doctype.data_import.data_import.download_template",
		doctype="Cronus Customer",
		export_fields=frappe.as_json({"Cronus Customer": ["name", "customer_name", "phone"]}),
		export_records="by_filter",
		export_filters=frappe.as_json([["Cronus Customer", "name", "=", world.dangerous.name]]),
		file_type=kind,
	)
	assert answer.status_code == 200, answer.text
	rows = list(csv.reader(StringIO(answer.text))) if kind == "CSV" else next(iter(sheets(answer).values()))
	assert [world.dangerous.name, f"'{world.dangerous.customer_name}", "+593 99 123 4567"] in rows


@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_the_tool_for_exporting_data_writes_no_formulas(world, kind):
	answer = world.clients["administrator"].post(
		"frappe.core.doctype.data_export.exporter.export_data",
		doctype="Cronus Customer",
		select_columns=frappe.as_json({"Cronus Customer": ["customer_name", "phone"]}),
		filters=frappe.as_json({"name": world.dangerous.name}),
		file_type=kind,
		with_data=1,
		export_without_column_meta="true",
	)
	assert answer.status_code == 200, answer.text
	text = answer.text if kind == "CSV" else str(sheets(answer))
	assert "'=HYPERLINK" in text
	assert '"=HYPERLINK' not in text


@pytest.fixture
def refused_import():
	"""The name of an import by the framework's tool, of which the only row was refused."""
	kept = frappe.new_doc("Data Import", reference_doctype="Cronus Customer")
	kept.import_type = "Insert New Records"
	content = f"Customer name,Phone\n{DANGEROUS_LOG},+593 99 123 4567\n"
	file = {"doctype": "File", "file_name": "x.csv", "content": content, "is_private": 1}
	kept.import_file = frappe.get_doc(file).insert().file_url
	kept.insert()
	failure = {"data_import": kept.name, "row_indexes": "[2]", "success": 0, "exception": DANGEROUS_LOG}
	frappe.get_doc({"doctype": "Data Import Log", **failure}).insert()
	return kept.name


def test_the_log_of_an_import_has_no_formulas(refused_import):
	download_import_log(refused_import)
	_heading, row = csv.reader(StringIO(frappe.response["result"]))
	assert row[-1] == f"'{DANGEROUS_LOG}"


def test_the_rows_that_an_import_refused_have_no_formulas(refused_import):
	download_errored_template(refused_import)
	_heading, row = csv.reader(StringIO(frappe.response["result"]))
	assert row == [f"'{DANGEROUS_LOG}", "+593 99 123 4567"]


def test_an_export_that_ended_guards_nothing_of_what_comes_after():
	from frappe.utils.csvutils import to_csv

	assert to_csv([["=1"]]) == '"=1"\r\n'


def test_deleting_says_why_not_and_keeps_to_the_own_portfolio(world):
	free = make_customer(world.seller.name)
	frappe.db.commit()
	names = frappe.as_json([free.name, world.busy.name, world.theirs.name])
	refused = world.clients["seller"].post(f"{CUSTOMERS}.delete", names=names).json()["message"]
	assert [row["deleted"] for row in refused] == [False, False, False]
	rows = world.clients["manager"].post(f"{CUSTOMERS}.delete", names=names).json()["message"]
	assert [row["deleted"] for row in rows] == [True, False, False]
	assert "Proforma: 1" in rows[1]["reason"]
	assert world.theirs.customer_name not in str(rows)
	assert world.clients["manager"].get(f"{CUSTOMERS}.delete", names=names).status_code == 403


def test_the_rest_interface_refuses_with_the_same_reasons(world):
	answer = world.clients["manager"].post(
		"frappe.client.delete", doctype="Cronus Customer", name=world.busy.name
	)
	assert answer.status_code == 417
	assert "Proforma: 1" in answer.text


@pytest.mark.parametrize(
	("method", "arguments"),
	[
		("cronus_crm.api.customers.read_history", {"customer": "{name}"}),
		(
			"cronus_crm.api.documents.list_of_customer",
			{"customer": "{name}"},
		),
		(f"{CUSTOMERS}.get_contacts_and_addresses", {"doctype": "Cronus Customer", "name": "{name}"}),
	],
)
def test_the_tabs_of_a_customer_are_for_those_who_see_it(world, method, arguments):
	for who, status in (("seller", 200), ("manager", 200), ("other", 403), ("nobody", 403)):
		given = {key: value.format(name=world.busy.name) for key, value in arguments.items()}
		assert world.clients[who].get(method, **given).status_code == status, who


def test_criteria_are_synchronised_by_administrators_over_http(world):
	arguments = {"customer": world.dangerous.name, "criteria": frappe.as_json({world.criterion: "North"})}
	assert world.clients["seller"].post(f"{CUSTOMERS}.set_criteria", **arguments).status_code == 403
	assert world.clients["administrator"].get(f"{CUSTOMERS}.set_criteria", **arguments).status_code == 403
	assert world.clients["administrator"].post(f"{CUSTOMERS}.set_criteria", **arguments).status_code == 200
	frappe.db.rollback()
	(row,) = frappe.get_doc("Cronus Customer", world.dangerous.name).criteria
	assert (row.value, row.synchronised) == ("North", 1)
