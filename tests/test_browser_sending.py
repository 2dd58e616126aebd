"""A quotation in few clicks, what its page says once it is issued, and its sending: Chromium, in Spanish.

Clicks are counted in the page itself: typing and keys are not clicks.
"""

import re

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from tests.browser import NARROW, SPANISH, WIDE, confirm, wait_for_dialog
from tests.mailbox import open_mailbox
from tests.scaffold import (
	SELLER,
	activity_of,
	ensure_product,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	unique,
)

COUNT_CLICKS = """
	window.clicks = Number(sessionStorage.clicks || 0);
	document.addEventListener("click", ({ isTrusted, detail }) => {
		if (isTrusted && detail > 0) sessionStorage.clicks = ++window.clicks;
	}, true);
"""


@pytest.fixture(scope="module")
def people(site):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name, email="ventas@example.com", phone="+593 99 123 4567", language="es")
	products = [ensure_product(unique("SILLA").replace(" ", "-").upper(), price=120) for _product in range(3)]
	frappe.db.commit()
	return frappe._dict(seller=seller, customer=customer, products=products)


@pytest.fixture
def proforma(people):
	document = issue_proforma(people.seller.name, customer=people.customer.name)
	frappe.db.commit()
	return document


def count(page: Page) -> int:
	return page.evaluate("window.clicks")


def choose_option(page: Page, text: str) -> None:
	page.locator(f".awesomplete [role=option]:visible:has-text('{text}')").first.click()


def next_steps(page: Page):
	return page.locator(".form-dashboard:visible .cronus-next-steps")


def press_step(page: Page, label: str) -> None:
	next_steps(page).get_by_role("button", name=label, exact=True).click()


