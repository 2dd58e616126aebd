"""Prospects, opportunities, agenda, pending activities and customers as people meet them: Chromium, in
Spanish, on wide screens and on those of telephones."""

import re
from datetime import date, datetime, time, timedelta

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import Locator, Page, expect

from cronus_crm.base.working_days import WorkingDays
from tests.browser import NARROW, SPANISH, WIDE, confirm, open_tab, wait_for_dialog
from tests.scaffold import (
	MANAGER,
	SELLER,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)

# FullCalendar 3 in Frappe 15, 6 in 16.
DAY_HEAD = ":is(.fc-day-header, .fc-col-header-cell)"

both_screens = pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture
def manager(site):
	manager = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	frappe.db.commit()
	return manager


@pytest.fixture
def seller(manager):
	"""A seller of the test's own, who has nothing yet."""
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
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
	"""Ten o'clock, so many days from today."""
	return datetime.combine(now_datetime().date() + timedelta(days=days), time(10))


def read_stored(doctype: str, name: str):
	"""A document as it is in the database by now."""
	frappe.db.rollback()
	return frappe.get_doc(doctype, name)


def field(where: Page | Locator, fieldname: str) -> Locator:
	control = where.locator(f".frappe-control[data-fieldname={fieldname}]:visible")
	return control.locator("input, textarea, select")


def dialog_field(page: Page, fieldname: str) -> Locator:
	return field(page.locator(".modal.show"), fieldname)


def press(page: Page, label: str, group: str = "") -> None:
	"""A button of a form, alone or in a group; a narrow screen keeps all of them in its menu."""
	if page.viewport_size == NARROW:
		# It closes when the form draws it anew.
		expect(page.locator(".page-head .dropdown-item", has_text=label).first).to_be_attached()
		page.locator(".page-head .menu-btn-group button:visible").click()
	elif group:
		page.locator(".page-head .inner-group-button button:visible", has_text=group).click()
	else:
		page.locator(".page-head button:visible", has_text=label).click()
		return
	page.locator(".page-head .dropdown-item:visible", has_text=label).click()


def expect_state(page: Page, state: str) -> None:
	"""The state in the head of a form, of which a narrow screen of 16 shows no more than its colour."""
	pill = ".page-head .indicator-pill:visible"
	expect(page.locator(f"{pill}[title='{state}'], {pill}:has-text('{state}')").first).to_be_visible()


def fits_width(page: Page) -> bool:
	"""Whether nothing has to be moved sideways to be seen."""
	return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
	"""As a hand does it: what follows the mouse looks at the way, not only at its end."""
	# The shade of a dialog that has just closed takes what the mouse does.
	expect(page.locator(".modal-backdrop")).to_have_count(0)
	page.mouse.move(*start)
	page.mouse.down()
	page.mouse.move(start[0] + 8, start[1] + 4, steps=4)
	page.mouse.move(*end, steps=15)
	page.mouse.move(end[0] + 1, end[1] + 1)
	page.mouse.up()


@both_screens
def test_a_prospect_becomes_a_customer_with_contact_and_opportunity(seller, desk, screen):
	page = desk(seller.user, screen)
	name = unique("Prospecto")
	page.goto("/app/cronus-prospect/new")
	field(page, "prospect_name").fill(name)
	field(page, "email").fill(f"{frappe.generate_hash(length=8)}@example.com")
	# The framework draws the button anew when a field is left: a click that leaves it may be lost.
	page.keyboard.press("Tab")
	page.get_by_role("button", name="Guardar").first.press("Enter")
	page.wait_for_url(re.compile("/(app|desk)/cronus-prospect/PR-"), wait_until="commit")
	prospect = page.url.rsplit("/", 1)[1]

	press(page, "Agregar seguimiento")
	dialog_field(page, "result").select_option("Quotation made")
	confirm(page)
	expect_state(page, "Cotizado")
	expect(page.locator("[data-fieldname=follow_ups_html] .list-group-item:visible")).to_have_count(2)
	assert fits_width(page)
	frappe.db.rollback()
	done, following = (
		frappe.get_last_doc("Cronus Activity", {"prospect": prospect, "state": state})
		for state in ("Done", "Pending")
	)
	assert (done.result, following.activity_type) == ("Quotation made", "Follow-up")
	assert following.starts_on.date() > now_datetime().date()

	press(page, "Convertir en cliente", group="Acciones")
	confirm(page)
	expect_state(page, "Convertido")
	converted = read_stored("Cronus Prospect", prospect)
	opportunity = read_stored("Cronus Opportunity", converted.opportunity)
	assert read_stored("Cronus Customer", converted.customer).customer_name == name
	assert read_stored("Contact", converted.contact).links[0].link_name == converted.customer
	assert (opportunity.title, opportunity.customer, opportunity.seller) == (
		name,
		converted.customer,
		seller.name,
	)

	page.goto(f"/app/cronus-customer/{converted.customer}")
	expect(page.locator(".page-head:visible")).to_contain_text(name)
	assert fits_width(page)


