"""What the printed statement of account says, and to whom; how it looks was looked at."""

import re

import frappe
import pytest
from frappe.translate import print_language
from frappe.utils import strip_html

from cronus_crm.base import pdf_engine
from cronus_crm.cronus_analytics.files import printed_statement
from tests.printed import text_of_pdf
from tests.scaffold import VIEWER, invoice_of, issue_proforma, make_customer, make_seller, make_user, pay

MARCH = ("2019-03-01", "2019-03-31")


@pytest.fixture(autouse=True)
def engine(monkeypatch):
	monkeypatch.setattr(pdf_engine, "repeats_table_headers", lambda: False)


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def customer(seller):
	return make_customer(seller.name, tax_id="1790012345001", phone="+593 2 234 5678", city="Ambato")


def bill(seller, customer, on):
	proforma = issue_proforma(seller.name, customer=customer.name, posting_date=on)
	return invoice_of(proforma, posting_date=on, due_date=on)


@pytest.fixture
def invoice(seller, customer):
	bill(seller, customer, "2019-02-10")
	return bill(seller, customer, "2019-03-10")


def words_of(customer, *period, language: str = "en") -> str:
	with print_language(language):
		page = printed_statement.render_statement(customer.name, *(period or MARCH))
	page = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
	return " ".join(strip_html(page.replace("<", " <")).split())


def download(customer, **arguments) -> str:
	from_date, to_date = MARCH
	printed_statement.download_statement(customer.name, from_date, to_date, **arguments)
	assert frappe.local.response.type == "pdf"
	return " ".join(text_of_pdf(frappe.local.response.pop("filecontent")).split())


def test_it_has_opening_movements_closing_and_ages(seller, customer, invoice):
	payment = pay(invoice, 50, posting_date="2019-03-11")
	date = frappe.utils.format_date
	text = words_of(customer)
	for said in (
		f"{date('2019-03-01')} Opening balance 200.00",
		f"{date('2019-03-10')} Invoice {invoice.name} {date('2019-03-10')} 200.00 400.00",
		f"{date('2019-03-11')} Payment {payment.name} 50.00 350.00",
		f"{date('2019-03-31')} Closing balance 350.00",
		"More than 90 days $ 0.00 $ 0.00 $ 0.00 $ 350.00",
	):
		assert said in text


def test_it_says_whom_it_is_for_who_sells_and_where_to_pay(seller, customer):
	frappe.db.set_single_value("Cronus CRM Settings", "bank_details", "Account 2100123456")
	text = words_of(customer)
	for said in (customer.customer_name, "1790012345001", "Ambato", seller.name, "Account 2100123456"):
		assert said in text


def test_it_is_in_the_language_that_is_asked_for(customer, invoice):
	text = words_of(customer, language="es")
	for said in ("Estado de cuenta", "Saldo inicial", f"Factura {invoice.name}", "Más de 90 días"):
		assert said in text
	assert "Estado de cuenta" in download(customer, language="es")


def test_it_has_the_letterhead_of_the_site(customer):
	frappe.db.set_value("Letter Head", {"is_default": 1}, "is_default", 0)
	frappe.db.set_single_value("Cronus CRM Settings", "company_name", "Distribuidora Cronus")
	assert "Distribuidora Cronus" in words_of(customer)
	frappe.get_doc(
		{
			"doctype": "Letter Head",
			"letter_head_name": frappe.generate_hash(),
			"source": "HTML",
			"content": "<p>Our own letterhead</p>",
			"is_default": 1,
		}
	).insert()
	text = words_of(customer)
	assert "Our own letterhead" in text
	assert "Distribuidora Cronus" not in text


def test_its_notes_stay_in_the_house(seller):
	customer = make_customer(seller.name, notes="Pays late, be careful")
	assert "Pays late" not in words_of(customer)


def test_what_people_write_is_text(seller):
	customer = make_customer(seller.name, customer_name="<b onclick=x>Acme</b>")
	assert "<b onclick" not in printed_statement.render_statement(customer.name, *MARCH)


def test_a_seller_downloads_that_of_its_customer_and_no_other(seller, customer, invoice):
	other = make_seller()
	frappe.set_user(seller.user)
	assert invoice.name in download(customer)
	assert f"statement-{customer.name}-" in frappe.local.response.filename
	logged = {"export_from": "Cronus Customer", "reference_document": customer.name, "user": seller.user}
	assert frappe.db.get_value("Access Log", logged, "report_name") == printed_statement.REPORT
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		download(customer)
	with pytest.raises(frappe.PermissionError):
		printed_statement.render_statement(customer.name, *MARCH)


def test_documents_of_another_seller_are_left_out(customer, invoice):
	other = make_seller()
	foreign = bill(other, customer, "2019-03-12")
	assert foreign.name in words_of(customer)
	frappe.set_user(frappe.db.get_value("Cronus Seller", customer.seller, "user"))
	text = words_of(customer)
	assert invoice.name in text
	assert foreign.name not in text


def test_it_is_for_those_who_have_the_report(seller, customer):
	frappe.db.set_value("Cronus Seller", seller.name, "user", viewer := make_user(VIEWER))
	frappe.clear_document_cache("Cronus Seller", seller.name)
	frappe.set_user(viewer)
	with pytest.raises(frappe.PermissionError, match="Report"):
		download(customer)


def test_too_many_movements_are_refused(customer, invoice, monkeypatch):
	monkeypatch.setattr(printed_statement, "MOST_MOVEMENTS", 0)
	with pytest.raises(frappe.ValidationError, match="more than 0 movements"):
		download(customer)
