"""The product as people meet it: Chromium, Spanish, one path for a seller and one for a manager."""

import re

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import SPANISH, choose, confirm, search
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	activity_of,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
)


@pytest.fixture(scope="module")
def people(site):
	"""A seller with a customer, the manager above and somebody who bills; all of them in Spanish."""
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name)
	ensure_product("SILLA-01", price=120, tax_rate=15)
	frappe.db.commit()
	return frappe._dict(
		seller=seller, manager=manager, customer=customer, billing=make_and_commit(BILLING, **SPANISH)
	)


def make_and_commit(*roles, **fields) -> str:
	user = make_user(*roles, **fields)
	frappe.db.commit()
	return user


def choose_product(page: Page) -> Locator:
	"""Puts the chair on the first line of a new document, and gives back that line."""
	row = page.locator(".frappe-control[data-fieldname=items] .grid-row[data-idx='1']")
	row.locator("[data-fieldname=product]").first.click()
	row.locator("[data-fieldname=product] input").fill("SILLA")
	page.locator(".awesomplete [role=option]:visible:has-text('SILLA-01')").first.click()
	expect(row.locator("input[data-fieldname=price]")).to_have_value(re.compile("120"))
	return row


def test_a_seller_issues_a_proforma_and_it_follows_itself_up(people, desk):
	page = desk(people.seller.user, at="/app/cronus-crm")
	for card in ("Mantenimientos", "Movimientos"):
		expect(page.locator(".widget.links-widget-box", has_text=card).first).to_be_visible()

	search(page, "crmopormant")
	page.locator(".awesomplete li:has-text('CRMOPORMANT')").first.wait_for()
	page.keyboard.press("Enter")
	page.wait_for_url(re.compile("/(app|desk)/cronus-opportunity"), wait_until="commit")

	page.goto("/app/proforma/new")
	choose(page, "customer", people.customer.customer_name, people.customer.customer_name)
	expect(page.locator(".frappe-control[data-fieldname=seller] input")).to_have_value(people.seller.name)
	choose_product(page)
	page.get_by_role("button", name="Guardar").first.press("Enter")
	expect(page.locator(".page-head .indicator-pill")).to_have_text("Borrador")
	page.locator(".page-head button.primary-action:visible").click()
	confirm(page)
	expect(page.locator(".page-head .indicator-pill")).to_have_text("Emitida")

	proforma = frappe.get_last_doc("Proforma", {"customer": people.customer.name})
	assert proforma.grand_total == 138
	page.goto("/app/cronus-activity")
	expect(page.locator(".list-row-container", has_text=f"Seguimiento de {proforma.name}")).to_be_visible()

	page.goto(f"/app/proforma/{proforma.name}")
	page.locator(".inner-group-button button:visible", has_text="Generar").click()
	page.locator(".inner-group-button .dropdown-item:visible", has_text="Factura").click()
	page.wait_for_url(re.compile(r"/(app|desk)/invoice/FAC-"), wait_until="commit")
	invoice = page.url.rsplit("/", 1)[1].split("#")[0]

	page = desk(people.billing, at=f"/app/invoice/{invoice}")
	page.locator(".page-head button.primary-action:visible").click()
	confirm(page)
	expect(page.locator(".page-head .indicator-pill")).to_have_text("Emitida")
	page.goto(f"/app/proforma/{proforma.name}")
	expect(page.locator(".page-head .indicator-pill")).to_have_text("Facturada")
	frappe.db.rollback()
	assert activity_of(proforma).state == "Done"


def test_a_manager_reads_the_report_with_its_chart(people, desk):
	invoice_of(issue_proforma(people.seller.name, customer=people.customer.name))
	frappe.db.commit()
	page = desk(people.manager.user, at="/app/query-report/Cronus Seller Efficiency")
	expect(page.locator(".page-title")).to_contain_text("Eficiencia de vendedores")
	expect(page.locator(".dt-row", has_text=people.seller.name).first).to_be_visible()
	expect(page.locator(".chart-wrapper svg.frappe-chart")).to_be_visible()
	expect(page.locator(".report-summary")).to_contain_text("Conversión")


def test_several_proformas_are_invoiced_from_the_list(people, desk):
	customer = make_customer(people.seller.name)
	for _proforma in range(2):
		issue_proforma(people.seller.name, customer=customer.name)
	frappe.db.commit()
	page = desk(people.seller.user, at=f"/app/proforma?customer={customer.name}")
	boxes = page.locator(".list-row-checkbox:visible")
	expect(boxes).to_have_count(2)
	for box in boxes.all():
		box.check()
	page.locator(".actions-btn-group button:visible").first.click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text="Generar facturas").click()
	page.wait_for_url(re.compile("/(app|desk)/invoice"), wait_until="commit")
	invoices = page.locator(".result .list-row-container:visible", has_text=customer.customer_name)
	expect(invoices).to_have_count(1)


def test_an_error_says_in_spanish_what_to_do(people, desk):
	page = desk(people.seller.user, at="/app/proforma/new")
	choose(page, "customer", people.customer.customer_name, people.customer.customer_name)
	row = choose_product(page)
	row.locator("input[data-fieldname=quantity]").fill("-3")
	page.keyboard.press("Tab")
	page.get_by_role("button", name="Guardar").first.press("Enter")
	expect(page.locator(".modal.show .msgprint")).to_contain_text("la cantidad debe ser mayor que cero")


def test_a_state_agrees_with_its_document(people, desk):
	"""Where it is offered, in the filters above a list, and where it is read, in a form."""
	invoice = invoice_of(issue_proforma(people.seller.name, customer=people.customer.name))
	frappe.db.commit()
	page = desk(people.seller.user)
	for doctype, cancelled in (
		("invoice", "Anulada"),
		("cronus-order", "Anulado"),
		("cronus-activity", "Cancelada"),
		("cronus-prospect", "Cancelado"),
	):
		page.goto(f"/app/{doctype}")
		state = page.locator("select[data-fieldname=state]:visible")
		expect(state.locator("option[value=Cancelled]")).to_have_text(cancelled)
	page.goto(f"/app/invoice/{invoice.name}")
	expect(page.locator(".frappe-control[data-fieldname=state] .control-value")).to_have_text("Emitida")


def test_an_activity_is_finished_with_its_result(people, desk):
	proforma = issue_proforma(people.seller.name, customer=people.customer.name)
	frappe.db.commit()
	page = desk(people.seller.user, at=f"/app/cronus-activity/{activity_of(proforma).name}")
	page.get_by_role("button", name="Marcar como realizada").click()
	page.locator(".modal.show select[data-fieldname=result]").select_option("No answer")
	confirm(page)
	expect(page.locator(".page-head .indicator-pill")).to_have_text("Realizada")
	frappe.db.rollback()
	done = activity_of(proforma)
	assert (done.state, done.result) == ("Done", "No answer")
	assert done.done_on
