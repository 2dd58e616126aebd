from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_billing.documents import document_lines
from cronus_crm.cronus_billing.documents.document_preview import preview_document
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	unique,
)

EUR_IN_USD = 1.25


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def product():
	return ensure_product(unique("P"), price=100, tax_rate=15)


def make_list(currency: str = "USD", **fields) -> str:
	values = {"doctype": "Cronus Price List", "title": unique("List"), "currency": currency, **fields}
	return frappe.get_doc(values).insert().name


def make_price(product: str, price_list: str, price: float, **fields):
	values = {"doctype": "Cronus Product Price", "product": product, "price_list": price_list, "price": price}
	return frappe.get_doc({**values, "valid_from": "2020-01-01", **fields}).insert()


def make_rate(currency: str = "EUR", rate: float = EUR_IN_USD, valid_from: str = "2020-01-01"):
	values = {"doctype": "Cronus Exchange Rate", "currency": currency, "rate": rate}
	return frappe.get_doc({**values, "valid_from": valid_from}).insert()


def set_settings(**values) -> None:
	frappe.db.set_single_value("Cronus CRM Settings", values)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def proforma_of(seller, product: str, quantity: float = 1, line: dict | None = None, **fields):
	"""A proforma that is not saved yet: one line without a price."""
	return new_proforma(
		seller.name, items=[{"product": product, "quantity": quantity, **(line or {})}], **fields
	)


def price_of(*args, **fields) -> float:
	return proforma_of(*args, **fields).insert().items[0].price


@contextmanager
def user(name: str):
	before = frappe.session.user
	frappe.set_user(name)
	try:
		yield
	finally:
		frappe.set_user(before)


def test_the_customers_list_is_asked_then_the_default_one_then_the_product(seller, product):
	own, default = make_list(), make_list()
	set_settings(default_price_list=default)
	customer = make_customer(seller.name, price_list=own).name
	assert price_of(seller, product, customer=customer) == 100
	make_price(product, default, 90)
	assert price_of(seller, product, customer=customer) == 90
	make_price(product, own, 80)
	proforma = proforma_of(seller, product, customer=customer).insert()
	assert (proforma.price_list, proforma.items[0].price) == (own, 80)
	assert price_of(seller, product) == 90


def test_a_list_that_is_not_enabled_has_no_prices(seller, product):
	own = make_list()
	make_price(product, own, 80)
	frappe.get_doc("Cronus Price List", own).update({"enabled": 0}).save()
	customer = make_customer(seller.name, price_list=own).name
	proforma = proforma_of(seller, product, customer=customer).insert()
	assert (proforma.price_list, proforma.items[0].price) == (None, 100)


@pytest.mark.parametrize(("quantity", "price"), [(1, 50), (9.999, 50), (10, 45), (99, 45), (100, 40)])
def test_the_largest_minimum_quantity_that_the_line_reaches_is_taken(seller, product, quantity, price):
	default = make_list()
	set_settings(default_price_list=default)
	for minimum, each in ((100, 40), (0, 50), (10, 45)):
		make_price(product, default, each, minimum_quantity=minimum)
	assert price_of(seller, product, quantity) == price


def test_a_price_of_zero_is_found_anew_too_and_one_that_was_written_stays(seller, product):
	default = make_list()
	set_settings(default_price_list=default)
	for minimum, each in ((0, 50), (10, 0)):
		make_price(product, default, each, minimum_quantity=minimum)
	draft = proforma_of(seller, product, 10).insert()
	assert draft.items[0].price == 0
	draft.items[0].quantity = 1
	draft.save()
	assert draft.items[0].price == 50
	draft.items[0].price = 0
	draft.save()
	draft.items[0].quantity = 2
	draft.save()
	assert draft.items[0].price == 0


def test_only_prices_valid_on_the_documents_date_count_and_the_newest_is_taken(seller, product):
	default = make_list()
	set_settings(default_price_list=default)
	make_price(product, default, 50, valid_from="2026-01-01")
	make_price(product, default, 30, valid_from="2026-03-01", valid_to="2026-03-15")
	days = ("2025-12-31", "2026-01-01", "2026-03-01", "2026-03-15", "2026-03-16")
	assert [price_of(seller, product, posting_date=day) for day in days] == [100, 50, 30, 30, 50]


