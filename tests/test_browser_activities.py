"""Activities as people write them: Chromium, in Spanish, on wide screens and on those of telephones."""

import re
from datetime import datetime, time, timedelta

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import Page, expect

from cronus_crm.base.working_days import WorkingDays
from tests.browser import NARROW, SPANISH, WIDE, search, wait_for_dialog
from tests.scaffold import MANAGER, SELLER, issue_proforma, make_customer, make_seller, make_user, unique

both_screens = pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])

# Counts what a person clicks: not what scripts click, nor keys that act as a click.
COUNT_CLICKS = """
	window.clicks = 0;
	document.addEventListener("pointerdown", (event) => event.isTrusted && (window.clicks += 1), true);
"""

# The contrast of each text within elements, by WCAG 2: [text, ratio]. Opacity and grounds that shine through
# count.
CONTRASTS = """
(selector) => {
	const parse = (colour) => {
		const parts = colour.match(/[\\d.]+/g).map(Number);
		return parts.length > 3 ? parts : [...parts, 1];
	}; const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 -
	a), 1]; const luminance = (colour) => {
		const [r, g, b] = colour.map((value) => {
			const share = value / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground_of = (element) => {
		const layers = [];
		for (let each = element; each; each = each.parentElement) {
			layers.unshift(parse(getComputedStyle(each).backgroundColor));
			if (layers[0][3] === 1) break;
		}
		return layers.reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
	};
	const found = [];
	for (const root of document.querySelectorAll(selector)) {
		for (const element of [root, ...root.querySelectorAll("*")]) {
			const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) =>
			node.textContent); if (!text.join("").trim() || !element.getClientRects().length) continue; let
			opacity = 1; for (let each = element; each; each = each.parentElement) opacity *=
			getComputedStyle(each).opacity; const ground = ground_of(element); const [r, g, b, a] =
			parse(getComputedStyle(element).color); const ink = over([r, g, b, a * opacity], ground); const
			[light, dark] = [luminance(ink), luminance(ground)].sort((x, y) => y - x);
			found.push([text.join("").trim(), (light + 0.05) / (dark + 0.05)]);
		}
	}
	return found;
}
"""


@pytest.fixture
def seller(site):
	"""A seller of the test's own, with one customer."""
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	seller.manager = manager.user
	seller.customer = make_customer(seller.name, customer_name=unique("Ferretería Ñusta"))
	frappe.db.commit()
	return seller


def make_activity(seller: str, starts_on: datetime, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Activity"),
			"activity_type": "Follow-up",
			"seller": seller,
			"starts_on": starts_on,
			**fields,
		}
	).insert()


def ten_o_clock(days: int) -> datetime:
	return datetime.combine(now_datetime().date() + timedelta(days=days), time(10))


def dialog_field(page: Page, fieldname: str):
	return page.locator(
		f".modal.show .frappe-control[data-fieldname={fieldname}]:visible :is(input, textarea, select)"
	).first


def open_workspace(page: Page) -> None:
	page.goto("/app/cronus-crm")
	expect(page.locator(".shortcut-widget-box", has_text="Nueva actividad")).to_be_visible()
	page.evaluate(COUNT_CLICKS)


def choose_party(page: Page, text: str, name: str) -> None:
	"""Types in the field that has the focus, and clicks what is found."""
	expect(dialog_field(page, "party")).to_be_focused()
	page.keyboard.type(text)
	page.locator(".modal.show [role=option]:visible", has_text=name).first.click()


def save(page: Page) -> None:
	page.locator(".modal.show .btn-primary:visible", has_text="Guardar").click()
	expect(page.locator(".modal.show")).to_have_count(0)


def activities_of(customer) -> dict:
	frappe.db.rollback()
	rows = frappe.get_all(
		"Cronus Activity", {"customer": customer.name}, ["*"], order_by="starts_on asc, creation asc"
	)
	return {row.state: row for row in rows}


@both_screens
def test_a_call_that_has_happened_is_recorded_with_three_clicks(seller, desk, screen):
	page = desk(seller.user, screen)
	open_workspace(page)
	page.locator(".shortcut-widget-box", has_text="Nueva actividad").click()
	choose_party(page, "ferreteria nu", seller.customer.customer_name)
	dialog_field(page, "notes").press_sequentially("Pide precio de 20 cajas")
	dialog_field(page, "next_subject").press_sequentially("Enviar propuesta")
	save(page)
	assert page.evaluate("window.clicks") == 3
	made = activities_of(seller.customer)
	assert (made["Done"].activity_type, made["Done"].subject) == ("Call", "Pide precio de 20 cajas")
	assert made["Pending"].subject == "Enviar propuesta"
	assert made["Pending"].starts_on.date() == WorkingDays.from_settings().add_days(now_datetime().date(), 1)


