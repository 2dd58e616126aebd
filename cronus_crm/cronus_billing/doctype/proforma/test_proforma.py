import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_billing.doctype.proforma.proforma import expire, make_from_opportunities
from tests.scaffold import (
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	new_proforma,
)


@pytest.fixture
def seller():
	return make_seller().name


def test_issued_invoiced_in_parts_and_whole(seller):
	proforma = issue_proforma(seller, quantity=4)
	assert (proforma.state, proforma.left_to_invoice) == ("Issued", 400)
	first = invoice_of(proforma, quantity=1)
	proforma.reload()
	assert (proforma.state, proforma.left_to_invoice) == ("Partly invoiced", 300)
	rest = invoice_of(proforma)
	assert rest.items[0].quantity == 3
	proforma.reload()
	assert (proforma.state, proforma.left_to_invoice) == ("Invoiced", 0)
	first.cancel()
	proforma.reload()
	assert (proforma.state, proforma.left_to_invoice) == ("Partly invoiced", 100)
	rest.cancel()
	proforma.reload()
	assert (proforma.state, proforma.left_to_invoice) == ("Issued", 400)


def test_an_amended_proforma_starts_uninvoiced(seller):
	proforma = issue_proforma(seller)
	invoice_of(proforma).cancel()
	proforma.reload()
	proforma.cancel()
	assert frappe.db.get_value("Proforma", proforma.name, "state") == "Cancelled"
	amended = frappe.copy_doc(proforma)
	amended.update({"amended_from": proforma.name, "docstatus": 0})
	amended.items[0].invoiced_quantity = 2
	amended.insert()
	amended.submit()
	assert (amended.state, amended.left_to_invoice) == ("Issued", 200)


def test_a_proforma_with_an_issued_invoice_is_not_cancelled(seller):
	proforma = issue_proforma(seller)
	invoice = invoice_of(proforma)
	proforma.reload()
	with pytest.raises(frappe.LinkExistsError, match=invoice.name):
		proforma.cancel()


def test_validity_comes_from_the_settings_and_ends(seller):
	frappe.db.set_single_value("Cronus CRM Settings", "proforma_validity_days", 7)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")
	proforma = issue_proforma(seller)
	assert str(proforma.valid_until) == add_days(nowdate(), 7)
	old = issue_proforma(seller, posting_date="2026-01-05", valid_until="2026-01-20")
	assert old.state == "Expired"
	frappe.db.set_value("Proforma", proforma.name, "valid_until", add_days(nowdate(), -1))
	expire()
	assert frappe.db.get_value("Proforma", proforma.name, "state") == "Expired"
	invoice_of(old)
	assert frappe.db.get_value("Proforma", old.name, "state") == "Invoiced"


def test_a_line_takes_price_and_text_from_its_product(seller):
	product = ensure_product("TEST-TAXED", price=80, tax_rate=15, unit="Box")
	proforma = new_proforma(seller, items=[{"product": product, "quantity": 2}]).insert()
	line = proforma.items[0]
	assert (line.price, line.tax_rate, line.unit, line.description) == (80, 15, "Box", "TEST-TAXED")
	assert (proforma.net_total, proforma.tax_total, proforma.grand_total) == (160, 24, 184)


def test_a_free_line_stays_free(seller):
	proforma = new_proforma(seller, items=[{"product": ensure_product(), "quantity": 1, "price": 0}]).insert()
	assert proforma.grand_total == 0


def test_seller_comes_from_opportunity_then_customer(seller):
	other = make_seller().name
	customer = make_customer(other).name
	opportunity = make_opportunity(seller, customer)
	assert new_proforma(None, customer).insert().seller == other
	assert new_proforma(None, customer, opportunity=opportunity.name).insert().seller == seller


def test_foreign_currency_needs_its_rate(seller):
	proforma = new_proforma(seller, currency="EUR", exchange_rate=1.1).insert()
	assert (proforma.grand_total, proforma.base_net_total) == (200, 220)
	with pytest.raises(frappe.ValidationError, match="exchange rate"):
		new_proforma(seller, currency="EUR", exchange_rate=0).insert()


