"""Dialogs with the keyboard alone, in Spanish and English: the focus is in the first field, Ctrl+Enter
confirms, and Escape closes."""

import random
import re

import frappe
import pytest
from frappe import _
from playwright.sync_api import Page, expect

from tests.browser import PASSWORD, wait_for_dialog
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	pay,
	unique,
)

SETTINGS = "Cronus CRM Settings"

in_both_languages = pytest.mark.parametrize("language", ["es", "en"])

IN_BODY = "document.querySelector('.modal.show .modal-body').contains(document.activeElement)"


@pytest.fixture
def seller(site):
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, password=PASSWORD))
	seller = make_seller(manager.name)
	seller.manager = manager
	frappe.db.commit()
	return seller


def user_with(language: str, *roles: str) -> str:
	user = make_user(*roles, language=language, password=PASSWORD)
	frappe.db.commit()
	return user


def expect_dialog(page: Page, title: str) -> None:
	"""Waits for a dialog, which has this name and the focus in its body."""
	expect(page.get_by_role("dialog", name=title)).to_be_visible()
	wait_for_dialog(page)
	assert page.evaluate(IN_BODY), "the focus is not in the dialog"


def close_by_escape(page: Page) -> None:
	page.keyboard.press("Escape")
	expect(page.locator(".modal.show")).to_have_count(0)


def confirm_by_keys(page: Page) -> None:
	page.keyboard.press("Control+Enter")
	expect(page.locator(".modal.show")).to_have_count(0)


def press_button(page: Page, label: str) -> None:
	page.locator(".page-head button:visible", has_text=label).first.click()


def choose_in_dialog(page: Page, fieldname: str, text: str) -> None:
	field = page.locator(f".modal.show [data-fieldname={fieldname}] input")
	field.fill(text)
	page.locator(f".modal.show [role=option]:visible:has-text('{text}')").first.click()


@in_both_languages
def test_work_is_handed_over(seller, desk, language):
	successor = make_seller(seller.manager.name, user=make_user(SELLER))
	customer = make_customer(seller.name)
	frappe.db.set_value("User", seller.manager.user, "language", language)
	frappe.db.commit()
	page = desk(seller.manager.user, at=f"/app/cronus-seller/{seller.name}")
	press_button(page, _("Hand over…", lang=language))
	title = _("Hand over the work of {0}", lang=language).format(seller.name)
	expect_dialog(page, title)
	close_by_escape(page)
	press_button(page, _("Hand over…", lang=language))
	expect_dialog(page, title)
	choose_in_dialog(page, "to", successor.name)
	page.keyboard.press("Control+Enter")
	told = page.locator(".modal.show .msgprint")
	expect(told).to_contain_text(f"{_('Cronus Customer', lang=language)}: 1")
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Customer", customer.name, "seller") == successor.name


@in_both_languages
def test_opportunities_of_a_stage_are_moved(seller, desk, language):
	stages = [
		frappe.get_doc({"doctype": "Cronus Stage", "stage": unique("Stage"), "state": "Open", "position": 90})
		.insert()
		.name
		for _stage in range(2)
	]
	opportunity = make_opportunity(seller.name, stage=stages[0])
	page = desk(user_with(language, ADMINISTRATOR), at=f"/app/cronus-stage/{stages[0]}")
	page.locator(".frappe-control[data-fieldname=disabled] input:visible").check()
	page.keyboard.press("Control+s")
	expect_dialog(page, _("Where do its opportunities go?", lang=language))
	choose_in_dialog(page, "to", stages[1])
	confirm_by_keys(page)
	expect(page.locator(".alert-message, .desk-alert").first).to_be_visible()
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Opportunity", opportunity.name, "stage") == stages[1]


@in_both_languages
def test_a_credit_is_used_on_an_invoice(seller, desk, language):
	customer = make_customer(seller.name).name
	paid = invoice_of(issue_proforma(seller.name, customer=customer))
	pay(paid)
	credit_note = credit_note_of(paid)
	invoice = invoice_of(issue_proforma(seller.name, customer=customer, quantity=3))
	page = desk(user_with(language, BILLING), at=f"/app/invoice/{invoice.name}")
	press_button(page, _("Use a credit", lang=language))
	expect_dialog(page, _("Use a credit", lang=language))
	close_by_escape(page)
	press_button(page, _("Use a credit", lang=language))
	expect_dialog(page, _("Use a credit", lang=language))
	confirm_by_keys(page)
	frappe.db.rollback()
	assert (
		frappe.db.get_value("Invoice", invoice.name, "balance")
		== invoice.grand_total - credit_note.grand_total
	)


