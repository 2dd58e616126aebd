"""Solutions and capacity as people meet them: Chromium, an agent and an administrator in Spanish, and a
guest."""

import frappe
import pytest
from frappe import _
from playwright.sync_api import expect

from cronus_crm.cronus_service.solutions.test_solutions import make_solution
from cronus_crm.seats.test_seats import set_limit
from tests.browser import NARROW, SPANISH, confirm
from tests.scaffold import ADMINISTRATOR, AGENT, make_case, make_user


def say(message: str) -> str:
	return _(message, lang="es")


@pytest.fixture
def token(site):
	return "qz" + frappe.generate_hash(length=8).translate(str.maketrans("0123456789", "ghijklmnop"))


def test_an_agent_answers_with_a_solution_in_one_click(desk, token):
	solution = make_solution(f"Cambiar la impresión {token}", "Public", f"<p>Se cambia así: {token}</p>")
	case = make_case(subject=f"No sé cambiar impresiones {token}")
	agent = make_user(AGENT, **SPANISH)
	frappe.db.commit()
	page = desk(agent, at=f"/app/cronus-case/{case.name}")
	proposal = page.locator(".cronus-proposal", has_text=token).first
	expect(proposal).to_contain_text(solution.question)
	proposal.get_by_role("button").click()
	expect(page.locator(".modal.show [data-fieldname=content] .ql-editor").first).to_contain_text(
		f"Se cambia así: {token}"
	)
	confirm(page)
	frappe.db.rollback()
	sent = {"reference_doctype": "Cronus Case", "reference_name": case.name, "sent_or_received": "Sent"}
	(content,) = frappe.get_all("Communication", sent, pluck="content", order_by="creation asc")
	assert token in content
	assert f"/solutions/{solution.name.lower()}" in content
	assert frappe.db.get_value("Cronus Solution", solution.name, "times_used") == 1


def test_a_guest_finds_a_solution_and_says_that_it_helped(browser, server, token):
	solution = make_solution(f"¿Cómo se calibra {token}?", "Public", "<p>Con el botón.</p>")
	frappe.db.commit()
	context = browser.new_context(viewport=NARROW, base_url=server, locale="es-EC")
	page = context.new_page()
	page.goto("/solutions")
	page.fill("input[name=q]", f"calibracion {token.upper()}")
	page.keyboard.press("Enter")
	page.get_by_role("link", name=solution.question).click()
	expect(page.locator(".cronus-solution-answer")).to_have_text("Con el botón.")
	page.locator("[data-helpful='1']").click()
	expect(page.locator(".cronus-solution-thanks")).to_be_visible()
	context.close()
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Solution", solution.name, "times_helpful") == 1


def test_an_administrator_sees_who_takes_the_seats_and_limits_them(desk):
	administrator = make_user(ADMINISTRATOR, **SPANISH)
	frappe.db.commit()
	page = desk(administrator, NARROW)
	try:
		page.goto("/app/cronus-capacity")
		expect(page.locator(".cronus-capacity")).to_be_visible()
		expect(page.locator("[data-fieldname=limits] .grid-row[data-idx]")).to_have_count(5)
		expect(page.locator("[data-fieldname=limits] .grid-add-row:visible")).to_have_count(0)
		page.evaluate(
			"cur_frm.doc.limits.forEach(({ name, module_name }) => module_name === 'Cronus Exchange'"
			" && frappe.model.set_value('Cronus Module Limit', name, 'user_limit', 900))"
		)
		page.evaluate("cur_frm.save()")
		expect(page.locator(".cronus-capacity")).to_contain_text("900")
		expect(page.locator("[data-fieldname=use_html]")).to_contain_text(administrator)
	finally:
		frappe.db.rollback()
		set_limit(0)
		frappe.db.commit()
