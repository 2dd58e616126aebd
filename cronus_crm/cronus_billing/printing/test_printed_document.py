"""What the printed pages of documents and payments say; how they look was looked at."""

import re

import frappe
import pytest
from frappe.translate import print_language
from frappe.utils import strip_html
from frappe.www.printview import get_html_and_style

from cronus_crm.base import pdf_engine
from cronus_crm.base.phone_texts import show_phones
from cronus_crm.cronus_billing.printing import printed_document
from tests.scaffold import (
	credit_note_of,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_seller,
	new_proforma,
	pay,
)

WITHOUT_HEADERS, WITH_HEADERS = False, True


@pytest.fixture(autouse=True)
def engine(monkeypatch):
	monkeypatch.setattr(pdf_engine, "repeats_table_headers", lambda: WITHOUT_HEADERS)


@pytest.fixture
def seller():
	seller = make_seller()
	frappe.db.set_value("User", seller.user, "phone", "+593 99 876 5432")
	return seller


@pytest.fixture
def customer(seller):
	customer = make_customer(seller.name, tax_id="1790012345001", phone="+593 2 234 5678", city="Ambato")
	return customer


@pytest.fixture
def proforma(seller, customer):
	return issue_proforma(seller.name, customer=customer.name)


def add_address(customer, line: str, **fields):
	return frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": customer.customer_name,
			"address_line1": line,
			"city": "Quito",
			"country": "Ecuador",
			"links": [{"link_doctype": customer.doctype, "link_name": customer.name}],
			**fields,
		}
	).insert()


def page_of(doc, language: str = "en") -> str:
	with print_language(language):
		return get_html_and_style(frappe.as_json(doc))["html"]


def words_of(doc, language: str = "en") -> str:
	page = re.sub(r"<style.*?</style>", "", page_of(doc, language), flags=re.DOTALL)
	return " ".join(strip_html(page.replace("<", " <")).split())


FORMATS = {
	"Proforma": "Cronus Proforma",
	"Cronus Order": "Cronus Order",
	"Cronus Delivery Note": "Cronus Delivery Note",
	"Cronus Sales Note": "Cronus Sales Note",
	"Invoice": "Cronus Invoice",
}


@pytest.mark.parametrize("doctype, name", FORMATS.items())
def test_our_format_is_the_one_that_is_preselected(seller, customer, doctype, name):
	assert frappe.get_meta(doctype).default_print_format == name
	document = frappe.get_doc({**new_proforma(seller.name, customer.name).as_dict(), "doctype": doctype})
	text = words_of(document.insert())
	assert document.name in text
	assert "SAY: TWO HUNDRED" in text


def test_a_page_says_whom_it_is_for_and_who_sells(seller, customer, proforma):
	text = words_of(proforma)
	for said in (customer.customer_name, "1790012345001", show_phones("+593 2 234 5678"), "Ambato"):
		assert said in text
	for said in (seller.name, seller.user):
		assert said in text


def test_the_primary_address_stands_before_others(seller, customer):
	add_address(customer, "The old warehouse")
	add_address(customer, "The new office", is_primary_address=1)
	text = words_of(issue_proforma(seller.name, customer=customer.name))
	assert "The new office Quito Ecuador" in text
	assert "The old warehouse" not in text
	assert "Ambato" not in text


def test_a_total_is_written_out_in_the_language_of_the_page(proforma):
	assert "SAY: TWO HUNDRED" in words_of(proforma)
	assert "SON: DOSCIENTOS" in words_of(proforma, "es")


def test_a_draft_says_that_it_is_one(seller, customer, proforma):
	draft = new_proforma(seller.name, customer.name).insert()
	assert "Proforma Draft" in words_of(draft)
	assert "Draft" not in words_of(proforma)


def test_a_column_of_discounts_is_there_where_there_are_any(seller, customer, proforma):
	assert "Disc." not in words_of(proforma)
	discounted = new_proforma(seller.name, customer.name)
	discounted.items[0].discount_percent = 10
	assert "Disc." in words_of(discounted.insert())


