"""The portal and the public form as customers meet them: Chromium, in Spanish, on a screen and on a
telephone."""

import frappe
import pytest
from playwright.sync_api import expect

from cronus_crm.cronus_service.cases import conversation
from cronus_crm.cronus_service.portal import rating_links
from cronus_crm.cronus_service.solutions.test_solutions import make_solution
from tests.browser import NARROW, PASSWORD, WIDE
from tests.outside import forget_limits, make_contact, make_website_user, set_service
from tests.scaffold import AGENT, make_case, make_customer, make_user, unique

CASE = "Cronus Case"


@pytest.fixture(autouse=True)
def offered(site):
	forget_limits()
	set_service(public_form_enabled=1, portal_enabled=1, portal_scope="Own cases")
	frappe.db.commit()
	yield
	frappe.db.rollback()
	set_service(public_form_enabled=0, portal_enabled=0)
	frappe.db.commit()


@pytest.fixture
def page_of(browser, server):
	"""Opens pages as somebody without a place in the desk does."""
	contexts = []

	def open_page(size=WIDE, **options):
		context = browser.new_context(viewport=size, base_url=server, locale="es-EC", **options)
		contexts.append(context)
		return context.new_page()

	yield open_page
	for context in contexts:
		context.close()


def find_overflow(page) -> int:
	"""By how many pixels the page is wider than the screen."""
	return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_a_guest_sends_the_form_with_real_work_and_twice_opens_one_case(page_of, tmp_path):
	token = "qz" + frappe.generate_hash(length=8).translate(str.maketrans("0123456789", "ghijklmnop"))
	solution = make_solution(f"¿Cómo se limpia {token}?", "Public", "<p>Con un paño.</p>")
	frappe.db.commit()
	page = page_of(NARROW)
	foreign = []
	page.on("request", lambda request: foreign.append(request.url))
	page.goto("/service-request")
	email = f"{token}@example.com"
	page.fill("[name=contact_name]", "Inés Paz")
	page.fill("[name=email]", email)
	page.fill("[name=subject]", f"limpiar {token}")
	expect(page.locator("#cronus-proposals a")).to_have_text(solution.question)
	page.fill("[name=description]", "No sé cómo.")
	(tmp_path / "foto.txt").write_text("una foto")
	page.set_input_files("[name=files]", tmp_path / "foto.txt")
	assert find_overflow(page) <= 0
	page.locator("form[data-contact-form] [type=submit]").dblclick()
	expect(page.locator("#cronus-sent")).to_be_visible()
	folio = page.locator("[data-folio]").text_content()
	frappe.db.rollback()
	assert frappe.get_all(CASE, {"contact_email": email}, pluck="name") == [folio]
	message = frappe.get_last_doc("Communication", {"reference_name": folio})
	assert frappe.db.exists("File", {"attached_to_name": message.name})
	assert all(url.startswith((page.url.split("/service")[0], "blob:", "data:")) for url in foreign)
	frappe.delete_doc("Cronus Solution", solution.name, force=True)
	frappe.db.commit()


def test_the_form_says_what_is_wrong_and_loses_nothing(page_of):
	page = page_of()
	page.goto("/service-request")
	page.fill("[name=contact_name]", "Inés Paz")
	page.fill("[name=email]", "ines@example.com")
	page.fill("[name=subject]", "Un asunto")
	page.fill("[name=description]", "Un texto")
	page.set_input_files(
		"[name=files]", {"name": "x.png", "mimeType": "image/png", "buffer": b"<script></script>"}
	)
	page.locator("form[data-contact-form] [type=submit]").click()
	expect(page.locator("form[data-contact-form] [role=alert]")).to_contain_text("x.png")
	assert page.input_value("[name=description]") == "Un texto"
	page.set_input_files("[name=files]", [])
	page.locator("form[data-contact-form] [type=submit]").click()
	expect(page.locator("#cronus-sent")).to_be_visible()


