"""Lists, the head of a customer and of an opportunity, and the board: Chromium, in Spanish, with the clicks
counted."""

import re

import frappe
import pytest
from frappe.utils import add_days, nowdate
from playwright.sync_api import Locator, Page, expect

from cronus_crm.base.phone_texts import show_phones
from cronus_crm.cronus_service.solutions.test_solutions import make_solution
from tests.browser import NARROW, SPANISH, confirm, wait_for_dialog
from tests.scaffold import (
	AGENT,
	MANAGER,
	SELLER,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)

WORKSPACE = "/app/cronus-crm"

# Cells whose text is wider than they are, among the columns that have to be whole.
CUT_CELLS = "() => " + "".join(
	(
		"[...document.querySelectorAll('.cronus-rows .list-row-container .list-row-col')]",
		".filter((cell) => cell.offsetParent && !cell.querySelector(`[title^='Notas internas']`))",
		".flatMap((cell) => [cell, ...cell.querySelectorAll('*')])",
		".filter((part) => !part.closest('.sr-only') && part.scrollWidth > part.clientWidth + 1)",
		".filter((part) => !['visible', 'auto'].includes(getComputedStyle(part).overflowX))",
		".map((part) => part.textContent.trim())",
	)
)


@pytest.fixture
def manager(site):
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	frappe.db.commit()
	return manager


@pytest.fixture
def seller(manager):
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	frappe.db.commit()
	return seller


