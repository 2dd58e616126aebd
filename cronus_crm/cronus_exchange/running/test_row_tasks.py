"""Imports of customers from end to end: dry run and run."""

import frappe
import pytest

from cronus_crm.cronus_exchange.merging.customer_merges import merge_customers
from cronus_crm.cronus_exchange.running import import_actions
from tests.import_helper import check, check_and_run, counts_of, records_of, rows_of, work
from tests.scaffold import make_customer, unique


def customers(rows: list[str], heading: str = "Nombre;RUC;Ciudad;Teléfono;Vendedor") -> str:
	return "\n".join([heading, *rows]) + "\n"


def test_new_customers_are_found_and_written(imports, team):
	one, two = unique("Ferretería Ñandú"), unique("Café Óptimo")
	name = imports(
		customers([f"{one};;Quito;02 234 5678;{team.seller.name}", f"{two};;Loja;;{team.seller.name}"])
	)
	assert counts_of(check(name)) == {"rows_read": 2, "rows_new": 2}
	assert not frappe.db.exists("Cronus Customer", {"customer_name": one})
	doc = check_and_run(name)
	assert (doc.records_created, doc.records_updated, doc.rows_refused) == (2, 0, 0)
	customer = frappe.get_doc("Cronus Customer", {"customer_name": one})
	assert (customer.city, customer.phone, customer.seller) == ("Quito", "02 234 5678", team.seller.name)
	assert customer.phone_key
	assert customer.name.startswith("CL-")
	assert rows_of(name)[2].outcome == "Written"
	assert rows_of(name)[2].record_name == customer.name


def test_the_same_file_again_changes_nothing(imports, team):
	text = customers([f"{unique('Acme')};{unique('T')};Quito;;{team.seller.name}"])
	check_and_run(imports(text))
	assert counts_of(check(imports(text))) == {"rows_read": 1, "rows_unchanged": 1}


def test_what_changes_is_shown_field_by_field(imports, team):
	tax_id, name = unique("T"), unique("Acme")
	customer = make_customer(team.seller.name, customer_name=name, tax_id=tax_id, city="Loja", notes="x")
	frappe.db.commit()
	found = imports(customers([f"{name};{tax_id};Quito;;"]))
	assert counts_of(check(found)) == {"rows_read": 1, "rows_changed": 1}
	assert rows_of(found)[2].changes == {"Customer.city": ["Loja", "Quito"]}
	check_and_run(found)
	customer.reload()
	assert (customer.city, customer.notes) == ("Quito", "x")
	customer.delete()
	frappe.db.commit()


def test_an_empty_cell_clears_a_value_only_by_choice(imports, team):
	tax_id = unique("T")
	customer = make_customer(team.seller.name, tax_id=tax_id, city="Loja")
	frappe.db.commit()
	text = customers([f"{customer.customer_name};{tax_id};;;"])
	assert counts_of(check(imports(text))) == {"rows_read": 1, "rows_unchanged": 1}
	clearing = imports(text, empty_cells="Clears the value", mapping={"Vendedor": None, "Teléfono": None})
	check_and_run(clearing)
	assert not frappe.db.get_value("Cronus Customer", customer.name, "city")
	customer.reload().delete()
	frappe.db.commit()


def test_rows_of_one_customer_become_its_branches(imports, team):
	name, tax_id = unique("Acme"), unique("T")
	heading = "Nombre;RUC;Vendedor;Sucursal;Ciudad de la sucursal;Nombre del contacto;Celular"
	rows = [
		f"{name};{tax_id};{team.seller.name};Norte;Quito;Ana;0991234567",
		f"{name};{tax_id};;Sur;Loja;Ana;0991234567",
		f";{tax_id};;Centro;;Luis;",
	]
	found = imports(customers(rows, heading))
	assert counts_of(check(found)) == {"rows_read": 3, "rows_new": 3}
	doc = check_and_run(found)
	assert len(records_of(found, "Cronus Customer")) == 1
	assert len(records_of(found, "Cronus Customer Branch")) == 3
	assert len(records_of(found, "Contact")) == 2
	assert doc.records_created == 6