LINE = {"product": "TEST-1", "quantity": 1, "price": 100}


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"items": []}, "at least one line"),
		({"customer": None}, "Choose the customer"),
		({"items": [LINE, {**LINE, "quantity": -1}]}, "Line 2.*above zero"),
		({"items": [{**LINE, "quantity": 0}]}, "Line 1.*above zero"),
		({"items": [{**LINE, "quantity": "many"}]}, "Row 1.*Quantity.*many.*is not a number"),
		({"items": [{**LINE, "quantity": 1e15}]}, "at most"),
		({"items": [{**LINE, "quantity": float("nan")}]}, "Row 1.*Quantity.*nan.*is not a number"),
		({"items": [{**LINE, "price": -5}]}, "cannot be negative"),
		({"items": [{**LINE, "discount_percent": 101}]}, "percentage"),
		({"items": [{**LINE, "tax_rate": -1}]}, "percentage"),
		({"items": [{**LINE, "quantity": 1e6, "price": 1e11}]}, "Look at quantities and prices"),
		({"posting_date": "2026-05-10", "valid_until": "2026-05-01"}, "before its own date"),
		({"items": [{**LINE, "product": "no such product"}]}, "no such product"),
	],
)
def test_bad_input_says_what_is_wrong_and_saves_nothing(seller, wrong, says):
	ensure_product()
	before = frappe.db.count("Proforma")
	with pytest.raises(frappe.ValidationError, match=f"(?s){says}"):
		new_proforma(seller).update(wrong).insert()
	assert frappe.db.count("Proforma") == before


def test_without_any_seller_the_message_says_where_one_comes_from():
	with pytest.raises(frappe.MandatoryError, match="Choose the seller"):
		new_proforma(None, make_customer().name).insert()


def test_a_team_does_not_sell(seller):
	team = frappe.get_doc(
		{"doctype": "Cronus Seller", "seller_name": "Team of tests", "is_group": 1}
	).insert()
	with pytest.raises(frappe.ValidationError, match="without a user"):
		new_proforma(team.name, make_customer(seller).name).insert()


def test_disabled_customer_and_seller_are_refused(seller):
	customer = make_customer(seller, disabled=1).name
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		new_proforma(seller, customer).insert()
	frappe.get_doc("Cronus Seller", seller).update({"enabled": 0}).save()
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		new_proforma(seller, make_customer().name).insert()


def test_made_from_an_opportunity_with_its_products(seller):
	opportunity = make_opportunity(
		seller, products=[{"product": ensure_product(), "quantity": 3, "price": 50}]
	)
	proforma = frappe.get_doc("Proforma", make_from_opportunities(opportunity.name)[0])
	assert (proforma.opportunity, proforma.customer, proforma.seller) == (
		opportunity.name,
		opportunity.customer,
		seller,
	)
	assert (proforma.docstatus, proforma.net_total) == (0, 150)


def test_several_opportunities_at_once_make_all_or_none(seller):
	product = [{"product": ensure_product(), "quantity": 1, "price": 50}]
	opportunities = [make_opportunity(seller, products=product).name for _opportunity in range(2)]
	assert len(make_from_opportunities(frappe.as_json(opportunities))) == 2
	before = frappe.db.count("Proforma")
	frappe.db.savepoint("untouched")
	with pytest.raises(frappe.ValidationError, match="no products"):
		make_from_opportunities([*opportunities, make_opportunity(seller).name])
	frappe.db.rollback(save_point="untouched")  # as the framework does with a request that fails
	assert frappe.db.count("Proforma") == before
	with pytest.raises(frappe.ValidationError, match="at least one opportunity"):
		make_from_opportunities([])


def test_an_opportunity_without_customer_or_products_says_so(seller):
	bare = make_opportunity(seller)
	with pytest.raises(frappe.ValidationError, match="no products"):
		make_from_opportunities(bare.name)
	bare.update({"customer": None, "prospect_name": "Somebody"}).save()
	with pytest.raises(frappe.ValidationError, match="no customer"):
		make_from_opportunities(bare.name)