@in_both_languages
def test_the_usual_tax_is_chosen_once(desk, language):
	before = frappe.db.get_single_value(SETTINGS, "default_tax")
	frappe.db.set_single_value(SETTINGS, "default_tax", None)
	try:
		page = desk(user_with(language, ADMINISTRATOR), at="/app/cronus-product/new")
		title = _("Which tax do your products have?", lang=language)
		expect_dialog(page, title)
		page.locator(".modal.show [data-fieldname=rate] input").fill("15")
		confirm_by_keys(page)
		page.goto("/app/cronus-product/new")
		expect(page.locator(".frappe-control[data-fieldname=tax] input")).to_have_value(re.compile("15"))
		frappe.db.rollback()
		chosen = frappe.db.get_single_value(SETTINGS, "default_tax")
		assert frappe.db.get_value("Cronus Tax", chosen, "rate") == 15
	finally:
		frappe.db.set_single_value(SETTINGS, "default_tax", before)
		frappe.db.commit()


def test_a_conversion_asks_whose_the_telephone_is(seller, desk):
	"""Two companies share one: neither is proposed, and nothing is converted before somebody has chosen."""
	phone = f"+5255{random.randint(10_000_000, 99_999_999)}"
	other = make_customer(seller.manager.name, phone=phone)
	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": unique("Prospect"),
			"phone": phone,
			"seller": seller.manager.name,
		}
	).insert()
	frappe.db.set_value("User", seller.manager.user, "language", "es")
	frappe.db.commit()
	page = desk(seller.manager.user, at=f"/app/cronus-prospect/{prospect.name}")
	page.locator(".page-head .inner-group-button button:visible", has_text="Acciones").click()
	page.locator(".page-head .dropdown-item:visible", has_text="Convertir en cliente").click()
	expect_dialog(page, "Convertir en cliente")
	which = page.locator(".modal.show [data-fieldname=which] select")
	expect(which).to_have_value("")
	expect(which.locator("option", has_text=other.customer_name)).to_have_count(1)
	page.keyboard.press("Control+Enter")
	expect(page.locator(".modal.show .msgprint")).to_be_visible()
	frappe.db.rollback()
	assert not frappe.db.get_value("Cronus Prospect", prospect.name, "customer")
	close_by_escape_of_message(page)
	which.select_option("new")
	confirm_by_keys(page)
	expect(page.locator(".page-head .indicator-pill:visible").first).to_have_text("Convertido")
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Prospect", prospect.name, "customer") not in (None, other.name)


def close_by_escape_of_message(page: Page) -> None:
	"""Closes the message that lies over a dialog, and leaves the dialog."""
	page.wait_for_function("() => window.cur_dialog === frappe.msg_dialog")
	page.keyboard.press("Escape")
	expect(page.locator(".modal.show .msgprint:visible")).to_have_count(0)
	expect(page.locator(".modal.show")).to_have_count(1)


def test_a_form_shows_a_text_as_it_was_written(seller, desk):
	written = f"Ana & Luis <{unique('ana')}@example.com>"
	customer = make_customer(seller.manager.name, customer_name=written)
	frappe.db.commit()
	page = desk(seller.manager.user, at=f"/app/cronus-customer/{customer.name}")
	name = page.locator(".frappe-control[data-fieldname=customer_name] input:visible")
	expect(name).to_have_value(written)
	page.locator(".frappe-control[data-fieldname=phone] input:visible").first.fill("+52 55 1234 5678")
	page.keyboard.press("Control+s")
	expect(page.locator(".page-head .indicator-pill.orange:visible")).to_have_count(0)
	expect(name).to_have_value(written)
	page.goto(f"/app/proforma/new?customer={customer.name}")
	expect(page.locator(".frappe-control[data-fieldname=customer] input:visible")).to_have_value(written)