def test_a_opportunity_is_dragged_through_the_board_and_not_lost_without_a_reason(seller, desk):
	opportunity = make_opportunity(seller.name)
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-opportunity/view/kanban/Deals")
	card = page.locator(".kanban-card-wrapper", has_text=opportunity.title)
	expect(card).to_be_visible()

	with page.expect_response(re.compile("opportunities.move")):
		drag_card(page, card, "Negotiation")
	expect(column(page, "Negotiation").locator(card)).to_be_visible()
	assert read_stored("Cronus Opportunity", opportunity.name).stage == "Negotiation"

	drag_card(page, card, "Not won")
	expect(page.locator(".modal.show .modal-title")).to_contain_text("¿Por qué no se ganó")
	wait_for_dialog(page)
	page.locator(".modal.show .btn-modal-close:visible").click()
	expect(column(page, "Negotiation").locator(card)).to_be_visible()
	assert read_stored("Cronus Opportunity", opportunity.name).stage == "Negotiation"

	drag_card(page, card, "Not won")
	dialog_field(page, "loss_reason").select_option(label="Precio")
	dialog_field(page, "loss_notes").fill("Ofrecieron menos")
	with page.expect_response(re.compile("opportunities.move")):
		confirm(page)
	assert_lost(opportunity)


def test_a_opportunity_is_lost_on_a_telephone(seller, desk):
	opportunity = make_opportunity(seller.name, stage="Negotiation")
	frappe.db.commit()
	page = desk(seller.user, NARROW, at="/app/cronus-opportunity/view/kanban/Deals")
	page.locator(".kanban-card-title", has_text=opportunity.title).click()
	page.wait_for_url(re.compile(opportunity.name), wait_until="commit")
	press(page, "No ganada", group="Marcar como")
	dialog_field(page, "loss_reason").select_option(label="Precio")
	dialog_field(page, "loss_notes").fill("Ofrecieron menos")
	confirm(page)
	expect_state(page, "No ganada")
	assert fits_width(page)
	assert_lost(opportunity)


def assert_lost(opportunity) -> None:
	lost = read_stored("Cronus Opportunity", opportunity.name)
	assert (lost.state, lost.loss_reason) == ("Not won", "Price")
	*_before, negotiation, last = lost.stage_log
	assert (negotiation.stage, bool(negotiation.left_on)) == ("Negotiation", True)
	assert (last.stage, last.loss_reason, last.notes) == ("Not won", "Price", "Ofrecieron menos")
	assert last.changed_by == lost.modified_by


def column(page: Page, stage: str) -> Locator:
	return page.locator(f".kanban-column[data-column-value='{stage}']")


def drag_card(page: Page, card: Locator, stage: str) -> None:
	# The board draws its columns once more when the order of its cards has come.
	page.wait_for_load_state("networkidle")
	cards = column(page, stage).locator(".kanban-cards")
	# At once: whoever waits for the column to stand still waits in vain for one that is drawn anew.
	cards.evaluate("column => column.scrollIntoView({ block: 'nearest', inline: 'nearest' })")
	start, end = place_of(page, card), place_of(page, cards)
	drag(
		page,
		(start["x"] + 40, start["y"] + 20),
		(end["x"] + end["width"] / 2, end["y"] + 40),
	)


def place_of(page: Page, thing: Locator) -> dict:
	"""Where something stands, once it is not being drawn anew: a board that hears of a change draws its cards
	again when it has read them."""
	before = None
	for _try in range(50):
		place = thing.bounding_box()
		if place and place == before:
			return place
		before = place
		page.wait_for_timeout(100)
	raise AssertionError("it does not stand still")


