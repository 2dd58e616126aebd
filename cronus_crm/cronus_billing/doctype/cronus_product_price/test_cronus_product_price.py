import frappe
import pytest

from tests.scaffold import BILLING, SELLER, ensure_product, make_user, unique


def make_list(**fields):
	values = {"doctype": "Cronus Price List", "title": unique("List"), "currency": "EUR", **fields}
	return frappe.get_doc(values).insert()


@pytest.fixture
def price():
	values = {"product": ensure_product(), "price_list": make_list().name, "price": 10}
	return frappe.get_doc({"doctype": "Cronus Product Price", **values, "valid_from": "2026-01-01"}).insert()


def again(like, **fields):
	return frappe.copy_doc(like).update({"valid_from": like.valid_from, **fields}).insert()


def test_a_price_shows_the_currency_of_its_list(price):
	assert price.currency == "EUR"


def test_of_two_prices_from_the_same_day_and_quantity_nothing_says_which(price):
	with pytest.raises(frappe.DuplicateEntryError, match="from this day and quantity already"):
		again(price, price=20, valid_to="2026-02-01")
	assert again(price, valid_from="2026-01-02")
	assert again(price, minimum_quantity=5)
	assert again(price, price_list=make_list().name)
	assert price.update({"price": 30}).save()


def test_the_database_holds_where_two_save_the_same_price_at_once(price, monkeypatch):
	monkeypatch.setattr(type(price), "refuse_second_price", lambda self: None)
	with pytest.raises(frappe.UniqueValidationError):
		again(price)


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"price": -1}, "negative"),
		({"price": float("nan")}, "nan.*is not a number"),
		({"minimum_quantity": -1}, "negative"),
		({"valid_to": "2025-12-31"}, "end before it begins"),
		({"product": "no such product"}, "no such product"),
	],
)
def test_bad_input_is_refused(price, wrong, says):
	with pytest.raises(frappe.ValidationError, match=says):
		again(price, **{"valid_from": "2026-02-01", **wrong})


def test_what_the_prices_of_a_list_mean_does_not_change(price):
	price_list = frappe.get_doc("Cronus Price List", price.price_list)
	for change in ({"currency": "USD"}, {"taxes_included": 1}):
		with pytest.raises(frappe.ValidationError, match="has prices already"):
			price_list.update(change).save()
		price_list.reload()
	assert price_list.update({"enabled": 0}).save()
	assert make_list().update({"currency": "USD"}).save()


@pytest.mark.parametrize(
	"doctype", ["Cronus Tax", "Cronus Price List", "Cronus Product Price", "Cronus Exchange Rate"]
)
def test_sellers_read_and_billing_writes(doctype):
	for role, rights in ((SELLER, (True, False)), (BILLING, (True, True))):
		user = make_user(role)
		assert (
			tuple(frappe.has_permission(doctype, right, user=user) for right in ("read", "write")) == rights
		)