@both_screens
def test_tomorrow_is_planned_with_a_customer_with_four_clicks(seller, desk, screen):
	page = desk(seller.user, screen)
	open_workspace(page)
	page.locator(".shortcut-widget-box", has_text="Nueva actividad").click()
	choose_party(page, seller.customer.name, seller.customer.customer_name)
	page.locator(".modal.show [data-fieldname=when] [data-when='1']").click()
	save(page)
	assert page.evaluate("window.clicks") == 4
	planned = activities_of(seller.customer)["Pending"]
	assert planned.starts_on.date() == WorkingDays.from_settings().add_days(now_datetime().date(), 1)
	assert planned.subject == f"Llamada · {seller.customer.customer_name}"


def test_a_call_is_recorded_from_the_search_bar_with_the_keyboard_alone(seller, desk):
	page = desk(seller.user, at="/app/cronus-pending")
	search(page, f"llamar a {seller.customer.customer_name}")
	page.locator(".awesomplete li", has_text="Registrar o programar").first.wait_for()
	page.keyboard.press("Enter")
	expect(dialog_field(page, "party")).to_have_value(seller.customer.customer_name)
	expect(dialog_field(page, "notes")).to_be_focused()
	page.keyboard.type("No contesta")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".modal.show")).to_have_count(0)
	done = activities_of(seller.customer)["Done"]
	assert (done.subject, done.activity_type, done.state) == ("No contesta", "Call", "Done")


def test_the_search_says_when_there_is_nothing_and_takes_no_guess(seller, desk):
	stranger = make_customer(make_seller().name, customer_name=unique("Ajena"))
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-pending")
	page.locator(".page-head .primary-action:visible").click()
	expect(dialog_field(page, "party")).to_be_focused()
	page.keyboard.type(stranger.customer_name)
	expect(page.locator(".modal.show")).to_contain_text(f"No hay resultados para {stranger.customer_name}")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".msgprint:visible")).to_contain_text("elija")
	assert not frappe.db.exists("Cronus Activity", {"owner": seller.user})


@pytest.mark.parametrize("doctype", ["customer", "proforma"])
def test_it_is_recorded_from_the_page_of_what_it_is_about(seller, desk, doctype):
	proforma = issue_proforma(seller.name, customer=seller.customer.name)
	frappe.db.commit()
	page = desk(seller.user)
	name = {"customer": seller.customer.name, "proforma": proforma.name}[doctype]
	page.goto(f"/app/{'cronus-customer' if doctype == 'customer' else doctype}/{name}")
	page.locator(".page-head button:visible", has_text=re.compile(r"^\s*Actividad\s*$")).click()
	expect(page.locator(".modal.show")).to_contain_text(seller.customer.customer_name)
	wait_for_dialog(page)
	dialog_field(page, "notes").fill("Conforme")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".modal.show")).to_have_count(0)
	done = activities_of(seller.customer)["Done"]
	assert done.reference_name == (proforma.name if doctype == "proforma" else None)


def test_a_click_on_a_day_of_the_month_plans_there(seller, desk):
	page = desk(seller.user, at="/app/cronus-agenda")
	page.wait_for_url(re.compile("view/calendar"), wait_until="commit")
	page.locator(".fc-month-button, .fc-dayGridMonth-button").click()
	day = now_datetime().date() + timedelta(days=1)
	if day.month != now_datetime().month:
		page.locator(".fc-next-button").click()
	cell = page.locator(f":is(.fc-day, .fc-daygrid-day)[data-date='{day}']").first
	box = cell.bounding_box()
	page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
	choose_party(page, "ferreteria", seller.customer.customer_name)
	save(page)
	planned = activities_of(seller.customer)["Pending"]
	assert planned.starts_on == datetime.combine(day, time(9))
	expect(page.locator(".cronus-event", has_text=seller.customer.customer_name)).to_be_visible()