def make_prospect(seller: str, **fields):
	prospect = {"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), "seller": seller}
	return frappe.get_doc(prospect | fields).insert()


class Clicks:
	"""A page whose clicks are counted."""

	def __init__(self, page: Page):
		self.page, self.number = page, 0

	def click(self, thing: Locator) -> None:
		thing.click()
		self.number += 1


def rows(page: Page) -> Locator:
	return page.locator(".cronus-rows .list-row-container .list-row:visible")


def cell(page: Page, doctype: str, name: str) -> Locator:
	"""The row of a record."""
	return rows(page).filter(has=page.locator(f"[data-name='{name}']"))


def test_a_list_of_prospects_shows_all_and_cuts_nothing(seller, desk):
	for number in range(12):
		make_prospect(
			seller.name,
			contacted_on=add_days(nowdate(), -number),
			prospect_name=f"María de los Ángeles Etxeberría {number:02}",
			company_name="Distribuidora Ecuatoriana de Repuestos",
			phone="+593 99 123 4567",
			email=f"maria.etxeberria.{number}@distribuidora.example.com",
			color="#ff8800",
			internal_notes="Prefiere que se le llame por la tarde, y que se le escriba antes.",
		)
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-prospect")
	expect(rows(page)).to_have_count(12)
	head = page.locator(".cronus-rows .list-row-head .list-row-col:visible")
	assert [text.strip() for text in head.all_inner_texts()] == [
		"Folio",
		"Fecha",
		"Color",
		"No. C",
		"No. P",
		"Usuario",
		"Centro de trabajo",
		"Nombre",
		"Empresa",
		"Teléfono",
		"Correo electrónico",
		"Estatus",
		"Estado o provincia",
		"Semáforo",
		"Medio de contacto",
		"Notas internas",
	]
	assert page.evaluate(CUT_CELLS) == []
	expect(page.locator(".page-head .title-text:visible")).to_have_text("Prospectos")
	shown = page.locator(".cronus-rows .cronus-title").all_inner_texts()
	assert [name[-2:] for name in shown] == [f"{number:02}" for number in range(12)]


def test_each_user_chooses_the_columns_of_a_list(seller, desk):
	make_prospect(seller.name, city="Latacunga")
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-prospect")
	expect(rows(page)).to_have_count(1)
	page.locator(".page-head .menu-btn-group button:visible").click()
	page.locator(".page-head .dropdown-item:visible", has_text="Columnas").click()
	wait_for_dialog(page)
	for label in ("Ciudad", "Correo electrónico"):
		page.locator(".modal.show .unit-checkbox", has_text=re.compile(rf"^\s*{label}\s*$")).locator(
			"input"
		).click()
	confirm(page)
	for _time in range(2):
		expect(rows(page)).to_contain_text("Latacunga")
		expect(page.locator(".cronus-rows .list-row-head")).not_to_contain_text("Correo electrónico")
		page.reload()


def test_what_a_customer_owes_is_one_click_away(seller, manager, desk):
	customer = make_customer(seller.name, phone="+593 2 255 5777")
	day = add_days(nowdate(), -9)
	for of in (seller, manager):
		invoice_of(issue_proforma(of.name, customer=customer.name, posting_date=day), posting_date=day)
	frappe.db.commit()
	for user, balance in ((seller.user, "$ 200.00"), (manager.user, "$ 400.00")):
		page = desk(user, at=WORKSPACE)
		clicks = Clicks(page)
		clicks.click(page.locator(".shortcut-widget-box", has_text="Clientes"))
		row = cell(page, "Cronus Customer", customer.name)
		expect(row).to_contain_text(balance)
		expect(row.locator("a[href^='tel:']")).to_have_text(show_phones("+593 2 255 5777"))
		expect(row.locator("[data-figure=recency]")).to_have_text("9")
		assert clicks.number == 1
		assert page.evaluate(CUT_CELLS) == []
		row.locator(".cronus-title").click()
		strip = page.locator(".cronus-strip:visible")
		expect(strip).to_contain_text(balance)
		expect(strip).to_contain_text(show_phones("+593 2 255 5777"))
		expect(strip).to_contain_text("hace 9 días")


def test_the_actions_of_a_row_are_behind_one_icon(seller, desk):
	prospect = make_prospect(seller.name)
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-prospect")
	cell(page, "Cronus Prospect", prospect.name).get_by_role("button").click()
	menu = page.locator(".cronus-menu")
	expect(menu.get_by_role("menuitem")).to_have_count(3)
	page.keyboard.press("Escape")
	expect(menu).to_have_count(0)
	page.keyboard.press("Enter")
	menu.get_by_role("menuitem", name="Agregar seguimiento").click()
	expect(page.locator(".modal.show .modal-title")).to_be_visible()
	expect(page).to_have_url(re.compile("/(app|desk)/cronus-prospect"))


def test_a_list_of_a_telephone_shows_the_record_and_not_the_filters(seller, desk):
	prospect = make_prospect(seller.name, phone="+593 99 123 4567")
	frappe.db.commit()
	page = desk(seller.user, NARROW, at="/app/cronus-prospect")
	row = cell(page, "Cronus Prospect", prospect.name)
	expect(row).to_contain_text(prospect.prospect_name)
	expect(row).to_contain_text(prospect.name)
	assert row.bounding_box()["y"] < 260
	expect(page.locator(".standard-filter-section input:visible")).to_have_count(0)
	page.locator(".cronus-show-filters:visible, .filter-toggle:visible").click()
	expect(page.locator(".standard-filter-section input:visible").first).to_be_visible()
	expect(page.locator(".page-head .primary-action:visible")).to_be_in_viewport()
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_opportunity_is_moved_with_two_clicks(seller, desk):
	opportunity = make_opportunity(seller.name, stage="Proposal", value=1500)
	make_opportunity(seller.name, stage="Proposal", value=500)
	frappe.db.commit()
	page = desk(seller.user, at=WORKSPACE)
	clicks = Clicks(page)
	clicks.click(page.locator(".shortcut-widget-box", has_text="Tablero"))
	expect(sum_of(page, "Proposal")).to_have_text("2 · $ 2,000.00")
	with page.expect_response(re.compile("opportunities.move")):
		clicks.click(page.locator(f".cronus-next-stage[data-name='{opportunity.name}']"))
	assert clicks.number == 2
	expect(sum_of(page, "Negotiation")).to_have_text("1 · $ 1,500.00")
	expect(sum_of(page, "Proposal")).to_have_text("1 · $ 500.00")
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Opportunity", opportunity.name, "stage") == "Negotiation"


def sum_of(page: Page, stage: str) -> Locator:
	return page.locator(f".kanban-column[data-column-value='{stage}'] .cronus-column-sum")


def test_the_board_opens_without_its_name_and_leads_to_what_was_won(seller, desk):
	won = make_opportunity(seller.name, stage="Won", value=700)
	make_opportunity(seller.name, stage="Proposal", value=90)
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-opportunity/view/kanban")
	expect(sum_of(page, "Won")).to_have_text("1 · $ 700.00")
	columns = page.locator(".kanban-column:visible")
	widths = {
		round(box["width"]) for box in columns.evaluate_all("all => all.map(c => c.getBoundingClientRect())")
	}
	assert len(widths) == 1
	# Other tests may have made further stages; as many as come with the app fit.
	expect(columns.nth(6)).to_be_in_viewport(ratio=1)
	sum_of(page, "Won").click()
	expect(rows(page)).to_have_count(1)
	expect(rows(page)).to_contain_text(won.name)


def test_an_opportunity_is_moved_by_its_bar_of_stages(seller, desk):
	opportunity = make_opportunity(seller.name, stage="Proposal")
	frappe.db.commit()
	page = desk(seller.user, at=f"/app/cronus-opportunity/{opportunity.name}")
	stages = page.locator(".cronus-stages:visible")
	expect(stages.locator("[aria-current]")).to_have_text("Propuesta")
	for title in ("Actividad siguiente", "Documentos", "Personas", "Historial"):
		expect(page.locator(".cronus-part", has_text=title)).to_be_visible()
	with page.expect_response(re.compile("opportunities.move")):
		stages.get_by_role("button", name="En negociación").click()
	expect(stages.locator("[aria-current]")).to_have_text("En negociación")
	stages.get_by_role("button", name="No ganada").click()
	page.locator(".modal.show [data-fieldname=loss_reason] select").select_option(label="Precio")
	with page.expect_response(re.compile("opportunities.move")):
		confirm(page)
	expect(stages.locator("[aria-current]")).to_have_text("No ganada")
	frappe.db.rollback()
	lost = frappe.get_doc("Cronus Opportunity", opportunity.name)
	assert (lost.state, lost.loss_reason) == ("Not won", "Price")


def test_a_state_stands_once_in_a_list_and_is_called_as_its_field(desk):
	agent = make_user(AGENT, **SPANISH)
	make_solution("¿Cómo se cambia el rollo?", "Public", "<p>Por la tapa.</p>")
	frappe.db.commit()
	page = desk(agent, at="/app/cronus-solution")
	expect(rows(page).first).to_be_visible()
	head = page.locator(".cronus-rows .list-row-head .list-row-col:visible")
	assert [text.strip() for text in head.all_inner_texts()][:3] == ["Folio", "Pregunta", "Estado"]
	expect(head.filter(has_text="Estado")).to_have_count(1)