def test_an_activity_is_moved_and_stretched_in_the_agenda(seller, desk):
	activity = make_activity(seller.name, ten_o_clock(0), ends_on=ten_o_clock(0) + timedelta(hours=1))
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-activity/view/calendar/default")
	page.locator(".fc-agendaWeek-button, .fc-timeGridWeek-button").click()
	event = page.locator(".fc-time-grid-event, .fc-timegrid-event", has_text=activity.subject)
	other_day = another_day_of_the_week(page)
	expect(event).to_be_in_viewport()
	box = event.bounding_box()
	with page.expect_response(re.compile("api.agenda.move")):
		drag(page, (box["x"] + 20, box["y"] + 6), slot_position(page, other_day, "12:00:00"))
	moved = read_stored("Cronus Activity", activity.name)
	assert moved.starts_on == datetime.combine(other_day, time(12))
	assert moved.ends_on == datetime.combine(other_day, time(13))

	event.hover()
	handle = event.locator(".fc-resizer, .fc-event-resizer-end").bounding_box()
	with page.expect_response(re.compile("api.agenda.move")):
		drag(page, centre_of(handle), slot_position(page, other_day, "14:00:00"))
	stretched = read_stored("Cronus Activity", activity.name)
	assert stretched.starts_on == moved.starts_on
	assert stretched.ends_on == datetime.combine(other_day, time(14, 30))


def test_the_agenda_of_a_telephone_is_a_list_of_the_week(seller, desk):
	activity = make_activity(seller.name, ten_o_clock(0))
	frappe.db.commit()
	page = desk(seller.user, NARROW, at="/app/cronus-activity/view/calendar/default")
	expect(page.locator(".fc-list-item, .fc-list-event", has_text=activity.subject)).to_be_visible()
	assert fits_width(page)


def another_day_of_the_week(page: Page) -> date:
	heads = page.locator(f"{DAY_HEAD}:visible")
	days = [date.fromisoformat(head.get_attribute("data-date")) for head in heads.all()]
	return next(day for day in days if day != now_datetime().date())


def slot_position(page: Page, day: date, hour: str) -> tuple[float, float]:
	"""Where half an hour of a day of the week's calendar is on the screen."""
	across = page.locator(f"{DAY_HEAD}[data-date='{day}']").bounding_box()
	down = page.locator(
		f".fc-slats tr[data-time='{hour}'], .fc-timegrid-slot-lane[data-time='{hour}']"
	).bounding_box()
	return centre_of({**across, "y": down["y"], "height": down["height"]})


def centre_of(box: dict) -> tuple[float, float]:
	return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_is_pending_is_done_with_the_keyboard(seller, desk):
	first, second, third = (make_activity(seller.name, ten_o_clock(day)) for day in (-1, 1, 2))
	frappe.db.commit()
	page = desk(seller.user, at="/app/cronus-pending")
	current = page.locator(".pending-row[aria-current]")
	expect(page.locator(".pending-row")).to_have_count(3)
	for key, activity in (("j", first), ("j", second), ("j", third), ("k", second)):
		page.keyboard.press(key)
		expect(current).to_contain_text(activity.subject)
		expect(current).to_be_focused()

	page.keyboard.press("f")
	dialog_field(page, "result").select_option("No answer")
	dialog_field(page, "next_subject").fill("Llamar otra vez")
	dialog_field(page, "next_type").select_option(label="Llamada")
	confirm(page)
	expect(page.locator(".pending-row .pending-type", has_text="Llamada")).to_be_visible()
	done = read_stored("Cronus Activity", second.name)
	assert (done.state, done.result) == ("Done", "No answer")
	following = frappe.get_last_doc("Cronus Activity", {"owner": seller.user, "state": "Pending"})
	assert following.activity_type == "Call"

	page.keyboard.press("k")
	expect(current).to_contain_text(first.subject)
	page.keyboard.press("p")
	page.locator(".modal.show button", has_text="El próximo lunes").click()
	today = now_datetime().date()
	monday = WorkingDays.from_settings().next_working_day(today + timedelta(days=7 - today.weekday()))
	expect(page.locator(".pending-row", has_text=first.subject)).to_contain_text(f", {monday.day} ")
	assert read_stored("Cronus Activity", first.name).starts_on == datetime.combine(monday, time(10))

	page.keyboard.press("c")
	page.keyboard.type("Prefiere por la tarde")
	page.keyboard.press("Control+Enter")
	expect(page.locator(".desk-alert", has_text="Comentario agregado")).to_be_visible()
	frappe.db.rollback()
	comment = frappe.get_last_doc("Comment", {"reference_doctype": "Cronus Activity", "owner": seller.user})
	assert comment.comment_type == "Comment"
	assert "Prefiere por la tarde" in comment.content


