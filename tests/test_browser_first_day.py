"""A company's first day by its page alone: Chromium, in Spanish, eight sellers, and a first proforma."""

import re

import frappe
import pytest
from frappe import _
from playwright.sync_api import Page, expect

from cronus_crm.first_day import guide
from tests.browser import NARROW, SEARCH_BAR, SPANISH, confirm
from tests.page_checks import settle
from tests.scaffold import ADMINISTRATOR, SELLER, make_user, unique

SETTINGS, SYSTEM = "Cronus CRM Settings", "System Settings"
KEPT = {
	SETTINGS: ("company_name", "company_tax_id", "currency", "default_tax"),
	SYSTEM: (
		"country",
		"currency",
		"number_format",
		"float_precision",
		"time_format",
		"time_zone",
		"first_day_of_the_week",
	),
}
PAGE = "/app/cronus-getting-started"


def say(message: str) -> str:
	return _(message, lang="es")


@pytest.fixture
def empty_company(site):
	"""The settings of a site on which nobody has said anything; put back afterwards."""
	frappe.set_user("Administrator")
	before = {
		doctype: frappe.db.get_value(doctype, None, fields, as_dict=True) for doctype, fields in KEPT.items()
	}
	holidays = frappe.get_all("Cronus Holiday", {"parent": SETTINGS}, pluck="name")
	frappe.db.set_single_value(SETTINGS, {"company_name": "", "company_tax_id": "", "default_tax": ""})
	frappe.db.set_single_value(SYSTEM, "country", "")
	administrator = make_user(ADMINISTRATOR, **SPANISH)
	frappe.db.commit()
	frappe.clear_cache()
	yield administrator
	frappe.db.rollback()
	for doctype, values in before.items():
		frappe.db.set_single_value(doctype, dict(values))
	# Where the system settings put them for the desk.
	for fieldname, value in before[SYSTEM].items():
		frappe.db.set_default(fieldname, value)
	frappe.db.delete("Cronus Holiday", {"parent": SETTINGS, "name": ("not in", holidays or [""])})
	frappe.db.delete("DefaultValue", {"parent": guide.DEFAULTS_PARENT})
	frappe.db.commit()
	frappe.clear_cache()


def step(page: Page, name: str):
	return page.locator(f".first-day-step[data-step={name}]")


def press(page: Page, name: str, message: str) -> None:
	step(page, name).get_by_role("button", name=say(message), exact=True).click()


def fill(page: Page, name: str, fieldname: str, text: str) -> None:
	field = step(page, name).locator(
		f"[data-fieldname={fieldname}] input:visible, [data-fieldname={fieldname}] textarea:visible"
	)
	field.first.fill(text)


def choose_country(page: Page, country: str) -> None:
	fill(page, "company", "country", country)
	page.locator(".awesomplete li:visible", has_text=country).first.click()
	field = step(page, "company").locator("[data-fieldname=tax_rates]")
	expect(field.locator(".checkbox").first).to_contain_text("IVA")


def team() -> list[tuple[str, str, str, str]]:
	"""Eight people: name, e-mail, role, reports to."""
	names = [unique(name) for name in ("Ana", "Beto", "Caro", "Dani", "Eva", "Fito", "Gina", "Hugo")]
	chief = names[0]
	roles = [say("Sales manager"), *[say("Seller")] * 7]
	return [
		(name, f"{frappe.generate_hash(length=10)}@example.com", role, "" if name == chief else chief)
		for name, role in zip(names, roles, strict=True)
	]


def paste_people(page: Page, people) -> None:
	"""As from a sheet, into the first empty row."""
	text = "\n".join("\t".join(person) for person in people)
	rows = step(page, "sellers").locator("tbody tr")
	empty = rows.nth(rows.count() - 1) if rows.count() == 1 else rows.last
	for number in range(rows.count()):
		if not rows.nth(number).locator("[data-key=name]").input_value():
			empty = rows.nth(number)
			break
	empty.locator("[data-key=name]").evaluate(
		"""(field, text) => {
			const data = new DataTransfer();
			data.setData("text/plain", text);
			field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
		}""",
		text,
	)