def test_a_quantity_break_goes_before_a_newer_price(seller, product):
	default = make_list()
	set_settings(default_price_list=default)
	make_price(product, default, 45, minimum_quantity=10, valid_from="2026-01-01")
	make_price(product, default, 50, valid_from="2026-06-01")
	assert price_of(seller, product, 10, posting_date="2026-07-01") == 45


def test_the_line_says_where_its_price_is_from(seller, product):
	default = make_list(title=unique("Wholesale"))
	set_settings(default_price_list=default)
	make_price(product, default, 90)
	make_price(product, default, 80, minimum_quantity=10)
	few = proforma_of(seller, product, 1).insert().items[0]
	many = proforma_of(seller, product, 10).insert().items[0]
	other = proforma_of(seller, ensure_product()).insert().items[0]
	by_hand = proforma_of(seller, product, line={"price": 85}).insert().items[0]
	assert few.price_source == f"Price list {default}"
	assert many.price_source == f"Price list {default}, from 10"
	assert other.price_source == "Price of the product"
	assert (by_hand.price_source, by_hand.price, by_hand.list_price) == ("Written by hand", 85, 90)


def test_a_list_in_another_currency_goes_through_the_companys(seller, product):
	make_rate("EUR", 1.25)
	make_rate("MXN", 0.05)
	pesos = make_list("MXN")
	make_price(product, pesos, 1000)
	customer = make_customer(seller.name, price_list=pesos).name
	assert price_of(seller, product, customer=customer) == 50
	# 1000 pesos are 50 dollars, which are 40 euros
	assert price_of(seller, product, customer=customer, currency="EUR") == 40
	# The product's own price is in the company's currency: at the rate that the document says.
	other = ensure_product(unique("P"), price=100)
	assert price_of(seller, other, customer=customer, currency="EUR", exchange_rate=2) == 50


def test_a_list_in_a_currency_without_a_rate_is_refused(seller, product):
	pesos = make_list("MXN")
	make_price(product, pesos, 1000)
	customer = make_customer(seller.name, price_list=pesos).name
	with pytest.raises(frappe.ValidationError, match=r"(?s)no exchange rate of.*MXN.*cronus-exchange-rate"):
		proforma_of(seller, product, customer=customer).insert()


def test_what_is_converted_keeps_the_decimals_of_the_list(seller):
	screw = ensure_product(unique("Screw"), price=0.0125)
	assert price_of(seller, screw, currency="EUR", exchange_rate=3) == 0.0042


def test_prices_that_include_taxes_are_converted_where_the_document_does_not(seller, product):
	included = make_list(taxes_included=1)
	make_price(product, included, 115)
	customer = make_customer(seller.name, price_list=included).name
	proforma = proforma_of(seller, product, customer=customer).insert()
	assert (proforma.taxes_included, proforma.items[0].price, proforma.grand_total) == (1, 115, 115)
	assert (proforma.net_total, proforma.items[0].net_amount, proforma.items[0].gross_amount) == (
		100,
		100,
		115,
	)
	# A document that names its list says itself what its prices include.
	without = proforma_of(seller, product, customer=customer, price_list=included).insert()
	assert (without.taxes_included, without.items[0].price, without.grand_total) == (0, 100, 115)
	own = proforma_of(seller, ensure_product(unique("P"), price=100, tax_rate=15), taxes_included=1).insert()
	assert (own.items[0].price, own.net_total) == (115, 100)


def test_a_price_is_found_anew_when_what_it_depends_on_changes(seller, product):
	default, own = make_list(), make_list()
	set_settings(default_price_list=default)
	make_price(product, default, 90)
	make_price(product, default, 80, minimum_quantity=10)
	make_price(product, own, 70)
	proforma = proforma_of(seller, product).insert()
	proforma.items[0].quantity = 10
	assert proforma.save().items[0].price == 80
	proforma.customer = make_customer(seller.name, price_list=own).name
	assert proforma.save().items[0].price == 70
	assert (proforma.price_list, proforma.items[0].price_source) == (own, f"Price list {own}")
	proforma.posting_date = "2019-06-01"
	assert proforma.save().items[0].price == 100


