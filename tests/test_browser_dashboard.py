"""The dashboard as a manager, a viewer and a seller without the role meet it: Chromium, in Spanish."""

import re

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Page, expect

from tests.browser import NARROW, SPANISH, WIDE, choose, search
from tests.scaffold import (
	MANAGER,
	SELLER,
	VIEWER,
	invoice_of,
	issue_proforma,
	make_opportunity,
	make_seller,
	make_user,
)

SUMMARY = "/app/cronus-dashboard"


@pytest.fixture(scope="module")
def team(site):
	"""A manager; a viewer with an opportunity and an invoice; a seller of the team with others, who may not
	look."""
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	viewer = make_seller(manager.name, user=make_user(SELLER, VIEWER, **SPANISH))
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	for owner, value in ((viewer, 1_000), (seller, 2_500)):
		make_opportunity(owner.name, value=value, stage="Proposal")
		make_opportunity(owner.name, value=value, stage="Won", opened_on=add_days(nowdate(), -60))
		make_opportunity(owner.name, value=value, stage="Not won", loss_reason="Price")
	invoice_of(issue_proforma(viewer.name))
	frappe.db.commit()
	return frappe._dict(manager=manager, viewer=viewer, seller=seller)


def card(page: Page, label: str):
	return page.locator(".number-widget-box", has_text=re.compile(label, re.IGNORECASE)).locator(".number")


def chart(page: Page, label: str):
	return page.locator(".dashboard-widget-box", has_text=label)


def expect_bars_of(sellers: int, page: Page) -> None:
	"""Each seller has a bar for each stage of what is in progress; other tests may have made stages."""
	stages = frappe.db.count("Cronus Stage", {"state": ("in", ("Open", "Pending")), "disabled": 0})
	bars = chart(page, "Oportunidades en curso por vendedor").locator("rect.bar")
	expect(bars).to_have_count(sellers * stages)


def test_a_manager_sees_the_team_and_goes_from_a_chart_to_its_records(team, desk):
	page = desk(team.manager.user, at=SUMMARY)
	expect(card(page, "Monto en curso")).to_have_text("$ 3,500.00")
	expect(card(page, "Conversión de oportunidades")).to_contain_text("50")
	expect_bars_of(2, page)
	expect(chart(page, "Embudo de oportunidades").locator("table.cronus-bars")).to_contain_text("Propuesta")
	expect(chart(page, "Por qué no se ganaron").locator("table.cronus-bars")).to_contain_text("Precio")

	chart(page, "Ingresos de oportunidades ganadas").locator("svg.frappe-chart").hover()
	expect(page.locator(".graph-svg-tip:visible").first).to_contain_text("$ ")

	chart(page, "Oportunidades en curso por vendedor").get_by_role("link").click()
	expect(page).to_have_url(re.compile("query-report/Cronus%20Pipeline"))
	expect(page.get_by_text("Potencial: el monto por la probabilidad")).to_be_visible()
	page.locator(".dt-row-0 .dt-cell--col-2 a").click()
	expect(page).to_have_url(re.compile("cronus-opportunity"))
	expect(page.locator(".list-row-container .list-row")).to_have_count(1)


def test_one_choice_holds_for_all_of_the_page_and_is_remembered(team, desk):
	page = desk(team.manager.user, at=SUMMARY)
	expect(card(page, "Monto en curso")).to_have_text("$ 3,500.00")
	choose(page, "seller", team.viewer.name, team.viewer.name)
	expect(card(page, "Monto en curso")).to_have_text("$ 1,000.00")
	expect(card(page, "Monto facturado")).to_have_text("$ 200.00")
	expect_bars_of(1, page)
	with page.expect_response(lambda answer: "dashboard.read_cards_and_charts" in answer.url):
		page.locator("select[data-fieldname=period]:visible").select_option("last_year")
	expect(card(page, "Monto facturado")).to_have_text("$ 0.00")
	page.reload()
	expect(card(page, "Monto en curso")).to_have_text("$ 1,000.00")
	expect(card(page, "Monto facturado")).to_have_text("$ 0.00")
	page.goto("/app/cronus-crm")
	expect(card(page, "Monto en curso")).to_have_text("$ 3,500.00")
	expect(page.locator("select[data-fieldname=period]:visible")).to_have_count(0)


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_viewer_sees_no_more_than_their_own(team, desk, screen):
	page = desk(team.viewer.user, screen, at=SUMMARY)
	expect(card(page, "Monto en curso")).to_have_text("$ 1,000.00")
	expect(chart(page, "Potencial por mes").locator("rect.bar").first).to_be_visible()
	assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


def test_without_the_role_the_summary_is_locked_and_says_who_opens_it(team, desk):
	page = desk(team.seller.user, at="/app/cronus-crm")
	shortcut = page.locator(".shortcut-widget-box", has_text="Resumen")
	expect(shortcut).to_contain_text("Bloqueado")
	expect(page.locator(".number-widget-box")).to_have_count(0)
	search(page, "crmdash")
	expect(page.locator(".awesomplete li:has-text('CRMDASH · Resumen (bloqueado)')").first).to_be_visible()
	page.keyboard.press("Escape")
	shortcut.click()
	expect(page.locator(".cronus-locked")).to_contain_text("Gerente de ventas")
	expect(page).to_have_url(re.compile("/cronus-dashboard$"))