def test_a_company_of_eight_is_set_up_by_the_page_and_offers(desk, empty_company):
	forms = []
	page = desk(empty_company)
	page.on("framenavigated", lambda frame: forms.append(frame.url))
	page.goto(PAGE)
	expect(step(page, "company")).to_have_attribute("data-state", "next")

	fill(page, "company", "company_name", "Ferretería Ñandú")
	choose_country(page, "Ecuador")
	fill(page, "company", "company_tax_id", "1790011674001")
	press(page, "company", "Save and go on")
	expect(step(page, "company")).to_have_attribute("data-state", "done")
	expect(step(page, "tax")).to_have_attribute("data-state", "next")
	press(page, "tax", "Save and go on")
	expect(step(page, "tax")).to_have_attribute("data-state", "done")

	if not step(page, "sellers").evaluate("step => step.open"):
		step(page, "sellers").locator("summary").click()
	people = team()
	paste_people(page, [("Nombre", "Correo", "Cargo", "Reporta a"), *people])
	press(page, "sellers", "Save these people")
	passwords = step(page, "sellers").locator(".first-day-password")
	expect(passwords).to_have_count(8)
	password = passwords.nth(1).inner_text()
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Seller", people[1][0], "parent_cronus_seller") == people[0][0]
	press(page, "sellers", "Go on")

	for name in ("records", "mail"):
		# Each step that is saved draws all of them anew.
		settle(page)
		state = step(page, name).get_attribute("data-state")
		if state in ("next", "open"):
			if not step(page, name).evaluate("step => step.open"):
				step(page, name).locator("summary").click()
			press(page, name, "Skip this step")
			expect(step(page, name)).to_have_attribute("data-state", "skipped")

	settle(page)
	if not step(page, "practice").evaluate("step => step.open"):
		step(page, "practice").locator("summary").click()
	press(page, "practice", "Make a practice proforma")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Proforma' && cur_frm.doc.customer")
	product = frappe.db.get_value("Cronus Product", {"disabled": 0})
	frappe.db.rollback()
	product = product or frappe.db.get_value("Cronus Product", {"disabled": 0})
	set_value = (
		"value => frappe.model.set_value(cur_frm.doc.items[0].doctype, cur_frm.doc.items[0].name, value)"
	)
	page.evaluate(set_value, {"product": product})
	page.wait_for_function("cur_frm.doc.items[0].price")
	page.evaluate(set_value, {"quantity": 2})
	page.locator(".page-actions .primary-action:visible").click()
	page.wait_for_function("!cur_frm.doc.__islocal && !cur_frm.is_dirty()")
	name = page.evaluate("cur_frm.doc.name")
	page.locator(".page-actions .primary-action:visible").click()
	confirm(page)
	page.wait_for_function("cur_frm.doc.docstatus === 1")
	frappe.db.rollback()
	assert frappe.db.exists("Cronus Activity", {"reference_name": name, "state": "Pending"})

	# One form besides the page: that of the proforma.
	opened = {re.sub(r"/new-.*|/PF-.*", "", url.split("/app/")[-1]) for url in forms if "/app/" in url}
	assert {each for each in opened if each} <= {"cronus-getting-started", "proforma"}

	page.goto(PAGE)
	expect(page.locator(".first-day-end")).to_be_visible()
	step(page, "practice").locator("summary").click()
	press(page, "practice", "Remove the practice")
	page.locator(".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible").first.click()
	expect(page.locator(".alert-message", has_text=re.compile(r"\d+"))).to_be_visible()
	frappe.db.rollback()
	assert not frappe.db.exists("Proforma", name)

	# Who was made signs in by the password that was shown.
	page.context.clear_cookies()
	page.goto("/login")
	page.fill("#login_email", people[1][1])
	page.fill("#login_password", password)
	page.click(".btn-login:visible")
	page.wait_for_selector(SEARCH_BAR, state="attached")