def test_a_price_stays_while_nothing_of_the_document_changes(seller, product):
	default = make_list()
	set_settings(default_price_list=default)
	price = make_price(product, default, 90)
	proforma = proforma_of(seller, product).insert()
	price.update({"price": 95}).save()
	proforma.update({"notes": "By boat"}).save()
	proforma.submit()
	assert proforma.items[0].price == 90


def test_a_price_that_was_written_stays_until_it_is_emptied(seller, product):
	proforma = proforma_of(seller, product, line={"price": 85}).insert()
	proforma.items[0].quantity = 3
	assert proforma.save().items[0].price == 85
	proforma.items[0].price = None
	line = proforma.save().items[0]
	assert (line.price, line.price_source) == (100, "Price of the product")
	line.price = 0
	assert proforma.save().grand_total == 0


def test_what_a_client_sends_as_list_price_is_not_believed(seller, product):
	line = proforma_of(seller, product, line={"price": 1, "list_price": 1}).insert().items[0]
	assert (line.price, line.list_price) == (100, 100)
	proforma = proforma_of(seller, product, line={"price": 100, "list_price": 5}).insert()
	proforma.items[0].update({"list_price": 3, "price_source": "A friend"})
	line = proforma.save().items[0]
	assert (line.list_price, line.price_source) == (100, "Price of the product")


def test_without_a_price_anywhere_the_line_is_named(seller, product):
	nameless = ensure_product(unique("P"), price=0)
	proforma = new_proforma(seller.name, items=[{"product": product}, {"product": nameless, "quantity": 1}])
	with pytest.raises(frappe.ValidationError, match=rf"(?s)Line 2.*{nameless}.*no price list has a price"):
		proforma.insert()
	proforma.items[1].price = 0
	assert proforma.insert().net_total == 100


def queries_of(action, table: str) -> int:
	"""How many queries on a table an action makes."""
	seen, run = [], frappe.db.sql

	def counted(query, *args, **options):
		seen.append(str(query))
		return run(query, *args, **options)

	frappe.db.sql = counted
	try:
		action()
	finally:
		frappe.db.sql = run
	return sum(f"tab{table}" in query for query in seen)


def test_a_hundred_lines_cost_one_query_and_issuing_what_has_not_changed_costs_none(seller):
	default = make_list()
	set_settings(default_price_list=default)
	products = [ensure_product(unique("P"), price=5) for _product in range(10)]
	for product in products[:5]:
		make_price(product, default, 4)
	lines = [{"product": products[n % 10], "quantity": 1 + n} for n in range(100)]
	proforma = new_proforma(seller.name, items=lines)
	assert queries_of(proforma.insert, "Cronus Product Price") == 1
	assert {row.price for row in proforma.items} == {4, 5}
	assert queries_of(proforma.submit, "Cronus Product Price") == 0


# Who may give what


@pytest.fixture
def limited():
	set_settings(limit_seller_discount=1, seller_discount_limit=10)


@pytest.mark.parametrize(
	("line", "document", "is_allowed"),
	[
		({"price": 90}, {}, True),
		({"price": 89.99}, {}, False),
		({"discount_percent": 10}, {}, True),
		({"discount_percent": 10.5}, {}, False),
		({}, {"discount_percent": 10}, True),
		({}, {"discount_percent": 11}, False),
		# 0.95 × 0.95 is 90.25 %, and with a hundredth less price it is below 90 %
		({"discount_percent": 5}, {"discount_percent": 5}, True),
		({"discount_percent": 5, "price": 99}, {"discount_percent": 5}, False),
		({"price": 120, "discount_percent": 25}, {}, True),
		({"price": 0}, {}, False),
	],
)
def test_a_seller_may_take_off_so_much_in_all(seller, product, limited, line, document, is_allowed):
	proforma = new_proforma(
		seller.name,
		items=[
			{"product": product, "quantity": 1, "price": 120},
			{"product": product, "quantity": 1, **line},
		],
		**document,
	)
	with user(seller.user):
		if is_allowed:
			proforma.insert().submit()
			return
		with pytest.raises(frappe.ValidationError, match=r"(?s)Line 2.*off the list price"):
			proforma.insert()


