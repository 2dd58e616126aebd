import frappe
import pytest

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