def test_a_row_that_fails_loses_nothing(desk, empty_company):
	page = desk(empty_company, NARROW, at=PAGE)
	step(page, "sellers").locator("summary").click()
	good, wrong = team()[:2]
	paste_people(page, [good, (wrong[0], "no es correo", wrong[2], good[0])])
	press(page, "sellers", "Save these people")
	expect(step(page, "sellers").locator(".is-wrong")).to_have_count(1)
	expect(step(page, "sellers").locator(".first-day-password")).to_have_count(1)
	row = step(page, "sellers").locator("tr", has=page.locator(".is-wrong"))
	assert row.locator("[data-key=name]").input_value() == wrong[0]
	row.locator("[data-key=email]").fill(wrong[1])
	press(page, "sellers", "Save these people")
	expect(step(page, "sellers").locator(".is-wrong")).to_have_count(0)
	frappe.db.rollback()
	assert frappe.db.exists("Cronus Seller", {"user": wrong[1]})
	width = page.evaluate("document.scrollingElement.scrollWidth")
	assert width <= NARROW["width"]


def test_an_empty_list_says_what_comes_next(desk, empty_company):
	page = desk(empty_company, at="/app/cronus-campaign")
	empty = page.locator(".no-result:visible").first
	expect(empty).to_contain_text(
		say("There are no campaigns. Enter one to know which of them brings prospects.")
	)
	empty.get_by_role("button", name=say("Create the first one")).click()
	page.wait_for_function("window.cur_frm?.doc.__islocal || document.querySelector('.modal.show')")


def test_the_login_page_bears_a_name_of_ours(browser, server, site):
	name = frappe.db.get_single_value("Website Settings", "app_name")
	page = browser.new_page(base_url=server)
	page.goto("/login")
	expect(page.locator(".page-card-head h4").first).to_contain_text(name or "Cronus")
	expect(page.locator(".page-card-head h4").first).not_to_contain_text("Frappe")
	page.close()


def test_a_seller_sees_neither_the_page_nor_what_it_asks(desk, site):
	frappe.set_user("Administrator")
	seller = make_user(SELLER, **SPANISH)
	frappe.db.commit()
	page = desk(seller, at=PAGE)
	expect(page.locator(".first-day-step")).to_have_count(0)


def test_a_role_in_other_words_is_found_or_told(desk, empty_company):
	page = desk(empty_company, at=PAGE)
	if not step(page, "sellers").evaluate("step => step.open"):
		step(page, "sellers").locator("summary").click()
	rows = step(page, "sellers").locator("tbody tr")
	expect(rows.first).to_be_visible()
	before = sum(bool(field.input_value()) for field in rows.locator("[data-key=name]").all())
	addresses = [f"{frappe.generate_hash(length=10)}@example.com" for _each in range(3)]
	paste_people(
		page,
		zip(
			(unique("Ana"), unique("Eva"), unique("Leo")),
			addresses,
			("Facturacion", "vendedora", "Bodeguero"),
			strict=True,
		),
	)
	roles = rows.locator("[data-key=role]")
	for number, role in enumerate(("Billing", "Seller", "Bodeguero")):
		expect(roles.nth(before + number)).to_have_value(role)
	press(page, "sellers", "Save these people")
	passwords = step(page, "sellers").locator(".first-day-password")
	expect(passwords).to_have_count(2)
	expect(rows.nth(before + 2).locator(".is-wrong")).to_be_visible()
	frappe.db.rollback()
	assert not frappe.db.exists("User", addresses[2])

	# A password that was told stays in sight when its row is changed.
	password = passwords.first.inner_text()
	roles.nth(before).select_option("Management")
	roles.nth(before + 2).select_option("Seller")
	press(page, "sellers", "Save these people")
	expect(passwords).to_have_count(3)
	expect(passwords.first).to_have_text(password)
