import frappe
import pytest

from cronus_crm.cronus_billing.doctype.proforma.proforma import make_from_opportunities
from cronus_crm.cronus_billing.pricing.opportunity_prices import preview_prices
from tests.scaffold import ensure_product, make_customer, make_opportunity, make_seller, unique


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def euro():
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "EUR", "valid_from": "2001-01-01", "rate": 1.25}
	).insert()


def proforma_of(opportunity):
	(name,) = make_from_opportunities(opportunity.name)
	return frappe.get_doc("Proforma", name)


def test_a_free_product_stays_free(seller):
	rows = [
		{"product": ensure_product(), "quantity": 1, "price": 0},
		{"product": ensure_product(), "quantity": 2, "price": 90},
	]
	opportunity = make_opportunity(seller, products=rows)
	assert opportunity.value == 180
	assert [line.price for line in proforma_of(opportunity).items] == [0, 90]


def test_a_missing_price_is_found_in_the_currency_of_the_opportunity(seller, euro):
	product = ensure_product(unique("P"), price=1.2345)
	opportunity = make_opportunity(seller, currency="EUR", products=[{"product": product, "quantity": 1}])
	assert opportunity.products[0].price == 0.9876
	assert proforma_of(opportunity).items[0].price == 0.9876


def test_the_form_is_given_the_price_in_the_currency_of_the_opportunity(seller, euro):
	rows = [{"name": "one", "idx": 1, "product": ensure_product(), "quantity": 1}, {"name": "two", "idx": 2}]
	sent = {"customer": make_customer(seller).name, "currency": "EUR", "products": rows}
	assert preview_prices(frappe.as_json(sent)) == {"one": 80, "two": None}


def test_a_product_without_a_price_is_refused_until_one_is_written(seller):
	row = {"product": ensure_product(unique("P"), price=0), "quantity": 1}
	opportunity = frappe.get_doc("Cronus Opportunity", make_opportunity(seller).name)
	opportunity.append("products", row)
	with pytest.raises(frappe.ValidationError, match=r"(?s)Line 1.*Write the price"):
		opportunity.save()
	opportunity.reload()
	opportunity.append("products", {**row, "price": 0})
	opportunity.save()
	assert opportunity.value == 0


def test_a_probability_of_zero_is_one(seller):
	assert make_opportunity(seller, probability=0).probability == 0
	stage = frappe.db.get_value("Cronus Stage", "Initial contact", "probability")
	assert make_opportunity(seller).probability == stage > 0
