import frappe
import pytest

from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.patches.v0_7 import choose_default_tax
from tests.scaffold import ensure_product, invoice_of, issue_proforma, make_seller, new_proforma, unique


@pytest.fixture
def seller():
	return make_seller().name


def make_tax(rate: float, **fields) -> str:
	values = {"doctype": "Cronus Tax", "title": unique("Tax"), "rate": rate, **fields}
	return frappe.get_doc(values).insert().name


def line_of(seller: str, **line):
	items = [{"product": ensure_product(unique("P"), tax_rate=15), "quantity": 1, **line}]
	return new_proforma(seller, items=items).insert().items[0]


def test_a_line_has_the_tax_that_it_names_else_that_of_its_rate_else_that_of_its_product(seller):
	tax = make_tax(7)
	assert [line_of(seller).get(field) for field in ("tax", "tax_rate")] == ["VAT 15 %", 15]
	by_rate = line_of(seller, tax_rate="12")
	assert (by_rate.tax, by_rate.tax_rate) == ("VAT 12 %", 12)
	exempt = line_of(seller, tax_rate=0)
	assert (exempt.tax, exempt.tax_rate) == ("VAT 0 %", 0)
	named = line_of(seller, tax=tax, tax_rate=99)
	assert (named.tax, named.tax_rate) == (tax, 7)


@pytest.mark.parametrize(("rate", "says"), [(13, "no tax of 13 %"), (-1, "percentage"), (101, "percentage")])
def test_a_rate_that_no_tax_has_is_refused_with_its_line(seller, rate, says):
	product = ensure_product()
	items = [{"product": product, "quantity": 1}, {"product": product, "quantity": 1, "tax_rate": rate}]
	with pytest.raises(frappe.ValidationError, match=rf"(?s)Line 2.*{says}"):
		new_proforma(seller, items=items).insert()


def test_a_disabled_tax_is_refused_but_kept_where_it_was_promised(seller):
	tax = make_tax(7)
	proforma = issue_proforma(seller, items=[{"product": ensure_product(), "quantity": 1, "tax": tax}])
	frappe.get_doc("Cronus Tax", tax).update({"disabled": 1}).save()
	with pytest.raises(frappe.ValidationError, match=r"(?s)Line 1.*is disabled"):
		line_of(seller, tax=tax)
	with pytest.raises(frappe.ValidationError, match="no tax of 7 %"):
		line_of(seller, tax_rate=7)
	assert invoice_of(proforma).items[0].tax == tax


def test_a_tax_in_use_keeps_its_rate_and_is_not_deleted(seller):
	free, used = make_tax(3), make_tax(4)
	line = line_of(seller, tax=used)
	tax = frappe.get_doc("Cronus Tax", used)
	with pytest.raises(frappe.LinkExistsError, match=rf"(?s)cannot change.*{line.parent}"):
		tax.update({"rate": 5}).save()
	tax.reload()
	tax.update({"description": "Of old", "rate": "4"}).save()
	with pytest.raises(frappe.LinkExistsError, match=rf"(?s)cannot be deleted.*{line.parent}"):
		tax.delete()
	tax = frappe.get_doc("Cronus Tax", free)
	tax.update({"rate": 5}).save()
	tax.delete()
	assert not frappe.db.exists("Cronus Tax", free)


def test_the_tax_of_a_product_is_in_use_too():
	tax = make_tax(4)
	product = ensure_product(unique("P"), tax=tax)
	with pytest.raises(frappe.LinkExistsError, match=rf"(?s)cannot be deleted.*{product}"):
		frappe.delete_doc("Cronus Tax", tax)


@pytest.mark.parametrize(
	("rate", "says"),
	[
		(-1, "percentage from 0 to 100"),
		(100.5, "percentage from 0 to 100"),
		(float("nan"), "(?s)Rate.*nan.*is not a number"),
	],
)
def test_a_rate_is_a_percentage(rate, says):
	with pytest.raises(frappe.ValidationError, match=says):
		make_tax(rate)


def test_a_product_has_the_tax_of_its_rate_and_without_any_that_of_nothing():
	rate, named, none = (
		frappe.get_doc("Cronus Product", ensure_product(unique("P"), **fields))
		for fields in ({"tax_rate": 19}, {"tax": make_tax(8)}, {})
	)
	assert (rate.tax, named.tax_rate, none.tax) == ("VAT 19 %", 8, "VAT 0 %")
	with pytest.raises(frappe.ValidationError, match=r"no tax of .*13"):
		ensure_product(unique("P"), tax_rate=13)


SETTINGS = "Cronus CRM Settings"


def new_product(**fields):
	code = unique("P")
	values = {"doctype": "Cronus Product", "product_code": code, "product_name": code, **fields}
	return frappe.get_doc(values).insert()


def test_a_product_without_a_tax_is_refused_until_somebody_has_chosen_the_default_one():
	frappe.db.set_single_value(SETTINGS, "default_tax", None)
	with pytest.raises(frappe.MandatoryError, match="Choose the tax of the product"):
		new_product()
	assert new_product(tax_rate=0).tax == "VAT 0 %"
	assert taxes.choose_default_tax(15) == "VAT 15 %"
	product = new_product()
	assert (product.tax, product.tax_rate) == ("VAT 15 %", 15)


def test_a_rate_that_no_tax_has_gets_one():
	assert taxes.choose_default_tax(11.5) == "VAT 11.5 %"
	assert frappe.db.get_value("Cronus Tax", "VAT 11.5 %", "rate") == 11.5
	with pytest.raises(frappe.ValidationError, match="from 0 to 100"):
		taxes.choose_default_tax(101)


def test_only_who_may_write_the_settings_chooses(seller):
	frappe.set_user(frappe.db.get_value("Cronus Seller", seller, "user"))
	with pytest.raises(frappe.PermissionError):
		taxes.choose_default_tax(15)


@pytest.mark.parametrize(("country", "rate"), [("Ecuador", 15), ("Chile", 19), ("Japan", None), (None, None)])
def test_the_rate_of_the_country_is_proposed(monkeypatch, country, rate):
	monkeypatch.setattr(frappe, "get_system_settings", lambda _name: country)
	assert taxes.propose_rate() == rate


def test_a_site_in_use_keeps_the_tax_that_its_products_had():
	ensure_product()
	frappe.db.set_single_value(SETTINGS, "default_tax", None)
	for _time in range(2):
		choose_default_tax.execute()
		assert taxes.find_default_tax() == "VAT 0 %"