def test_what_is_pending_is_done_on_a_telephone(seller, desk):
	activity = make_activity(seller.name, ten_o_clock(-1), customer=make_customer(seller.name).name)
	frappe.db.commit()
	page = desk(seller.user, NARROW, at="/app/cronus-pending")
	finish = page.locator(".pending-row .pending-finish")
	expect(finish).to_be_visible()
	assert fits_width(page)
	box = finish.bounding_box()
	assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
	finish.click()
	confirm(page)
	expect(page.locator(".pending-empty")).to_be_visible()
	assert read_stored("Cronus Activity", activity.name).state == "Done"


@both_screens
def test_a_customer_shows_its_people_its_history_and_its_documents(manager, seller, desk, screen):
	customer = make_customer(seller.name)
	branch = make_record_of(customer, "Cronus Customer Branch", branch_name=unique("Sucursal"))
	contact = make_record_of(customer, "Contact", first_name=unique("Contacto"))
	proforma = issue_proforma(seller.name, customer=customer.name)
	frappe.db.commit()
	page = desk(manager.user, at=f"/app/cronus-customer/{customer.name}")
	for tab, inside, text in (
		("Contactos y sucursales", "contact_html", contact.first_name),
		("Contactos y sucursales", "branches_html", branch.branch_name),
		("Actividad", "timeline_html", proforma.name),
		("Documentos", "documents_html", proforma.name),
	):
		open_tab(page, tab)
		expect(page.locator(f"[data-fieldname={inside}]", has_text=text).first).to_be_visible()
		assert fits_width(page)


def make_record_of(customer, doctype: str, **fields):
	links = [{"link_doctype": "Cronus Customer", "link_name": customer.name}]
	about = {"links": links} if doctype == "Contact" else {"customer": customer.name}
	return frappe.get_doc({"doctype": doctype, **about, **fields}).insert()


def test_a_list_says_why_a_customer_is_not_deleted(manager, seller, desk):
	name = unique("Cliente")
	kept, gone = (make_customer(seller.name, customer_name=f"{name} {which}") for which in ("uno", "dos"))
	issue_proforma(seller.name, customer=kept.name)
	frappe.db.commit()
	page = desk(manager.user, at=f'/app/cronus-customer?customer_name=["like","{name}%"]')
	boxes = page.locator(".list-row-checkbox:visible")
	expect(boxes).to_have_count(2)
	for box in boxes.all():
		box.check()
	page.locator(".actions-btn-group button:visible").first.click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text="Eliminar").click()
	page.locator(".modal.show .btn-primary:visible").click()
	told = page.locator(".modal.show .msgprint")
	expect(told).to_contain_text("Por qué se queda")
	expect(told.locator("tbody tr")).to_have_count(1)
	expect(told.locator("tbody tr")).to_contain_text(kept.customer_name)
	frappe.db.rollback()
	assert frappe.db.exists("Cronus Customer", kept.name)
	assert not frappe.db.exists("Cronus Customer", gone.name)


def test_a_manager_sees_what_is_pending_of_each_seller(manager, seller, desk):
	other = make_seller(manager.name)
	own = make_activity(seller.name, ten_o_clock(-1))
	others = make_activity(other.name, ten_o_clock(1))
	frappe.db.commit()
	page = desk(manager.user, at="/app/cronus-pending")
	expect(page.locator(".pending-row")).to_have_count(2)
	assert fits_width(page)
	page.locator(".pending-sellers summary", has_text="Por vendedor").click()
	page.locator(".pending-seller", has_text=other.seller_name).click()
	expect(page.locator(".pending-row")).to_have_count(1)
	expect(page.locator(".pending-row")).to_contain_text(others.subject)
	expect(page.locator(".pending-row", has_text=own.subject)).to_have_count(0)
