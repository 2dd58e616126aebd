"""Documents as they are shown: numbers, the preview of a print, a quotation of a prospect, files."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests.browser import SPANISH, open_tab
from tests.scaffold import SELLER, issue_proforma, make_customer, make_seller, make_user, unique


@pytest.fixture(scope="module")
def people(site):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name)
	proforma = issue_proforma(seller.name, customer=customer.name, quantity=2)
	prospect = frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Rosa"), "seller": seller.name}
	).insert()
	frappe.db.commit()
	return frappe._dict(seller=seller, customer=customer, proforma=proforma, prospect=prospect)


FORMAT = """([value, fieldtype, precision]) => frappe.format(
	value,
	{ fieldtype, precision, fieldname: "x", parent: "Cronus Document Item" },
	{ only_value: true, inline: true }
).replace(/<[^>]*>/g, "")"""


def test_numbers_show_the_decimals_that_they_have(people, desk):
	page = desk(people.seller.user, at=f"/app/proforma/{people.proforma.name}")
	quantity = page.locator(".grid-row[data-idx='1'] .grid-static-col[data-fieldname=quantity]").first
	expect(quantity).to_have_text(re.compile(r"^\s*2\s*$"))
	page.evaluate("Object.assign(frappe.boot.sysdefaults, { number_format: '#.###,##', float_precision: 3 })")
	for value, fieldtype, precision, shown in (
		(2, "Float", "", "2"),
		(2.5, "Float", "", "2,5"),
		(2000, "Float", "", "2.000"),
		(0.125, "Float", "", "0,125"),
		(75, "Percent", "", "75%"),
		(8.875, "Percent", "9", "8,875%"),
		(0, "Percent", "", "0%"),
		("", "Percent", "9", "0%"),
		(1.085, "Float", "9", "1,085"),
	):
		assert page.evaluate(FORMAT, [value, fieldtype, precision]) == shown
	page.goto("/app/proforma/new")
	page.wait_for_function("window.cur_frm?.is_new() && cur_frm.fields_dict.discount_percent.$input")
	page.evaluate("frappe.boot.sysdefaults.number_format = '#.###,##'")
	field = "cur_frm.fields_dict.discount_percent"
	assert page.evaluate(f"{field}.format_for_input(12.5)") == "12,5"
	assert page.evaluate(f"{field}.format_for_input(75)") == "75"


def test_nothing_overlaps_in_the_preview_of_a_print(people, desk):
	page = desk(people.seller.user, at=f"/app/print/Proforma/{people.proforma.name}")
	# There is a hidden frame too, for the printer.
	preview = page.frame_locator("iframe:visible").first
	expect(preview.locator(".lines").first).to_be_visible()
	cells = preview.locator(".lines th, .lines td:not(.quantity)")
	wide = cells.evaluate_all(
		"cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((one) => one.innerText)"
	)
	assert not wide


def test_a_quotation_of_a_prospect_opens_ready_to_be_written(people, desk):
	page = desk(people.seller.user, at=f"/app/cronus-prospect/{people.prospect.name}")
	page.wait_for_function("window.cur_frm?.doctype === 'Cronus Prospect'")
	page.evaluate("cronus_crm.prospects.add_quotation(cur_frm.doc.name)")
	page.wait_for_function("window.cur_frm?.doctype === 'Proforma' && cur_frm.is_new()")
	form = page.locator(".page-container[data-page-route='Proforma']")
	expect(form.locator(".frappe-control[data-fieldname=items] .grid-row[data-idx='1']")).to_be_visible()
	page.wait_for_timeout(1000)  # a list would open now
	expect(page.locator(".awesomplete [role=option]:visible")).to_have_count(0)
	expect(form.locator(".frappe-control[data-fieldname=items].has-error:visible")).to_have_count(0)


def test_files_of_a_customer_show_how_far_they_are(people, desk):
	page = desk(people.seller.user, at=f"/app/cronus-customer/{people.customer.name}")
	open_tab(page, "Documentos")
	expect(page.get_by_text("Por facturar").first).to_be_visible()
	with page.expect_download() as download:
		page.locator("[data-shape=pdf]:visible").click()
		expect(page.locator(".modal.show .progress-bar")).to_be_attached()
	assert download.value.suggested_filename.endswith(".pdf")
	expect(page.locator(".modal.show")).to_have_count(0)
