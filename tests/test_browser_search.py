"""A seller finds by the search bar, with one click from the workspace, whatever is known of a customer."""

import re

import frappe
import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW, PASSWORD, WIDE, search
from tests.scaffold import SELLER, issue_proforma, make_customer, make_seller, make_user


@pytest.fixture(scope="module")
def people(site):
	frappe.set_user("Administrator")
	mark = frappe.generate_hash(length=8)
	user = make_user(SELLER, language="es", password=PASSWORD)
	seller = make_seller(user=user)
	customer = make_customer(
		seller.name,
		customer_name=f"Ferretería Ñ{mark} <i>& Hijos</i>",
		phone="+593 99 871 2634",
		tax_id=f"{mark.upper()}-77",
	)
	proforma = issue_proforma(seller.name, customer=customer.name)
	hidden = make_customer(make_seller().name, customer_name=f"Ajena ñ{mark}")
	frappe.db.commit()
	return frappe._dict(user=user, mark=mark, customer=customer, proforma=proforma, hidden=hidden)


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_one_click_from_the_workspace_to_the_customer(people, desk, screen):
	page = desk(people.user, screen)
	texts = (f"n{people.mark}", "099-871-2634", "8712634", f"{people.mark}77", people.customer.name)
	for text in texts:
		assert clicks_to(page, text, f"cronus-customer/{people.customer.name}") == 1, text
	assert clicks_to(page, people.proforma.name.lower(), f"proforma/{people.proforma.name}") == 1


def clicks_to(page: Page, text: str, address: str) -> int:
	"""Types a text on the workspace and chooses the first record; gives back the number of clicks."""
	page.goto("/app/cronus-crm")
	search(page, text)
	record = page.locator(".awesomplete li:visible", has=page.locator(".cronus-found")).first
	expect(record).to_be_visible()
	record.click()
	page.wait_for_url(re.compile(f"/(app|desk)/{re.escape(address)}$"), wait_until="commit")
	return 1


def test_enter_opens_the_record_and_what_is_hidden_is_not_listed(people, desk):
	page = desk(people.user, at="/app/cronus-crm")
	search(page, f"ñ{people.mark}")
	found = page.locator(".awesomplete li:visible", has=page.locator(".cronus-found"))
	expect(found).to_have_count(1)
	expect(found).to_contain_text("<i>& Hijos</i>")
	page.keyboard.press("Enter")
	page.wait_for_url(re.compile(f"cronus-customer/{people.customer.name}"), wait_until="commit")


def test_enter_before_the_records_are_there_waits_for_them(people, desk):
	page = desk(people.user, at="/app/cronus-crm")
	page.route("**/api/method/cronus_crm.api.search.find_records*", hold)
	search(page, f"ñ{people.mark}")
	expect(page.locator(".awesomplete li:visible").first).to_contain_text(people.mark)
	page.keyboard.press("Enter")
	page.wait_for_url(re.compile(f"cronus-customer/{people.customer.name}"), wait_until="commit")


def hold(route):
	route.request.frame.page.wait_for_timeout(1500)
	route.continue_()


def test_that_nothing_was_found_is_said(people, desk):
	page = desk(people.user, at="/app/cronus-crm")
	search(page, "zzqqxx")
	expect(page.locator(".awesomplete li:visible", has_text="zzqqxx").last).to_be_visible()
	expect(page.locator(".awesomplete li:visible .text-muted", has_text="zzqqxx")).to_be_visible()

	page.goto("/app/proforma/new")
	field = page.locator(".frappe-control[data-fieldname=customer] input:visible").first
	field.click()
	field.fill("zzqqxx")
	expect(page.locator(".awesomplete [role=option]:visible .text-muted", has_text="zzqqxx")).to_be_visible()
	field.fill("8712634")
	option = page.locator(".awesomplete [role=option]:visible", has_text="Hijos").first
	expect(option).to_be_visible()
	expect(page.locator(".awesomplete [role=option]:visible", has_text="Filtros aplicados")).to_have_count(0)
