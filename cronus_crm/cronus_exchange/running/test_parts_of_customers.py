"""What else a customer has comes by columns: classification criteria, addresses, details of contacts."""

import frappe
import pytest

from cronus_crm.cronus_exchange.exporting import record_files
from tests.import_helper import check, check_and_run, counts_of, records_of, rows_of, undo
from tests.scaffold import make_customer, unique

CUSTOMER = "Cronus Customer"


@pytest.fixture
def zone(site):
	"""A criterion with two values."""
	doc = frappe.get_doc(
		{
			"doctype": "Cronus Classification Criterion",
			"criterion": unique("Zona"),
			"allowed_values": "Costa\nSierra",
		}
	).insert()
	frappe.db.commit()
	yield doc.name
	frappe.db.rollback()
	frappe.db.delete("Cronus Customer Criterion", {"criterion": doc.name})
	doc.delete()
	frappe.db.commit()


@pytest.fixture
def forget(site):
	"""Removes customers with all that belongs to them."""
	customers = []
	yield customers.append
	frappe.db.rollback()
	for name in customers:
		for doctype in ("Address", "Contact"):
			links = {"link_doctype": CUSTOMER, "link_name": name, "parenttype": doctype}
			for parent in frappe.get_all("Dynamic Link", links, pluck="parent", order_by="name"):
				frappe.delete_doc(doctype, parent, force=True)
		for branch in frappe.get_all(
			"Cronus Customer Branch", {"customer": name}, pluck="name", order_by="name"
		):
			frappe.delete_doc("Cronus Customer Branch", branch, force=True)
		frappe.delete_doc(CUSTOMER, name, force=True)
	frappe.db.commit()


def criteria_of(customer: str) -> dict[str, str]:
	rows = frappe.get_doc(CUSTOMER, customer).criteria
	return {row.criterion: row.value for row in rows}


def addresses_of(customer: str) -> list[str]:
	links = {"link_doctype": CUSTOMER, "link_name": customer, "parenttype": "Address"}
	names = frappe.get_all("Dynamic Link", links, pluck="parent", order_by="name")
	fields = ["address_line1", "city", "country", "address_type"]
	return frappe.get_all(
		"Address", {"name": ("in", names or [""])}, fields, order_by="address_line1", as_list=True
	)


def test_criteria_are_columns_and_are_undone(imports, team, zone):
	tax_id = unique("T")
	head = f"Nombre;RUC;Vendedor;{zone}\n"
	first = imports(f"{head}Acme {tax_id};{tax_id};{team.seller.name};sierra\n")
	check_and_run(first)
	(customer,) = records_of(first, CUSTOMER)
	assert criteria_of(customer) == {zone: "Sierra"}

	same = imports(f"{head}Acme {tax_id};{tax_id};;Sierra\n")
	assert counts_of(check(same)) == {"rows_read": 1, "rows_unchanged": 1}

	second = imports(f"{head}Acme {tax_id};{tax_id};;Costa\n")
	check_and_run(second)
	assert criteria_of(customer) == {zone: "Costa"}
	assert undo(second).records_undone == 1
	assert criteria_of(customer) == {zone: "Sierra"}


def test_a_value_that_a_criterion_does_not_allow_is_said_with_those_that_it_does(imports, team, zone):
	name = imports(f"Nombre;Vendedor;{zone}\n{unique('A')};{team.seller.name};Oriente\n")
	assert check(name).rows_wrong == 1
	reason = rows_of(name)[2].reason
	assert "Oriente" in reason
	assert "Costa, Sierra" in reason