@both_screens
def test_it_is_postponed_with_one_click_and_the_selection_stays(seller, desk, screen):
	first, second, third = (make_activity(seller.name, ten_o_clock(-days)) for days in (3, 2, 1))
	frappe.db.commit()
	page = desk(seller.user, screen, at="/app/cronus-pending")
	rows = page.locator(".pending-row")
	expect(rows).to_have_count(3)
	rows.nth(1).locator("[data-action=postpone]").click()
	page.locator(".modal.show [data-choice=three_working_days]").click()
	expect(rows.nth(2)).to_contain_text(second.subject)
	current = page.locator(".pending-row[aria-current]")
	expect(current).to_contain_text(third.subject)
	expect(current).to_be_focused()
	expect(rows.first).to_contain_text(first.subject)
	frappe.db.rollback()
	day = WorkingDays.from_settings().add_days(now_datetime().date(), 3)
	moved = frappe.db.get_value("Cronus Activity", second.name, "starts_on")
	assert moved == datetime.combine(day, time(10))


@both_screens
def test_the_agenda_shows_the_customer_first_and_everything_is_legible(seller, desk, screen):
	customer = seller.customer
	about = {"customer": customer.name}
	make_activity(seller.name, ten_o_clock(0) - timedelta(days=1), **about, subject="Seguimiento de PF-1")
	make_activity(seller.name, ten_o_clock(0), **about, state="Done", activity_type="Call")
	make_activity(seller.name, ten_o_clock(0) + timedelta(hours=1), **about, state="Cancelled")
	for colour in ("#ff0000", "#777777", "#86efac", "#1d4ed8"):
		make_activity(seller.name, ten_o_clock(1), **about, color=colour, text_color=colour)
	issue_proforma(seller.name, customer=customer.name)
	frappe.db.commit()
	page = desk(seller.user, screen, at="/app/cronus-activity/view/calendar/default")
	page.locator(".fc-month-button, .fc-dayGridMonth-button").click()
	late = page.locator(".cronus-event-late:visible").first
	expect(late).to_contain_text(f"⚠ {customer.customer_name} · Seguimiento de PF-1")
	expect_legible(page, ".cronus-event")
	page.locator(".fc-listWeek-button").click()
	expect(page.locator(":is(.fc-list-item, .fc-list-event)").first).to_be_visible()
	expect_legible(page, ".cronus-event")
	for route, ready, selector in (
		("cronus-pending", ".pending-row", ".cronus-pending"),
		("cronus-activity", ".list-row", ".indicator-pill"),
		("proforma", ".list-row", ".indicator-pill"),
	):
		page.goto(f"/app/{route}")
		expect(page.locator(f"{ready}:visible").first).to_be_visible()
		expect_legible(page, selector)


def expect_legible(page: Page, selector: str) -> None:
	page.wait_for_timeout(500)
	found = page.evaluate(CONTRASTS, selector)
	assert found, f"no text in {selector}"
	assert [pair for pair in found if pair[1] < 4.5] == []


def test_an_activity_is_known_by_its_subject(seller, desk):
	activity = make_activity(seller.name, ten_o_clock(1), customer=seller.customer.name)
	frappe.db.commit()
	page = desk(seller.user, at=f"/app/cronus-activity/{activity.name}")
	# 16 has the list before it.
	title = page.locator(".page-head :is(.title-text, .title-text-form):visible").last
	expect(title).to_contain_text(activity.subject)
	expect(page.locator("#navbar-breadcrumbs, .navbar-breadcrumbs").first).to_contain_text(activity.subject)
	shown = page.locator("body").inner_text()
	assert activity.name not in shown


def test_who_is_mentioned_in_a_comment_is_told(seller, desk):
	frappe.db.set_value("User", seller.manager, "allowed_in_mentions", 1)
	frappe.db.set_value("User", seller.manager, "first_name", unique("Gerente"))
	frappe.get_doc("User", seller.manager).save()
	frappe.cache.delete_key("users_for_mentions")
	activity = make_activity(seller.name, ten_o_clock(1))
	frappe.db.commit()
	name = frappe.db.get_value("User", seller.manager, "full_name")
	page = desk(seller.user, at="/app/cronus-pending")
	expect(page.locator(".pending-row")).to_have_count(1)
	page.keyboard.press("j")
	page.keyboard.press("c")
	page.keyboard.type(f"@{name[:10]}")
	page.locator(".ql-mention-list-item:visible", has_text=name).first.click()
	page.keyboard.type("mire esto")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".desk-alert", has_text="Comentario agregado")).to_be_visible()
	frappe.db.rollback()
	comment = frappe.get_last_doc("Comment", {"reference_name": activity.name, "comment_type": "Comment"})
	assert f'data-id="{seller.manager}"' in comment.content
