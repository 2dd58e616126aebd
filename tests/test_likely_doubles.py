import frappe
import pytest

from cronus_crm.api.merging import dismiss_doubles
from cronus_crm.cronus_exchange.merging.likely_doubles import find_pairs
from cronus_crm.cronus_exchange.report.cronus_likely_doubles.cronus_likely_doubles import execute
from tests.scaffold import MANAGER, SELLER, make_customer, make_seller


def row(name, customer_name, **keys):
	return frappe._dict(
		{"tax_key": None, "email_key": None, "phone_key": None, **keys},
		name=name,
		customer_name=customer_name,
	)


@pytest.mark.parametrize(
	("one", "other"),
	[
		("Ferretería El Tornillo S.A.", "FERRETERIA EL TORNILLO SA"),
		("Comercial Andina Cía. Ltda.", "Comercial  Andina, Cia Ltda"),
		("Distribuidora Peñafiel", "Distribuidora Penafiel E.I.R.L."),
		("Hernández Hermanos S. de R.L.", "Hermanos Hernandez"),
		("Panaderia La Espiga", "Panadería La Espigha"),
	],
)
def test_names_that_people_write_differently_are_found(one, other):
	((first, second, score, reasons),) = find_pairs([row("A", one), row("B", other)])
	assert (first, second, reasons) == ("A", "B", ("customer_name",))
	assert score >= 90


@pytest.mark.parametrize(
	("one", "other"),
	[
		("Ferretería El Tornillo", "Ferretería El Martillo"),
		("Constructora Norte 1", "Constructora Norte 2000"),
		("S.A.", "Ltda."),
		("", ""),
	],
)
def test_names_of_different_companies_are_not(one, other):
	assert find_pairs([row("A", one), row("B", other)]) == []


def test_equal_values_count_more_than_names_and_all_reasons_are_given():
	pairs = find_pairs(
		[
			row("A", "Uno", tax_key="1", phone_key="+593"),
			row("B", "Dos", tax_key="1", phone_key="+593"),
			row("C", "Tres", email_key="c@example.com"),
			row("D", "Cuatro", email_key="c@example.com"),
		]
	)
	assert [tuple(pair) for pair in pairs] == [
		("A", "B", 100, ("tax_key", "phone_key")),
		("C", "D", 85, ("email_key",)),
	]


def test_a_value_that_many_share_says_nothing():
	assert find_pairs([row(f"{n:03}", f"Empresa {n} xyz{n}", phone_key="+593") for n in range(40)]) == []


def test_each_manager_sees_the_pairs_of_their_team_until_somebody_dismisses_them():
	manager = make_seller(roles=(SELLER, MANAGER))
	other = make_seller(roles=(SELLER, MANAGER))
	seller = make_seller(manager.name)
	email = f"{frappe.generate_hash()}@example.com"
	first = make_customer(seller.name, email=email).name
	second = make_customer(seller.name, email=email).name
	theirs = make_customer(other.name, email=email).name

	def pairs():
		return [(row["first"], row["second"]) for row in execute({})[1]]

	frappe.set_user(manager.user)
	assert pairs() == [tuple(sorted((first, second)))]
	frappe.set_user(other.user)
	assert pairs() == []
	with pytest.raises(frappe.PermissionError):
		dismiss_doubles(first, theirs)
	frappe.set_user(manager.user)
	dismiss_doubles(second, first)
	dismiss_doubles(first, second)
	assert pairs() == []
