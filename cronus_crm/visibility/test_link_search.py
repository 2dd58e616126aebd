"""A link field finds what people mean: accents, apostrophes and _; and sorts as Spanish does."""

import frappe
import pytest
from frappe.desk.search import search_link, search_widget

from cronus_crm.base import text_folding
from tests.scaffold import ensure_product, make_customer, make_seller, unique


def found(doctype: str, text: str) -> list[str]:
	return [row["value"] for row in search_link(doctype, text, page_length=50)]


@pytest.fixture
def mark():
	"""What all records of a test have in their names, so that others are not found."""
	return frappe.generate_hash(length=6).upper()


@pytest.mark.parametrize(
	"stored, asked, others",
	[
		("PIÑA", "pina", ["PERA"]),
		("Azúcar", "AZUCAR", ["Azahar"]),
		("O’Higgins", "o'higgins", ["OxHiggins"]),
		("O'Higgins", "O’HIGGINS", ["OxHiggins"]),
		("MESA_1", "mesa_1", ["MESAX1"]),
		("MESA_1", "mesa 1", ["MESAX1"]),
		("MESA 1", "MESA_1", ["MESAX1"]),
		("100 %", "100 %", ["1000"]),
		("TUBO\\1", "tubo\\1", ["TUBOX1", "TUBO1"]),
	],
)
def test_it_is_found_as_people_write_it(mark, stored, asked, others):
	names = [f"{mark}{text}" for text in (stored, *others)]
	for name in names:
		ensure_product(name)
	assert found("Cronus Product", f"{mark}{asked}") == names[:1]
	customer = make_customer(customer_name=f"{mark}{stored}")
	for other in others:
		make_customer(customer_name=f"{mark}{other}")
	assert found("Cronus Customer", f"{mark}{asked}") == [customer.name]


def test_a_translated_master_is_found_without_accents():
	frappe.local.lang = "es"
	name = (
		frappe.get_doc({"doctype": "Cronus Contact Medium", "contact_medium": unique("Teléfono")})
		.insert()
		.name
	)
	assert found("Cronus Contact Medium", name.lower().replace("é", "e")) == [name]
	assert name in found("Cronus Contact Medium", "")
	assert found("Cronus Contact Medium", "nothing like it") == []


def test_enye_is_sorted_after_n_and_accents_do_not_count(mark):
	names = ["Abeja", "Ávila", "nata", "Núñez", "Ñandú", "Oso", "Zeta"]
	for name in reversed(names):
		make_customer(customer_name=f"{mark} {name}")
	labels = [row["label"] for row in search_link("Cronus Customer", mark, page_length=50)]
	assert labels == [f"{mark} {name}" for name in names]
	assert sorted(reversed(names), key=text_folding.sort_key) == names


def test_the_rule_holds_whatever_is_written(mark):
	mine, other = make_seller(), make_seller()
	own = make_customer(mine.name, customer_name=f"{mark} O’Neill")
	make_customer(other.name, customer_name=f"{mark} O'Neill")
	frappe.set_user(mine.user)
	assert found("Cronus Customer", f"{mark} o'neill") == [own.name]


def test_what_is_asked_for_as_mappings_and_a_short_page_work_too(mark):
	for number in range(5):
		ensure_product(f"{mark}_{number}")
		ensure_product(f"{mark}X{number}")
	rows = search_widget("Cronus Product", f"{mark}_", page_length=3, as_dict=True)
	assert [row.name for row in rows] == [f"{mark}_{number}" for number in range(3)]
	assert search_widget("Cronus Product", "", page_length=3)


def test_a_filter_of_a_list_is_found_with_any_apostrophe(mark):
	typographic, plain = (make_customer(customer_name=f"{mark} O{sign}Neill").name for sign in "’'")
	make_customer(customer_name=f"{mark} Neill")
	for sign in "’'´":
		pattern = f"%{mark} o{sign}n%"
		for filters in (
			{"customer_name": ("like", pattern)},
			[["Cronus Customer", "customer_name", "like", pattern]],
			[["customer_name", "like", pattern]],
		):
			found = frappe.get_list("Cronus Customer", filters=filters, pluck="name", order_by="name asc")
			assert found == sorted([typographic, plain])