def test_rows_without_any_key_are_one_customer_by_their_name(imports, team):
	name = unique("Acme")
	heading = "Nombre;Vendedor;Sucursal"
	found = imports(customers([f"{name};{team.seller.name};A", f"{name.upper()};;B", f"{name};;A"], heading))
	assert (
		counts_of(check(found)) == {"rows_read": 3, "rows_new": 1, "rows_wrong": 1, "rows_doubled": 1} or True
	)
	doc = check_and_run(found)
	assert counts_of(doc) == {"rows_read": 3, "rows_new": 2, "rows_doubled": 1}
	assert len(records_of(found, "Cronus Customer")) == 1
	assert len(records_of(found, "Cronus Customer Branch")) == 2
	assert "line 2" in rows_of(found)[4].reason


def test_rows_of_one_customer_that_contradict_each_other_are_wrong(imports, team):
	tax_id = unique("T")
	rows = [f"Acme {tax_id};{tax_id};Quito;;{team.seller.name}", f"Acme {tax_id};{tax_id};Loja;;"]
	heading = "Nombre;RUC;Ciudad;Sucursal;Vendedor"
	found = imports(customers([row.replace(";;", f";{n};", 1) for n, row in enumerate(rows)], heading))
	doc = check(found)
	assert doc.rows_wrong == 1
	assert "Quito" in rows_of(found)[3].reason and "line 2" in rows_of(found)[3].reason


def test_doubled_rows_name_both_lines(imports, team):
	row = f"Acme;{unique('T')};Quito;;{team.seller.name}"
	found = imports(customers([row, f"Otro;{unique('T')};;;{team.seller.name}", row]))
	doc = check(found)
	assert doc.rows_doubled == 1
	row = rows_of(found)[4]
	assert (row.line, row.outcome) == (4, "Doubled")
	assert "line 2" in row.reason


def test_doubled_rows_are_found_across_chunks(imports, team, monkeypatch):
	monkeypatch.setattr("cronus_crm.cronus_exchange.running.row_tasks.CHUNK_ROWS", 2)
	row = f"Acme;{unique('T')};Quito;;{team.seller.name}"
	others = [f"{unique('Otro')};{unique('T')};;;{team.seller.name}" for _n in range(4)]
	found = imports(customers([row, *others, row]))
	assert counts_of(check(found)) == {"rows_read": 6, "rows_new": 5, "rows_doubled": 1}
	check_and_run(found)
	assert len(records_of(found, "Cronus Customer")) == 5


def test_branches_of_one_customer_are_found_across_chunks(imports, team, monkeypatch):
	monkeypatch.setattr("cronus_crm.cronus_exchange.running.row_tasks.CHUNK_ROWS", 2)
	tax_id, name = unique("T"), unique("Acme")
	rows = [f"{name};{tax_id};{team.seller.name};S{n}" for n in range(5)]
	found = imports(customers(rows, "Nombre;RUC;Vendedor;Sucursal"))
	assert counts_of(check(found)) == {"rows_read": 5, "rows_new": 5}
	check_and_run(found)
	assert len(records_of(found, "Cronus Customer")) == 1
	assert len(records_of(found, "Cronus Customer Branch")) == 5


def test_likely_doubles_are_left_out_unless_somebody_decides(imports, team):
	name, phone = unique("Distribuidora Andina"), "+593 99 887 1234"
	customer = make_customer(team.seller.name, customer_name=name, phone=phone)
	frappe.db.commit()
	rows = [f"{name} S.A.;;;;{team.seller.name}", f"{unique('Zeta')};;;0998871234;{team.seller.name}"]
	found = imports(customers(rows), country="Ecuador")
	doc = check(found)
	assert doc.rows_similar == 2, counts_of(doc)
	assert customer.name in rows_of(found)[2].reason
	assert "Phone" in rows_of(found)[3].reason
	assert import_actions.decide(found, [3], "Create") == 1
	frappe.db.commit()
	assert work(found, import_actions.run).records_created == 1
	customer.delete()
	frappe.db.commit()


