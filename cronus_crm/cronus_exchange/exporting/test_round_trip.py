"""What is exported is read back unchanged, hostile texts too; templates are read in every language."""

import csv
from io import BytesIO, StringIO

import frappe
import pytest
from openpyxl import load_workbook

from cronus_crm.cronus_exchange.exporting import record_files, templates
from cronus_crm.cronus_exchange.exporting.row_files import send_rows
from cronus_crm.cronus_exchange.targets.target import load_targets
from tests.import_helper import check, counts_of, rows_of
from tests.scaffold import ensure_product, make_customer, make_opportunity, make_user, unique

HOSTILE = (
	"=HYPERLINK(1)",
	"+cmd|' /C calc'!A0",
	"-1+1",
	"@SUM(1)",
	"'=already",
	"'apostrophe",
	'Quoted "name", Inc; S.A.',
	"<b>bold</b> & co",
	"a  b\u00a0c",
	"Pen\u0303a",
	"5 < 6",
	"N/A Systems",
	"001234",
	"8.1E9 Ltd",
	"sep=;",
	"Total Solutions",
	"PeÃ±aflor",
	"Pe\ufffdaflor",
	"#N/A",
)


def response_of(action) -> bytes:
	frappe.local.response = frappe._dict(docs=[])
	action()
	content = frappe.local.response.filecontent
	return content.encode() if isinstance(content, str) else content


def export(target: str, names: list[str], file_format: str = "CSV", complete: int = 1) -> bytes:
	return response_of(lambda: record_files.export_records(target, file_format, complete, names))


@pytest.mark.parametrize("file_format", ["CSV", "Excel"])
def test_customers_with_hostile_texts_come_back_unchanged(imports, team, file_format):
	customers = []
	for text in HOSTILE:
		customer = make_customer(
			team.seller.name,
			customer_name=f"{text} ",
			notes=f"{text}\nsecond line",
			tax_id=unique("T"),
			phone="+593 99 123 4567",
			email="ventas@example.com",
			website="https://www.example.com/a?b=1",
			annual_revenue=1234567.5,
			employees=12,
			country="Ecuador",
		)
		customers.append(customer)
	for n in range(3):
		frappe.get_doc(
			{
				"doctype": "Cronus Customer Branch",
				"customer": customers[0].name,
				"branch_name": f"=Branch {n}",
				"code": f"00{n}",
				"city": "Loja",
			}
		).insert()
	for n in range(2):
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": f"Ana {n}",
				"last_name": "O'Neill",
				"phone_nos": [{"phone": "0991234567"}, {"phone": "0987654321"}],
				"email_ids": [
					{"email_id": "ana@example.com", "is_primary": 1},
					{"email_id": "b@example.com"},
				],
				"links": [{"link_doctype": "Cronus Customer", "link_name": customers[0].name}],
			}
		).insert()
	frappe.db.commit()
	contents = export("Customers", [customer.name for customer in customers], file_format)
	name = imports(contents, file_name="a.csv" if file_format == "CSV" else "a.xlsx", country="Ecuador")
	doc = check(name)
	wrong = {line: row for line, row in rows_of(name).items() if row.outcome != "Unchanged"}
	assert not wrong
	assert counts_of(doc) == {"rows_read": len(HOSTILE) + 2, "rows_unchanged": len(HOSTILE) + 2}
	for customer in customers:
		for doctype in ("Contact", "Cronus Customer Branch"):
			for found in frappe.get_all(
				doctype, {"modified": (">=", customer.creation)}, pluck="name", order_by="name"
			):
				if doctype == "Contact" or frappe.db.get_value(doctype, found, "customer") == customer.name:
					frappe.delete_doc(doctype, found, force=True)
		frappe.delete_doc("Cronus Customer", customer.name, force=True)
	frappe.db.commit()