def test_without_javascript_the_form_says_so(page_of):
	page = page_of(java_script_enabled=False)
	page.goto("/service-request")
	expect(page.locator("noscript")).to_have_count(1)
	assert "JavaScript" in page.content()


def test_a_contact_signs_in_answers_closes_and_rates(page_of):
	customer, agent = make_customer().name, make_user(AGENT)
	user = make_website_user("es", PASSWORD)
	make_contact(customer, user)
	mine = make_case(customer, subject=unique("Mi impresora"), contact_email=user)
	theirs = make_case(customer, subject=unique("De otra persona"), contact_email="otra@example.com")
	foreign = make_case(subject=unique("De otra empresa"))
	answer = conversation.build_message(mine, "<p>¿Qué dice la pantalla?</p>", "Sent")
	answer.update({"sender": agent, "recipients": user}).insert()
	mine.add_comment("Comment", "Cliente difícil")
	frappe.db.commit()
	page = page_of(NARROW)
	page.goto("/my-cases")
	page.fill("#login_email", user)
	page.fill("#login_password", PASSWORD)
	page.locator(".form-login .btn-login:visible").click()
	page.wait_for_url("**/my-cases")
	expect(page.locator(".cronus-outside-cases li")).to_have_count(1)
	for other in (theirs, foreign):
		assert other.subject not in page.content()
	page.get_by_role("link", name=mine.subject).click()
	expect(page.locator(".cronus-outside-message")).to_contain_text("¿Qué dice la pantalla?")
	assert "Cliente difícil" not in page.content()
	page.fill("[name=text]", "Dice <error> 7")
	page.locator("form[data-answer] [type=submit]").click()
	expect(page.locator(".cronus-outside-message").last).to_contain_text("Dice <error> 7")
	assert find_overflow(page) <= 0
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, mine.name, "category") == "Waiting for us"
	page.locator("form[data-address$='portal.solve'] button").click()
	page.locator("[name=rating][value='4']").check()
	page.fill("[name=comment]", "Todo bien")
	page.locator("form[data-address$='portal.rate'] [type=submit]").click()
	expect(page.locator("#cronus-rated")).to_be_visible()
	frappe.db.rollback()
	rated = frappe.db.get_value(CASE, mine.name, ["category", "rating", "rating_comment"])
	assert rated == ("Closed", 4, "Todo bien")
	page.goto(f"/my-cases/{foreign.name}")
	assert foreign.subject not in page.content()


def test_a_contact_opens_a_case_with_a_file(page_of):
	user = make_website_user("es", PASSWORD)
	make_contact(make_customer().name, user)
	frappe.db.commit()
	page = page_of()
	page.goto("/login")
	page.fill("#login_email", user)
	page.fill("#login_password", PASSWORD)
	page.locator(".form-login .btn-login:visible").click()
	# Where a contact begins.
	page.wait_for_url("**/my-cases")
	page.goto("/my-cases/new")
	page.fill("[name=subject]", "Una duda")
	page.fill("[name=description]", "¿Se puede?\n\nGracias.")
	page.set_input_files(
		"[name=files]", {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"una nota"}
	)
	page.locator("form[data-address$='open_case'] [type=submit]").click()
	page.wait_for_url("**/my-cases/CS-*")
	with page.expect_popup() as opened:
		page.get_by_role("link", name="nota").click()
	assert opened.value
	expect(page.locator(".cronus-outside-message")).to_contain_text("¿Se puede?")


def test_a_guest_rates_by_the_link_of_a_mail(page_of):
	case = make_case(contact_email="olga@example.com", state="Solved")
	frappe.db.commit()
	page = page_of(NARROW)
	page.goto(f"/rate-case?key={rating_links.make_key(case.name)}")
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, case.name, "rating") == 0
	page.locator("[name=rating][value='5']").check()
	page.locator("form [type=submit]").click()
	expect(page.locator("#cronus-rated")).to_be_visible()
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, case.name, "rating") == 5