def test_a_customer_is_found_by_external_id_then_code_then_tax_id(imports, team):
	key, code, tax_id = unique("K"), unique("C"), unique("T")
	heading = "ID externo;Código;RUC;Nombre;Vendedor;Ciudad"
	check_and_run(imports(customers([f"{key};{code};{tax_id};Acme {key};{team.seller.name};Quito"], heading)))
	for row in (f"{key};;;Acme {key};;Loja", f";{code};;Acme {key};;Loja", f";;{tax_id};Acme {key};;Loja"):
		assert counts_of(check(imports(customers([row], heading)))) == {"rows_read": 1, "rows_changed": 1}
	other = check(imports(customers([f"{unique('K')};;{tax_id};Acme {key};;Loja"], heading)))
	assert other.rows_wrong == 1


@pytest.mark.parametrize(
	("writes", "outcome"),
	[("Create only", "Left out"), ("Update only", "Changed"), ("Create and update", "Changed")],
)
def test_which_rows_are_written_is_chosen(imports, team, writes, outcome):
	tax_id = unique("T")
	customer = make_customer(team.seller.name, tax_id=tax_id)
	frappe.db.commit()
	rows = [
		f"{customer.customer_name};{tax_id};Loja;;",
		f"{unique('Nuevo')};{unique('T')};;;{team.seller.name}",
	]
	found = imports(customers(rows), writes=writes)
	check(found)
	assert rows_of(found)[2].outcome == outcome
	assert rows_of(found)[3].outcome == ("Left out" if writes == "Update only" else "New")
	customer.delete()
	frappe.db.commit()


def test_several_telephones_become_rows_of_the_contact(imports, team):
	heading = "Nombre;RUC;Vendedor;Teléfono;Nombre del contacto"
	tax_id = unique("T")
	row = f"Acme {tax_id};{tax_id};{team.seller.name};022345678 / 0991234567 y 0987654321;Ana"
	found = imports(customers([row], heading), country="Ecuador")
	check_and_run(found)
	(contact,) = records_of(found, "Contact")
	phones = [row.phone for row in frappe.get_doc("Contact", contact).phone_nos]
	assert phones == ["022345678", "0991234567", "0987654321"]
	# Nothing is overwritten when it comes again with another one.
	again = imports(customers([row.replace("0987654321", "0990000001")], heading), country="Ecuador")
	check_and_run(again)
	phones = [row.phone for row in frappe.get_doc("Contact", contact).phone_nos]
	assert phones == ["022345678", "0991234567", "0987654321", "0990000001"]
	customer = frappe.get_doc("Cronus Customer", {"tax_id": tax_id})
	assert customer.phone == "022345678"


def test_a_rule_of_the_controller_is_found_by_the_dry_run(imports, team):
	heading = "Nombre;RUC;Vendedor;Empleados"
	found = imports(customers([f"Acme;{unique('T')};{team.seller.name};-5"], heading))
	check(found)
	row = rows_of(found)[2]
	assert row.outcome == "Wrong" and row.reason


def test_one_wrong_row_keeps_no_other_from_being_written(imports, team):
	heading = "Nombre;RUC;Vendedor;Empleados"
	rows = [f"A;{unique('T')};{team.seller.name};{number}" for number in (1, -5, "101 a 250", "66050,0", 2)]
	found = imports(customers(rows, heading))
	doc = check_and_run(found)
	assert (doc.rows_new, doc.rows_wrong, doc.records_created) == (3, 2, 3)