def test_tax_is_summed_by_rate(seller, customer):
	proforma = new_proforma(seller.name, customer.name, lines=2)
	proforma.insert()
	proforma.taxes = []
	for row, rate in zip(proforma.items, (0, 15), strict=True):
		row.tax_rate, row.net_amount = rate, 200
	assert [
		(tax.rate, tax.base[-6:], tax.tax[-5:])
		for tax in printed_document.printed_document(proforma, []).taxes
	] == [
		("0 %", "200.00", " 0.00"),
		("15 %", "200.00", "30.00"),
	]


def test_what_people_write_is_text(seller):
	customer = make_customer(seller.name, customer_name="<b onclick=x>Acme</b> & Sons")
	proforma = new_proforma(seller.name, customer.name, notes="<script>alert(1)</script>")
	proforma.items[0].description = "<img src=x>"
	page = page_of(proforma.insert())
	for markup in ("<script>alert", "<b onclick", "<img src=x"):
		assert markup not in page


@pytest.fixture
def texts(monkeypatch):
	for field, text in {
		"company_name": "Distribuidora Cronus",
		"bank_details": "Account 2100123456",
		"proforma_terms": "Half in advance",
	}.items():
		frappe.db.set_single_value("Cronus CRM Settings", field, text)


def test_terms_are_those_of_proformas_and_banks_those_of_all(texts, seller, customer, proforma):
	invoice = frappe.get_doc(
		{**new_proforma(seller.name, customer.name).as_dict(), "doctype": "Invoice"}
	).insert()
	assert "Account 2100123456" in words_of(proforma)
	assert "Half in advance" in words_of(proforma)
	assert "Account 2100123456" in words_of(invoice)
	assert "Half in advance" not in words_of(invoice)


def test_a_site_without_letterhead_prints_the_name_of_the_company(texts, proforma):
	frappe.db.set_value("Letter Head", {"is_default": 1}, "is_default", 0)
	assert "Distribuidora Cronus" in words_of(proforma)
	assert "<img" not in page_of(proforma)


def test_a_letterhead_takes_the_place_of_the_name(texts, proforma):
	frappe.db.set_value("Letter Head", {"is_default": 1}, "is_default", 0)
	frappe.get_doc(
		{
			"doctype": "Letter Head",
			"letter_head_name": frappe.generate_hash(),
			"source": "HTML",
			"content": "<p>Our own letterhead</p>",
			"is_default": 1,
		}
	).insert()
	assert "Our own letterhead" in words_of(proforma)
	assert "Distribuidora Cronus" not in words_of(proforma)


def test_where_the_engine_repeats_no_header_each_page_has_one(seller, customer):
	proforma = new_proforma(seller.name, customer.name, lines=100).insert()
	pages = printed_document.printed_document(proforma, []).table.pages
	assert sum(len(page) for page in pages) == 100
	assert len(pages) > 2
	assert page_of(proforma).count("<thead>") == len(pages)


def test_where_the_engine_repeats_it_there_is_one_table_and_the_pages_are_numbered(
	seller, customer, monkeypatch
):
	monkeypatch.setattr(pdf_engine, "repeats_table_headers", lambda: WITH_HEADERS)
	page = page_of(new_proforma(seller.name, customer.name, lines=100).insert())
	assert page.count("<thead>") == 1
	assert 'class="topage"' in page


def test_a_document_that_a_client_makes_up_tells_nothing_of_others(customer, proforma):
	stranger = make_seller()
	frappe.set_user(stranger.user)
	sent = {**proforma.as_dict(), "name": None, "seller": stranger.name, "docstatus": 0}
	text = words_of(frappe.get_doc(sent))
	for secret in (customer.tax_id, customer.phone, customer.city):
		assert secret not in text


def test_nor_of_the_telephone_of_another_seller(seller, proforma):
	stranger = make_seller()
	own = make_customer(stranger.name)
	frappe.set_user(stranger.user)
	made_up = frappe.get_doc(
		{
			"doctype": "Proforma",
			"owner": stranger.user,
			"customer": own.name,
			"seller": seller.name,
			"currency": "USD",
			"items": [{"product": ensure_product(), "quantity": 1, "price": 1}],
		}
	)
	told = printed_document.printed_document(made_up, []).letter.seller
	assert (told.name, told.phone, told.email) == (seller.name, None, None)