def test_records_of_every_target_come_back_unchanged(imports, team):
	opportunity = make_opportunity(
		team.seller.name, value=1234.5, opened_on="2025-03-04", expected_close="2025-12-13"
	)
	product = ensure_product(unique("P"), price=12.125, family="Hierro")
	price_list = frappe.get_doc(
		{"doctype": "Cronus Price List", "title": unique("L"), "currency": "USD", "enabled": 1}
	)
	values = {
		"price_list": price_list.insert().name,
		"product": product,
		"price": 10.5,
		"valid_from": "2025-02-01",
	}
	price = frappe.get_doc({"doctype": "Cronus Product Price", "minimum_quantity": 12, **values}).insert()
	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": "=Ana",
			"seller": team.seller.name,
			"medium": "Referral",
		}
	).insert()
	frappe.db.commit()
	for target, name in (
		("Opportunities", opportunity.name),
		("Products", product),
		("Prices", price.name),
		("Prospects", prospect.name),
	):
		found = imports(export(target, [name]), target=target, decimal_mark="Point")
		doc = check(found)
		assert counts_of(doc) == {"rows_read": 1, "rows_unchanged": 1}, rows_of(found)
	customer = opportunity.customer
	for doc in (opportunity, price, price_list, prospect):
		frappe.delete_doc(doc.doctype, doc.name, force=True)
	frappe.delete_doc("Cronus Customer", customer, force=True)
	frappe.delete_doc("Cronus Product", product, force=True)
	frappe.db.commit()


def test_an_export_has_no_formula_and_is_of_the_portfolio(team):
	mine = make_customer(team.seller.name, customer_name="=1+1")
	theirs = make_customer(team.stranger.name)
	frappe.set_user(team.manager.user)
	contents = export("Customers", [mine.name, theirs.name]).decode("utf-8-sig")
	assert "'=1+1" in contents
	assert theirs.name not in contents
	frappe.set_user(make_user())
	with pytest.raises(frappe.PermissionError):
		export("Customers", [mine.name])


def test_many_are_prepared_in_the_background(team, monkeypatch):
	customer = make_customer(team.seller.name)
	monkeypatch.setattr(record_files, "MOST_AT_ONCE", 0)
	queued = []
	monkeypatch.setattr(frappe, "enqueue", lambda function, **arguments: queued.append((function, arguments)))
	assert record_files.export_records("Customers", "CSV", 0, [customer.name]) == {"queued": 1}
	((function, arguments),) = queued
	function(**{name: arguments[name] for name in ("request", "for_user", "key")})
	notice = frappe.get_last_doc("Notification Log", {"for_user": "Administrator"})
	assert arguments["key"] in notice.link
	file = frappe.get_doc("File", {"file_url": notice.link})
	assert file.is_private
	assert customer.name in file.get_content()
	with pytest.raises(frappe.PermissionError):
		record_files.prepare_export(arguments["request"], "somebody@example.com", "x")


@pytest.mark.parametrize("target", sorted(load_targets()))
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_headings_of_a_template_are_understood_in_both_languages(imports, target, language):
	frappe.local.lang = language
	contents = response_of(lambda: templates.send_template(target, "Empty", "CSV"))
	frappe.local.lang = "en"
	headings = next(csv.reader(StringIO(contents.decode("utf-8-sig"))))
	name = imports(contents, target=target)
	doc = frappe.get_doc("Cronus Customer Import", name)
	assert [column.heading for column in doc.columns] == headings
	assert all(column.target_field for column in doc.columns), headings
	assert len({column.target_field for column in doc.columns}) == len(headings)


def test_a_template_in_excel_has_its_examples():
	contents = response_of(lambda: templates.send_template("Customers", "Examples", "Excel"))
	page = load_workbook(BytesIO(contents)).active
	assert page.max_row > 2


def test_the_examples_of_a_template_can_be_imported(imports, team):
	contents = response_of(lambda: templates.send_template("Customers", "Examples", "CSV"))
	name = imports(contents, default_seller=team.seller.name, country="Ecuador", tax_country="Ecuador")
	doc = check(name)
	assert (doc.rows_wrong, doc.rows_doubled) == (0, 0), rows_of(name)


def test_wrong_rows_are_downloaded_with_their_lines_and_can_be_loaded_again(imports, team):
	rows = [
		f"A {unique('x')};{team.seller.name};5",
		f"=B;{team.seller.name};cinco",
		f"C;{team.seller.name};seis",
	]
	name = imports("Nombre;Vendedor;Empleados\n" + "\n".join(rows) + "\n")
	check(name)
	contents = response_of(lambda: send_rows(name, "Wrong"))
	table = list(csv.reader(StringIO(contents.decode("utf-8-sig"))))
	assert table[0][2:] == ["Nombre", "Vendedor", "Empleados"]
	assert [row[0] for row in table[1:]] == ["3", "4"]
	assert table[1][2:] == ["'=B", team.seller.name, "cinco"]
	assert "cinco" in table[1][1]
	corrected = contents.decode("utf-8-sig").replace("cinco", "5").replace("seis", "6")
	assert check(imports(corrected)).rows_wrong == 0