def test_managers_and_billing_set_any_price(seller, product, limited):
	manager = make_seller(roles=(MANAGER,))
	with user(manager.user):
		assert price_of(manager, product, line={"price": 1}) == 1
	customer = make_customer(seller.name).name
	with user(make_user(BILLING)):
		assert price_of(seller, product, customer=customer, line={"price": 1}) == 1


def test_without_a_limit_a_seller_gives_what_is_asked(seller, product):
	set_settings(limit_seller_discount=0, seller_discount_limit=10)
	with user(seller.user):
		assert price_of(seller, product, line={"price": 1}) == 1


def test_a_seller_may_go_on_with_what_a_manager_has_promised(seller, product, limited):
	proforma = proforma_of(seller, product, 3, {"price": 33.33, "discount_percent": 7}).insert()
	proforma.submit()
	with user(seller.user):
		invoice = invoice_of(proforma, quantity=2, issue=False)
		line = invoice.items[0]
		assert (line.price, line.list_price, line.price_source) == (33.33, 100, "Written by hand")
		line.discount_percent = 9
		with pytest.raises(frappe.ValidationError, match=r"(?s)Line 1.*off the list price"):
			invoice.save()


def test_a_seller_takes_the_lists_and_rates_that_are_there(seller, product, limited):
	make_rate()
	cheap = make_list()
	make_price(product, cheap, 1)
	customer = make_customer(seller.name).name
	with user(seller.user):
		with pytest.raises(frappe.ValidationError, match="may not choose the price list"):
			proforma_of(seller, product, customer=customer, price_list=cheap).insert()
		with pytest.raises(frappe.ValidationError, match=r"exchange rate of.*is.*1.25"):
			proforma_of(seller, product, customer=customer, currency="EUR", exchange_rate=9).insert()
		owner = frappe.get_doc("Cronus Customer", customer)
		owner.update({"price_list": cheap}).save()
		assert frappe.db.get_value("Cronus Customer", customer, "price_list") is None
	assert price_of(seller, product, customer=customer, price_list=cheap) == 1


# What may be on a line


def test_what_is_not_sold_any_more_is_refused_but_what_was_promised_is_kept(seller, product):
	proforma = issue_proforma(seller.name, items=[{"product": product, "quantity": 1}])
	frappe.get_doc("Cronus Product", product).update({"disabled": 1}).save()
	with pytest.raises(frappe.ValidationError, match=r"(?s)Line 1.*the product is disabled"):
		proforma_of(seller, product).insert()
	assert invoice_of(proforma).net_total == 100
	bought = ensure_product(unique("P"), is_sold=0, is_bought=1)
	with pytest.raises(frappe.ValidationError, match=r"(?s)Line 1.*not sold"):
		proforma_of(seller, bought).insert()


def test_a_line_too_many_is_refused_before_anything_is_looked_up(seller, monkeypatch):
	monkeypatch.setattr(document_lines, "MOST_LINES", 3)
	line = {"product": ensure_product(), "quantity": 1}
	assert new_proforma(seller.name, items=[line] * 3).insert()
	with pytest.raises(frappe.ValidationError, match=r"(?s)has .*4.* lines and may have 3"):
		new_proforma(seller.name, items=[line] * 4).insert()


@pytest.mark.parametrize(
	("discount", "says"),
	[
		(-1, "whole document is a percentage"),
		(101, "whole document is a percentage"),
		(float("nan"), "(?s)whole document.*nan.*is not a number"),
	],
)
def test_a_discount_of_the_document_is_a_percentage(seller, discount, says):
	with pytest.raises(frappe.ValidationError, match=says):
		new_proforma(seller.name, discount_percent=discount).insert()