def history_of(document, medium: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(
		"Communication",
		{"reference_name": document.name, "communication_medium": medium},
		pluck="name",
	)


def test_a_quotation_of_three_lines_takes_at_most_twelve_clicks(people, desk):
	page = desk(people.seller.user)
	page.add_init_script(COUNT_CLICKS)
	page.goto("/app/cronus-crm")
	page.locator(".shortcut-widget-box:visible", has_text="Proformas").first.click()
	page.locator(".page-container[data-page-route='List/Proforma/List'] .primary-action:visible").click()
	page.wait_for_function("window.cur_frm?.doctype === 'Proforma' && cur_frm.is_new()")
	form = page.locator(".page-container[data-page-route='Proforma']")
	customer = form.locator(".frappe-control[data-fieldname=customer] input")
	expect(customer).to_be_focused()
	page.keyboard.type(people.customer.customer_name)
	choose_option(page, people.customer.customer_name)
	for number, product in enumerate(people.products, start=1):
		row = form.locator(f".frappe-control[data-fieldname=items] .grid-row[data-idx='{number}']")
		expect(row.locator("input[data-fieldname=product]")).to_be_focused()
		page.keyboard.type(product)
		choose_option(page, product)
		expect(row.locator("input[data-fieldname=quantity]")).to_be_focused()
		expect(row.locator("input[data-fieldname=price]")).to_have_value(re.compile("120"))
		page.keyboard.type("2")
		page.keyboard.press("Enter")
	# The line that Enter has begun is empty, and is dropped.
	form.get_by_role("button", name="Guardar", exact=True).click()
	form.get_by_role("button", name="Emitir", exact=True).click()
	confirm(page)
	expect(form.locator(".page-head .indicator-pill:visible")).to_have_text("Emitida")
	assert count(page) <= 12
	frappe.db.rollback()
	made = frappe.get_last_doc("Proforma", {"customer": people.customer.name})
	written = [(row.product, row.quantity) for row in made.items]
	assert written == [(product, 2) for product in people.products]
	assert made.docstatus == 1


def test_issuing_has_one_word(people, desk):
	draft = new_proforma(people.seller.name, customer=people.customer.name).insert()
	frappe.db.commit()
	page = desk(people.seller.user, at=f"/app/proforma/{draft.name}")
	expect(page.locator(".form-message:visible")).to_contain_text("emítalo")
	said = page.evaluate("__('You submitted this document', null, 'Form timeline')")
	assert said == "Usted emitió este documento"
	page.locator(".page-head .primary-action:visible", has_text="Emitir").click()
	expect(page.locator(".modal.show .modal-body:visible")).to_contain_text(f"¿Emitir {draft.name}?")
	page.goto("/app/proforma")
	page.locator(".list-row-checkbox:visible").first.check()
	page.locator(".actions-btn-group button:visible").first.click()
	words = page.locator(".actions-btn-group .dropdown-menu:visible").inner_text()
	assert "Emitir" in words
	assert not re.search("Validar|Presentar", words)
	# Other DocTypes keep the words of the framework.
	page.evaluate("() => void frappe.set_route('List', 'ToDo')")
	page.wait_for_function("frappe.get_route()[1] === 'ToDo'")
	kept = "__('Permanently Submit {0}?', ['x'])"
	assert page.evaluate(kept) != page.evaluate("__('Issue {0}? It cannot be changed afterwards.', ['x'])")


def test_the_page_says_what_issuing_has_done_and_moves_it(people, desk, proforma):
	activity = activity_of(proforma)
	page = desk(people.seller.user, at=f"/app/proforma/{proforma.name}")
	day = page.evaluate(
		"day => new Intl.DateTimeFormat('es', { weekday: 'long', day: 'numeric' }).format(new Date(day))",
		activity.starts_on.strftime("%Y-%m-%dT12:00"),
	)
	line = next_steps(page).locator("div", has_text="Seguimiento para el").first
	expect(line).to_contain_text(day.split(",")[0])
	expect(line).to_contain_text("09:00")
	line.get_by_text("Cambiar").click()
	wait_for_dialog(page)
	later = add_days(nowdate(), 400)
	page.evaluate(f"cur_dialog.set_value('starts_on', '{later} 15:30:00')")
	page.locator(".modal.show .btn-primary:visible").click()
	expect(next_steps(page)).to_contain_text("15:30")
	frappe.db.rollback()
	assert str(activity_of(proforma).starts_on) == f"{later} 15:30:00"


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_proforma_is_mailed_in_two_clicks(people, desk, proforma, screen):
	with open_mailbox() as mailbox:
		page = desk(people.seller.user, screen)
		page.add_init_script(COUNT_CLICKS)
		page.goto(f"/app/proforma/{proforma.name}")
		before = count(page)
		press_step(page, "Enviar por correo")
		wait_for_dialog(page)
		dialog = page.locator(".modal.show")
		expect(dialog.locator("[data-fieldname=recipients] input")).to_have_value("ventas@example.com")
		expect(dialog.locator("[data-fieldname=subject] input")).to_have_value(re.compile(proforma.name))
		expect(dialog.locator("[data-fieldname=text] textarea")).to_have_value(re.compile("Le adjunto"))
		expect(dialog).to_contain_text(f"Proforma-{proforma.name}.pdf")
		dialog.locator(".btn-primary:visible").dblclick()
		expect(page.locator(".modal.show")).to_have_count(0)
		# The second click of a double click sends nothing more.
		assert count(page) - before <= 3
		messages = mailbox.collect(proforma.name)
	assert len(messages) == 1
	(attachment,) = messages[0].iter_attachments()
	assert attachment.get_content().startswith(b"%PDF")
	assert len(history_of(proforma, "Email")) == 1


def test_a_seller_is_told_before_typing_that_the_site_sends_no_mail(people, desk, proforma):
	page = desk(people.seller.user, at=f"/app/proforma/{proforma.name}")
	press_step(page, "Enviar por correo")
	expect(page.locator(".modal.show .msgprint")).to_contain_text("no puede enviar correo")
	expect(page.locator(".modal.show textarea:visible")).to_have_count(0)


def test_a_proforma_goes_to_whatsapp_in_two_clicks(people, desk, proforma):
	page = desk(people.seller.user)
	page.context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
	page.add_init_script(COUNT_CLICKS)
	page.goto(f"/app/proforma/{proforma.name}")
	before = count(page)
	press_step(page, "WhatsApp")
	wait_for_dialog(page)
	expect(page.locator(".modal.show [data-fieldname=phone] input")).to_have_value("+593 99 123 4567")
	with page.expect_popup() as opened:
		page.locator(".modal.show .btn-primary:visible").click()
	opened.value.wait_for_url(re.compile(r"wa\.me/593991234567\?text=.*open_document"))
	assert count(page) - before == 2
	assert len(history_of(proforma, "Chat")) == 1
