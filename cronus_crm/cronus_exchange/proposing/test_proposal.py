"""What is proposed for a file, and shown by examples."""

import frappe
import pytest

from cronus_crm.cronus_exchange.proposing import kept_mappings
from cronus_crm.cronus_exchange.running import import_actions
from tests.import_helper import check
from tests.scaffold import unique

TEXT = "Nombre;Fecha;Teléfono;Desconocida\nA;03/04/2025;02 234 5678;x\nB;25/12/2024;;y\nC;31/02/2025;;z\n"


def test_choices_are_proposed_and_shown_by_examples(imports):
	name = imports(TEXT, target="Prospects")
	doc = frappe.get_doc("Cronus Customer Import", name)
	assert (doc.separator, doc.encoding, doc.date_order) == ("Semicolon", "UTF-8", "DD/MM/YYYY")
	assert [column.target_field for column in doc.columns] == [
		"Prospect.prospect_name",
		"Prospect.contacted_on",
		"Prospect.phone",
		None,
	]
	preview = import_actions.preview_file(name)
	assert preview["rows"][0] == ["A", "03/04/2025", "02 234 5678", "x"]
	(dates,) = (column for column in preview["columns"] if column["heading"] == "Fecha")
	assert dates["examples"][0] == {"cell": "03/04/2025", "becomes": "3 April 2025"}
	assert "calendar" in dates["examples"][-1]["error"]


def test_another_choice_shows_other_examples(imports):
	name = imports(TEXT, target="Prospects", date_order="MM/DD/YYYY")
	preview = import_actions.preview_file(name)
	(dates,) = (column for column in preview["columns"] if column["heading"] == "Fecha")
	assert dates["examples"][0] == {"cell": "03/04/2025", "becomes": "4 March 2025"}


def test_marks_of_numbers_are_proposed(imports):
	for text, marks in (
		("1.234,50", ("Comma", "Point")),
		("1,234.50", ("Point", "Comma")),
		("12.5", ("Point", "None")),
		("1 234 567", ("Comma", "Space")),
	):
		name = imports(f"Nombre;Ingresos\nA;{text}\nB;\n")
		doc = frappe.get_doc("Cronus Customer Import", name)
		assert (doc.decimal_mark, doc.thousands_mark) == marks


def test_reading_anew_keeps_what_was_mapped_by_hand(imports):
	name = imports(
		TEXT, target="Prospects", mapping={"Desconocida": "Prospect.city"}, encoding="Windows-1252"
	)
	import_actions.reread_file(name)
	doc = frappe.get_doc("Cronus Customer Import", name)
	assert doc.columns[3].target_field == "Prospect.city"
	frappe.db.rollback()


def test_choices_are_kept_under_a_name_for_the_same_again(imports):
	one = imports(
		TEXT,
		target="Prospects",
		mapping={"Desconocida": "Prospect.city"},
		date_order="MM/DD/YYYY",
		similar_rows="Created anyway",
	)
	two = imports(TEXT, target="Prospects")
	kept = unique("Mapping")
	assert kept_mappings.keep_mapping(frappe.get_doc("Cronus Customer Import", one), kept) == kept
	import_actions.use_kept_mapping(two, kept)
	doc = frappe.get_doc("Cronus Customer Import", two)
	assert (doc.date_order, doc.similar_rows) == ("MM/DD/YYYY", "Created anyway")
	assert doc.columns[3].target_field == "Prospect.city"
	frappe.db.rollback()


@pytest.mark.parametrize("state", ["Dry run made", "Stopped", "Failed"])
def test_a_dry_run_is_forgotten_after_a_change_of_choices(imports, state):
	name = imports("Nombre\nA\n")
	doc = check(name)
	assert doc.state == "Dry run made"
	doc.db_set("state", state)
	doc.first_of_partial = 1
	doc.save()
	assert doc.state == "File read"
	frappe.db.rollback()


@pytest.mark.parametrize(
	("contents", "file_name", "said"),
	[
		(b"\x89PNG\r\n\x1a\n0000", "clientes.csv", "image"),
		(b"<html><table></table></html>", "clientes.xls", "HTML"),
		(b"\n\n", "clientes.csv", "empty"),
		(b"PK\x03\x04" + b"x" * 40, "clientes.xlsx", "damaged"),
	],
)
def test_a_wrong_file_is_a_sentence_and_not_an_error(imports, contents, file_name, said):
	name = imports(contents, file_name=file_name, reads=False)
	with pytest.raises(frappe.ValidationError, match=said):
		import_actions.read_file(name)
	frappe.db.rollback()


def test_an_import_without_a_file_says_so(imports):
	doc = frappe.get_doc({"doctype": "Cronus Customer Import", "target": "Customers"}).insert()
	for action in (import_actions.read_file, import_actions.preview_file):
		with pytest.raises(frappe.ValidationError, match="Choose the file"):
			action(doc.name)
	with pytest.raises(frappe.ValidationError, match="no column"):
		import_actions.check(doc.name)
	frappe.db.rollback()