def test_addresses_are_columns_and_are_undone(imports, team):
	key = unique("K")
	text = (
		"ID externo;Nombre;Ciudad;Vendedor;Dirección;Ciudad de la dirección;Código postal\n"
		f"{key};Acme {key};Quito;{team.seller.name};Av. Amazonas 1;;170135\n"
		f"{key};;;;Calle Larga 2;Cuenca;\n"
	)
	name = imports(text, country="Ecuador")
	doc = check_and_run(name)
	assert doc.records_created == 3, rows_of(name)
	(customer,) = records_of(name, CUSTOMER)
	assert addresses_of(customer) == (
		("Av. Amazonas 1", "Quito", "Ecuador", "Billing"),
		("Calle Larga 2", "Cuenca", "Ecuador", "Billing"),
	)
	# A street that is there is no second address.
	again = imports(
		f"ID externo;Dirección;Código postal\n{key};AV. AMAZONAS 1;170999\n", default_seller=team.seller.name
	)
	doc = check_and_run(again)
	assert (doc.records_created, doc.records_updated) == (0, 1)
	assert undo(again).records_undone == 1
	(street, _long) = frappe.get_all(
		"Address", {"name": ("in", records_of(name, "Address"))}, pluck="pincode", order_by="address_line1"
	)
	assert street == "170135"


def test_new_addresses_are_undone_with_their_customer(imports, team):
	text = f"Nombre;Ciudad;Vendedor;Dirección\n{unique('A')};Quito;{team.seller.name};Av. Amazonas 1\n"
	name = imports(text, country="Ecuador")
	check_and_run(name)
	(address,) = records_of(name, "Address")
	assert undo(name).records_undone == 2
	assert not frappe.db.exists("Address", address)


def test_an_address_without_a_city_says_what_to_write(imports, team):
	text = f"Nombre;Vendedor;Dirección\n{unique('A')};{team.seller.name};Av. Amazonas 1\n"
	name = imports(text, country="Ecuador")
	assert check(name).rows_wrong == 1
	assert "City" in rows_of(name)[2].reason


def test_all_that_a_customer_has_comes_back_unchanged(imports, team, zone, forget):
	customer = make_customer(
		team.seller.name,
		customer_name=unique("Completa"),
		code=unique("c"),
		external_key=unique("k"),
		follow_up_days=3,
		follow_up_time="09:30",
		payment_days=30,
		year_established=1998,
		criteria=[{"criterion": zone, "value": "Costa"}],
	)
	forget(customer.name)
	link = {"link_doctype": CUSTOMER, "link_name": customer.name}
	for number in range(2):
		frappe.get_doc(
			{
				"doctype": "Address",
				"address_type": "Office",
				"address_line1": f"Calle {number}, piso 2",
				"city": "Loja",
				"country": "Ecuador",
				"pincode": "0110",
				"is_primary_address": number,
				"links": [link],
			}
		).insert()
	frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Ana",
			"designation": "Gerente",
			"department": "Compras",
			"cronus_birth_date": "1980-04-03",
			"phone_nos": [{"phone": "0991234567"}],
			"links": [link],
		}
	).insert()
	branch = {"doctype": "Cronus Customer Branch", "customer": customer.name}
	frappe.get_doc({**branch, "branch_name": "Norte", "code": "001", "phone": "022345678"}).insert()
	frappe.db.commit()
	for file_format, ending in (("CSV", "csv"), ("Excel", "xlsx")):
		frappe.local.response = frappe._dict(docs=[])
		record_files.export_records("Customers", file_format, 1, [customer.name])
		name = imports(frappe.local.response.filecontent, file_name=f"a.{ending}")
		assert counts_of(check(name)) == {"rows_read": 2, "rows_unchanged": 2}, rows_of(name)


def test_telephones_of_a_field_of_the_site_become_those_of_the_contact(imports, team):
	field = frappe.get_doc(
		{
			"doctype": "Custom Field",
			"dt": CUSTOMER,
			"fieldname": "custom_whatsapp",
			"label": "WhatsApp",
			"fieldtype": "Data",
			"options": "Phone",
		}
	).insert()
	try:
		name = imports(
			f"Nombre;Vendedor;WhatsApp\n{unique('A')};{team.seller.name};0991234567 / 0987654321\n",
			country="Ecuador",
		)
		doc = check_and_run(name)
		assert (doc.rows_new, doc.records_created) == (1, 2), rows_of(name)
		(contact,) = records_of(name, "Contact")
		phones = [row.phone for row in frappe.get_doc("Contact", contact).phone_nos]
		assert phones == ["0991234567", "0987654321"]
	finally:
		field.delete()
		frappe.db.commit()
