"""Undoing goes back to what each record was before, and leaves what somebody has changed or built on
since."""

import frappe
import pytest

from cronus_crm.cronus_exchange.running import import_actions
from cronus_crm.cronus_exchange.running.stored_rows import JOURNAL
from tests.import_helper import check_and_run, records_of, undo, work
from tests.scaffold import make_customer, unique

HEADING = "Nombre;RUC;Ciudad;Vendedor;Sucursal;Nombre del contacto;Celular"


def rows_of_two(seller: str) -> tuple[str, str, str]:
	one, two = unique("T"), unique("T")
	rows = [
		f"Acme {one};{one};Quito;{seller};Norte;Ana;0991234567",
		f"Acme {one};{one};;;Sur;Luis;",
		f"Beta {two};{two};Loja;{seller};;;",
	]
	return "\n".join([HEADING, *rows]) + "\n", one, two


def refusals(name: str) -> dict[str, str]:
	rows = frappe.get_all(
		JOURNAL, {"customer_import": name}, ["record_doctype", "undone", "refusal"], order_by="name asc"
	)
	return {row.record_doctype: row.refusal for row in rows if row.undone == "Refused"}


def test_what_was_created_is_gone(imports, team):
	text, one, two = rows_of_two(team.seller.name)
	name = imports(text)
	assert check_and_run(name).records_created == 6
	doc = undo(name)
	assert (doc.state, doc.records_undone, doc.records_not_undone) == ("Undone", 6, 0)
	assert not frappe.get_all("Cronus Customer", {"tax_id": ("in", (one, two))}, order_by="name")
	assert not frappe.db.exists("Contact", {"name": ("in", records_of(name, "Contact"))})


def test_the_journal_survives_the_file(imports, team):
	text, one, _two = rows_of_two(team.seller.name)
	name = imports(text)
	check_and_run(name)
	frappe.delete_doc(
		"File",
		frappe.db.get_value(
			"File", {"file_url": frappe.db.get_value("Cronus Customer Import", name, "file")}
		),
	)
	frappe.db.commit()
	assert undo(name).records_undone == 6
	assert not frappe.db.exists("Cronus Customer", {"tax_id": one})


def test_what_was_changed_gets_its_values_back(imports, team):
	tax_id = unique("T")
	customer = make_customer(team.seller.name, tax_id=tax_id, city="Loja", notes="as it was")
	frappe.db.commit()
	name = imports(f"Nombre;RUC;Ciudad;Notas\n{customer.customer_name};{tax_id};Quito;otra\n")
	assert check_and_run(name).records_updated == 1
	assert frappe.db.get_value("Cronus Customer", customer.name, "city") == "Quito"
	assert undo(name).records_undone == 1
	customer.reload()
	assert (customer.city, customer.notes) == ("Loja", "as it was")
	customer.delete()
	frappe.db.commit()


def test_what_somebody_has_changed_since_stays(imports, team):
	tax_id = unique("T")
	customer = make_customer(team.seller.name, tax_id=tax_id, city="Loja")
	frappe.db.commit()
	name = imports(f"Nombre;RUC;Ciudad\n{customer.customer_name};{tax_id};Quito\n")
	check_and_run(name)
	customer.reload()
	customer.city = "Cuenca"
	customer.save()
	frappe.db.commit()
	doc = work(name, import_actions.check_undo)
	assert (doc.records_to_undo, doc.records_not_undone) == (0, 1)
	assert "Cuenca" in refusals(name)["Cronus Customer"]
	with pytest.raises(frappe.ValidationError):
		import_actions.undo(name)
	assert frappe.db.get_value("Cronus Customer", customer.name, "city") == "Cuenca"
	customer.delete()
	frappe.db.commit()


def test_a_new_customer_with_records_since_stays_and_so_does_nothing_of_others(imports, team):
	text, one, two = rows_of_two(team.seller.name)
	name = imports(text)
	check_and_run(name)
	customer = frappe.db.get_value("Cronus Customer", {"tax_id": one})
	opportunity = frappe.get_doc(
		{
			"doctype": "Cronus Opportunity",
			"title": unique("Deal"),
			"customer": customer,
			"seller": team.seller.name,
			"stage": "Initial contact",
		}
	).insert()
	frappe.db.commit()
	doc = undo(name)
	assert frappe.db.exists("Cronus Customer", customer)
	assert not frappe.db.exists("Cronus Customer", {"tax_id": two})
	assert doc.records_not_undone == 1
	assert "Opportunity" in refusals(name)["Cronus Customer"]
	opportunity.delete()
	frappe.db.commit()


def test_rows_added_to_a_contact_are_taken_away_again(imports, team):
	tax_id = unique("T")
	heading = "Nombre;RUC;Vendedor;Nombre del contacto;Celular"
	first = imports(f"{heading}\nAcme {tax_id};{tax_id};{team.seller.name};Ana;0991234567\n")
	check_and_run(first)
	(contact,) = records_of(first, "Contact")
	second = imports(f"{heading}\nAcme {tax_id};{tax_id};;Ana;0987654321\n")
	check_and_run(second)
	assert len(frappe.get_doc("Contact", contact).phone_nos) == 2
	assert undo(second).records_undone == 1
	assert [row.phone for row in frappe.get_doc("Contact", contact).phone_nos] == ["0991234567"]


def test_undoing_twice_undoes_once(imports, team):
	text, _one, _two = rows_of_two(team.seller.name)
	name = imports(text)
	check_and_run(name)
	assert undo(name).records_undone == 6
	doc = work(name, import_actions.check_undo)
	assert (doc.records_to_undo, doc.records_not_undone) == (0, 0)