@pytest.fixture
def invoice(proforma):
	return invoice_of(proforma)


def test_a_receipt_says_what_was_paid_how_and_of_which_invoice(customer, invoice):
	payment = pay(invoice, 150, method="Cheque", reference_number="CHQ-0077")
	assert frappe.get_meta("Cronus Payment").default_print_format == "Cronus Payment"
	text = words_of(payment)
	assert text.index("Receipt") < text.index(payment.name) < text.index("SAY: ONE HUNDRED AND FIFTY")
	for said in (customer.customer_name, "1790012345001", "Cheque", "CHQ-0077"):
		assert said in text
	date = frappe.utils.format_date(invoice.posting_date)
	assert f"Invoice {invoice.name} {date} 200.00 200.00 150.00" in text
	assert "Advance left" not in text


def test_a_receipt_is_in_the_language_that_is_asked_for(invoice):
	text = words_of(pay(invoice, 150, method="Cheque"), "es")
	assert "SON: CIENTO CINCUENTA" in text
	assert f"Factura {invoice.name}" in text
	assert "Cheque" in text


def test_a_receipt_says_what_is_left_as_an_advance(customer):
	advance = make_advance(customer.name, 80)
	text = words_of(advance)
	assert "Advance left $ 80.00" in text
	assert "Allocated" not in text


def test_a_receipt_says_what_of_its_advance_was_given_back(customer):
	advance = make_advance(customer.name, 80)
	returned = frappe.get_doc(
		{
			"doctype": "Cronus Payment",
			"customer": customer.name,
			"kind": "Returned",
			"allocations": [{"payment": advance.name, "amount": 30}],
		}
	).insert()
	returned.submit()
	assert "Returned to the customer $ 30.00 Advance left $ 50.00" in words_of(advance.reload())
	text = words_of(returned)
	assert "Money given back" in text
	assert f"Advance {advance.name}" in text


def test_money_given_back_of_a_credit_note_says_so(invoice):
	pay(invoice)
	note = credit_note_of(invoice, quantity=1)
	text = words_of(pay(note))
	assert "Money given back" in text
	assert "Given back of" in text
	assert f"Credit note {note.name}" in text
	assert "Receipt" not in text


def test_a_receipt_needs_no_bank_details(texts, invoice):
	assert "Account 2100123456" not in words_of(pay(invoice))


def test_a_cancelled_receipt_says_that_it_is(invoice):
	frappe.db.set_single_value("Print Settings", "allow_print_for_cancelled", 1)
	payment = pay(invoice)
	payment.cancel()
	assert "Receipt Cancelled" in words_of(payment)


def test_the_name_of_a_reference_is_text(invoice):
	assert "<img src=x" not in page_of(pay(invoice, reference_number="<img src=x>"))


@pytest.mark.parametrize(("size", "room"), [("A4", 186), ("A5", 124), ("Letter", 192)])
def test_amounts_of_twelve_digits_fit_on_the_page(seller, customer, size, room):
	frappe.db.set_single_value("Print Settings", "pdf_page_size", size)
	line = {"product": ensure_product(), "quantity": 1, "price": 799_999_999_999.99, "tax_rate": 12}
	small = {"product": ensure_product(), "quantity": 1234.5, "price": 0.123456, "discount_percent": 3.5}
	proforma = issue_proforma(seller.name, customer=customer.name, items=[line, small])
	printed = printed_document.printed_document(proforma, [])
	assert printed.table.pages[0][0]["price"] == "799,999,999,999.99"
	assert printed.table.pages[0][0]["amount"] == "799,999,999,999.99"
	widths = [column.width for column in printed.table.columns]
	assert widths.count(None) == 1
	smaller = printed.table.points / 9
	assert sum(width or 20 * smaller for width in widths) <= room
	assert (smaller == 1) == (size != "A5")
	html = get_html_and_style(proforma.as_json(), print_format="Cronus Proforma")["html"]
	assert ("style=font-size:" in html) == (size == "A5")
