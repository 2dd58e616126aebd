"""My month, and the day of billing, as a seller, a manager and a billing user meet them, in Spanish."""

import re

import frappe
import pytest
from frappe.utils import nowdate
from playwright.sync_api import Page, expect

from cronus_crm.api.sales_month import set_targets
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from tests.browser import NARROW, SPANISH, WIDE
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	invoice_of,
	issue_proforma,
	make_seller,
	make_user,
	pay,
)

WORKSPACE = "/app/cronus-crm"


@pytest.fixture(scope="module")
def shop(site):
	"""A manager; a seller with a target of 1000 who sold 200, was paid 50 and has a draft; a billing user."""
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	set_targets(seller.name, nowdate()[:4], [1000])
	pay(invoice_of(issue_proforma(seller.name)), 50)
	proforma = issue_proforma(seller.name, quantity=3)
	(order,) = convert_documents("Proforma", [proforma.name], "Cronus Order")
	billing = make_user(BILLING, **SPANISH)
	frappe.db.commit()
	return frappe._dict(manager=manager, seller=seller, order=order, billing=billing)


def fits(page: Page, screen: dict) -> bool:
	return page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_seller_sees_the_month_on_the_workspace_and_its_page_with_one_click(shop, desk, screen):
	page = desk(shop.seller.user, screen, at=WORKSPACE)
	month = page.locator(".cronus-month")
	expect(month).to_contain_text("Mi mes")
	expect(month).to_contain_text("$ 200.00")
	expect(month).to_contain_text("20 %")
	assert fits(page, screen)
	month.get_by_role("link", name="Detalles").click()
	expect(page).to_have_url(re.compile("cronus-my-month"))
	shown = page.locator("[data-page-route=cronus-my-month], #page-cronus-my-month").first
	expect(shown).to_contain_text("Vendido")
	expect(shown).to_contain_text("$ 50.00")
	expect(shown).to_contain_text("1 de 2 proformas")
	assert fits(page, screen)


def test_a_figure_of_the_month_leads_to_its_documents(shop, desk):
	page = desk(shop.seller.user, at=WORKSPACE)
	page.locator(".cronus-month-figure", has_text="Facturado").click()
	expect(page).to_have_url(re.compile("/app/invoice|/desk/invoice"))
	expect(page.locator(".list-row-container .list-row")).to_have_count(1)


def test_a_manager_sees_a_row_for_each_seller(shop, desk):
	page = desk(shop.manager.user, at="/app/cronus-my-month")
	row = page.locator(".cronus-month-table tr", has_text=shop.seller.seller_name)
	expect(row).to_contain_text("$ 1,000.00")
	expect(row).to_contain_text("20 %")
	row.get_by_role("link").click()
	expect(page.locator(".cronus-month-target").first).to_contain_text("$ 1,000.00")


def test_a_seller_asks_and_billing_finds_it(shop, desk):
	page = desk(shop.seller.user, at=f"/app/cronus-order/{shop.order}")
	page.get_by_role("button", name="Pedir emisión").click()
	expect(page.get_by_text("pidió a facturación").first).to_be_visible()
	expect(page.get_by_role("button", name="Retirar la petición")).to_be_visible()
	billing = desk(shop.billing, at=WORKSPACE)
	today = billing.locator(".cronus-today-group[data-group=asked]")
	expect(today).to_contain_text("Borradores que los vendedores piden emitir")
	expect(billing.locator(".cronus-month")).to_have_count(0)
	# The workspace shows the five that wait longest; other tests may have asked before.
	billing.locator(".cronus-today-head").get_by_role("link").click()
	expect(billing).to_have_url(re.compile("cronus-billing-today"))
	billing.locator("#page-cronus-billing-today a").filter(has_text=shop.order).click()
	expect(billing).to_have_url(re.compile(shop.order))
	expect(billing.get_by_text("pidió a facturación").first).to_be_visible()


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_day_of_billing(shop, desk, screen):
	page = desk(shop.billing, screen, at="/app/cronus-billing-today")
	groups = page.locator("#page-cronus-billing-today .cronus-today-group")
	expect(groups).to_have_count(4)
	expect(groups.nth(3)).to_contain_text("$ 50.00")
	assert fits(page, screen)