def test_totals_taxes_and_discount_are_shown_on_the_document(seller, product):
	exempt = ensure_product(unique("P"), price=50)
	proforma = new_proforma(
		seller.name, items=[{"product": product}, {"product": exempt}], discount_percent=10
	).insert()
	assert (proforma.discount_amount, proforma.net_total, proforma.grand_total) == (15, 135, 148.5)
	shown = [("VAT 0 %", 0, 45, 0), ("VAT 15 %", 15, 90, 13.5)]
	assert [(row.tax, row.rate, row.base, row.amount) for row in proforma.taxes] == shown
	names = [row.name for row in proforma.taxes]
	proforma.taxes[0].amount = 1000
	proforma.append("taxes", {"rate": 99, "amount": 99})
	proforma.save().submit()
	proforma.reload()
	assert [(row.tax, row.rate, row.base, row.amount) for row in proforma.taxes] == shown
	assert [row.name for row in proforma.taxes] == names


# What the form shows


def sent(document) -> dict:
	"""A document as the form sends it: numbers that nobody has written are not there."""
	rows = [{**row.as_dict(no_nulls=True), "name": row.name or f"new-{row.idx}"} for row in document.items]
	for sent_row, row in zip(rows, document.items, strict=True):
		sent_row.update({field: row.get(field) for field in ("price", "list_price", "tax_rate")})
	return {**document.as_dict(no_nulls=True), "items": rows}


def test_the_form_is_shown_what_saving_makes(seller, product):
	default = make_list()
	set_settings(default_price_list=default)
	make_price(product, default, 80, minimum_quantity=10)
	document = proforma_of(seller, product, 10, discount_percent=10, posting_date=nowdate())
	before = frappe.db.count("Proforma")
	with user(seller.user):
		shown = preview_document(frappe.as_json(sent(document)))
	assert frappe.db.count("Proforma") == before
	(line,) = shown["lines"].values()
	saved = document.insert()
	for fieldname, value in line.items():
		assert saved.items[0].get(fieldname) == value, fieldname
	for fieldname, value in {**shown["head"], **shown["totals"]}.items():
		assert saved.get(fieldname) == value, fieldname
	assert [tax["amount"] for tax in shown["taxes"]] == [108]


def test_the_form_may_ask_while_lines_are_unfinished(seller, product):
	empty = ensure_product(unique("P"), price=0)
	document = new_proforma(
		seller.name,
		items=[{"product": product, "quantity": 1}, {"product": empty, "quantity": 1}, {"quantity": 0}],
	)
	shown = preview_document(sent(document))
	lines = list(shown["lines"].values())
	assert [line["price"] for line in lines] == [100, None, None]
	assert [line["tax"] for line in lines] == ["VAT 15 %", "VAT 0 %", None]
	assert lines[1]["price_source"] == "No price list has a price for it"
	assert "totals" not in shown
	document.items.pop()
	assert preview_document(sent(document))["totals"]["grand_total"] == 115


def test_the_form_is_told_what_hinders_it(seller, product):
	shown = preview_document(sent(proforma_of(seller, product, currency="MXN")))
	assert "no exchange rate" in shown["message"]
	assert not frappe.get_message_log()


def test_a_draft_shows_what_it_has_while_nothing_changes(seller, product):
	proforma = proforma_of(seller, product).insert()
	frappe.get_doc("Cronus Product", product).update({"price": 200}).save()
	assert preview_document(sent(proforma))["lines"][proforma.items[0].name]["price"] == 100
	proforma.posting_date = add_days(nowdate(), 1)
	assert preview_document(sent(proforma))["lines"][proforma.items[0].name]["price"] == 200


def test_nobody_asks_for_what_they_may_not_write_or_see(seller, product):
	proforma = proforma_of(seller, product).insert()
	stranger = make_seller()
	with user(stranger.user), pytest.raises(frappe.PermissionError):
		preview_document(sent(proforma))
	theirs = sent(proforma_of(stranger, product, customer=proforma.customer))
	with user(stranger.user), pytest.raises(frappe.PermissionError):
		preview_document(theirs)
	with user(make_user()), pytest.raises(frappe.PermissionError):
		preview_document(sent(proforma_of(stranger, product, customer=None)))
	with user(make_user(SELLER)), pytest.raises(frappe.ValidationError, match="not a commercial document"):
		preview_document({"doctype": "User", "name": "Administrator"})
