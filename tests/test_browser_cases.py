"""Cases as an agent works on them: Chromium, in Spanish, on wide screens and on those of telephones."""

import frappe
import pytest
from playwright.sync_api import Page, expect

from cronus_crm.cronus_service.cases import case_merging
from tests.browser import NARROW, SPANISH, WIDE
from tests.scaffold import (
	AGENT,
	FRAPPE_VERSION,
	SELLER,
	make_case,
	make_customer,
	make_seller,
	make_user,
	unique,
)
from tests.test_browser_crm import drag_card

CASE = "Cronus Case"
both_screens = pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture
def case(site):
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name, customer_name=unique("Ferretería Ñusta"), language="es")
	case = make_case(customer.name, subject="La impresora no imprime", contact_name="Rosa")
	case.seller_user = seller.user
	case.agent_user = make_user(AGENT, **SPANISH)
	case.reply = (
		frappe.get_doc(
			{
				"doctype": "Cronus Saved Reply",
				"reply_name": unique("Recibido"),
				"texts": [{"language": "es", "text": "Hola {{ contact }}, vemos {{ case }}"}],
			}
		)
		.insert()
		.name
	)
	frappe.db.commit()
	return case


def open_case(page: Page, name: str) -> None:
	page.goto(f"/app/cronus-case/{name}")
	expect(page.locator(".cronus-head .cronus-part")).to_have_count(4)


def press(page: Page, label: str) -> None:
	"""The action of a form: a button, on a telephone one of the bar."""
	label = frappe._(label, lang="es")
	bar = page.locator(".cronus-phone-actions button:visible", has_text=label)
	button = page.locator(".page-head .custom-actions button:visible", has_text=label)
	page.wait_for_timeout(300)
	(bar if bar.count() else button).first.click()


@both_screens
def test_an_agent_answers_with_a_saved_reply_and_writes_a_note(case, desk, screen):
	page = desk(case.agent_user, screen)
	open_case(page, case.name)
	press(page, "Answer them")
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=reply] select").select_option(case.reply)
	expect(dialog.locator(".ql-editor[contenteditable=true]")).to_contain_text(
		f"Hola Rosa, vemos {case.name}"
	)
	dialog.locator(".modal-footer .btn-primary:visible, .modal-header .btn-primary:visible").first.click()
	expect(page.locator(".cronus-said-answer")).to_have_count(1)
	expect(page.locator(".cronus-stage.is-here.is-waiting_for_them")).to_have_count(1)
	box = page.locator(".comment-box .ql-editor[contenteditable=true]")
	box.click()
	box.type("No prometer fecha")
	page.locator(".comment-box .btn-comment").click()
	expect(box).to_have_text("")
	# There, a new note comes by the socket, which tests have not.
	if FRAPPE_VERSION >= 16:
		page.reload()
	expect(page.locator(".cronus-said-note")).to_have_count(1)
	colours = {
		page.locator(f".cronus-said-{kind} .timeline-content").first.evaluate(
			"element => getComputedStyle(element).backgroundColor"
		)
		for kind in ("answer", "note")
	}
	assert len(colours) == 2
	assert not overflows(page)
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, case.name, ["category", "agent"]) == (
		"Waiting for them",
		case.agent_user,
	)


def overflows(page: Page) -> bool:
	"""True when the page is wider than the screen."""
	return page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def test_a_seller_reads_the_case_and_only_writes_notes(case, desk):
	page = desk(case.seller_user)
	open_case(page, case.name)
	expect(page.locator(".cronus-note-heading")).to_be_visible()
	expect(page.locator(".cronus-stage:not([disabled])")).to_have_count(0)
	assert not page.locator(
		".page-head .custom-actions button:visible", has_text=frappe._("Answer them", lang="es")
	).count()


def test_a_case_that_is_opened_at_once_has_the_side_bar_of_its_reader(case, desk):
	page = desk(case.seller_user)
	open_case(page, case.name)
	if not page.evaluate("Boolean(frappe.ui.SidebarHeader)"):
		pytest.skip("only in Frappe 16")
	expect(page.locator(".body-sidebar .sidebar-item-label", has_text="Clientes").first).to_be_visible()


@both_screens
def test_a_seller_opens_a_case_of_a_customer_of_theirs(case, desk, screen):
	page = desk(case.seller_user, screen, at=f"/app/cronus-case/new?customer={case.customer}")
	subject = unique("Pide otra factura")
	page.locator("[data-fieldname=subject] input:visible").fill(subject)
	page.keyboard.press("Tab")
	page.evaluate("cur_frm.save()")
	page.wait_for_url("**/cronus-case/CS-*")
	frappe.db.rollback()
	opened = frappe.get_doc(CASE, {"subject": subject})
	assert (opened.owner, opened.customer) == (case.seller_user, case.customer)
	# From then on it is for those who work on cases.
	expect(page.locator(".cronus-stage:not([disabled])")).to_have_count(0)
	expect(page.locator("[data-fieldname=subject] input:visible")).to_have_count(0)


def test_a_merged_case_leads_to_the_one_that_stays(case, desk):
	other = make_case(case.customer, subject="La misma impresora")
	frappe.db.commit()
	case_merging.merge_cases(case.name, [other.name])
	frappe.db.commit()
	page = desk(case.agent_user, at=f"/app/cronus-case/{other.name}")
	# 16 adds the tab of the form.
	page.wait_for_url(f"**/cronus-case/{case.name}*")


def test_a_card_is_dragged_to_another_state(case, desk):
	page = desk(case.agent_user, at="/app/cronus-case/view/kanban/Cases")
	card = page.locator(f".kanban-card-wrapper[data-name='{case.name}'] .kanban-card")
	expect(card).to_be_visible()
	expect(page.locator(".kanban-column[data-column-value=New] .cronus-column-sum")).not_to_have_text("0")
	drag_card(page, card, "Open")
	expect(
		page.locator(f".kanban-column[data-column-value=Open] .kanban-card-wrapper[data-name='{case.name}']")
	).to_be_visible()
	page.wait_for_timeout(1000)
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, case.name, "state") == "Open"