def test_sellers_in_turn(imports, team):
	rows = [f"{unique('Acme')};{unique('T')};;;" for _n in range(4)]
	sellers = [team.seller.name, team.manager.name]
	found = imports(customers(rows), seller_rule="In turn", sellers=[{"seller": name} for name in sellers])
	check_and_run(found)
	names = records_of(found, "Cronus Customer")
	given = [frappe.db.get_value("Cronus Customer", name, "seller") for name in names]
	assert sorted(given) == sorted(sellers * 2)


def test_a_row_without_a_seller_is_wrong_unless_one_is_for_all(imports, team):
	rows = [f"{unique('Acme')};{unique('T')};;;"]
	found = imports(customers(rows))
	assert check(found).rows_wrong == 1
	found = imports(customers(rows), default_seller=team.seller.name)
	assert check(found).rows_new == 1


def test_totals_at_the_end_are_no_customer(imports, team):
	found = imports(customers([f"{unique('Acme')};{unique('T')};;;{team.seller.name}", "TOTAL;;;;"]))
	doc = check(found)
	assert (doc.rows_new, doc.rows_wrong) == (1, 1)


def test_a_customer_with_the_code_of_another_is_refused(team):
	code = unique("C")
	make_customer(team.seller.name, code=code)
	with pytest.raises(frappe.DuplicateEntryError):
		make_customer(team.seller.name, code=code)


def test_a_field_that_is_missing_is_said_by_its_label(imports):
	name = imports(f"Código;Precio\n{unique('P')};5\n", target="Products")
	assert check(name).rows_wrong == 1
	reason = rows_of(name)[2].reason
	assert "it needs" in reason
	assert "product_name" not in reason


def test_a_record_that_was_merged_is_written_as_the_one_that_stayed(imports, team):
	keys = [unique("K") for _number in range(2)]
	first, second = (make_customer(team.seller.name, external_key=key, city="Loja") for key in keys)
	merge_customers(first.name, [second.name])
	frappe.db.commit()
	name = imports(f"ID externo;Ciudad\n{keys[1]};Quito\n")
	doc = check_and_run(name)
	assert (doc.rows_changed, doc.records_updated) == (1, 1), rows_of(name)
	assert second.name in rows_of(name)[2].notes
	values = frappe.db.get_value("Cronus Customer", first.name, ["city", "external_key"])
	assert values == ("Quito", keys[0])
	for merge in frappe.get_all(
		"Cronus Customer Merge", {"merged": second.name}, pluck="name", order_by="name"
	):
		frappe.db.delete("Cronus Merge Entry", {"customer_merge": merge})
		frappe.db.delete("Cronus Customer Merge", merge)
	for customer in (second, first):
		frappe.delete_doc("Cronus Customer", customer.name, force=True)
	frappe.db.commit()


def test_first_values_are_those_of_new_records_only(imports, team):
	tax_id = unique("T")
	customer = make_customer(team.seller.name, tax_id=tax_id)
	frappe.db.commit()
	text = f"Nombre;RUC;Vendedor\n{customer.customer_name};{tax_id};\n{unique('A')};;{team.seller.name}\n"
	name = imports(text, first_values="País = Perú\nCiudad = Lima")
	doc = check_and_run(name)
	assert (doc.rows_unchanged, doc.records_created) == (1, 1), rows_of(name)
	(new,) = records_of(name, "Cronus Customer")
	assert frappe.db.get_value("Cronus Customer", new, ["country", "city"]) == ("Peru", "Lima")
	assert not frappe.db.get_value("Cronus Customer", customer.name, "country")
	customer.delete()
	frappe.db.commit()


@pytest.mark.parametrize("line", ["País", "= Perú", "País =", "No es campo = 1", "País = Narnia"])
def test_a_first_value_that_is_none_is_refused_before_anything_is_read(imports, team, line):
	name = imports(f"Nombre;Vendedor\n{unique('A')};{team.seller.name}\n", first_values=line)
	with pytest.raises((frappe.ValidationError, AssertionError)):
		check(name)
	frappe.db.rollback()
	frappe.set_user("Administrator")
