"""The page *Sources*, and forms of records that an ERP has told. Chromium, in Spanish."""

import frappe
import pytest
from frappe import _
from playwright.sync_api import Page, expect

from tests.browser import NARROW, SPANISH, confirm
from tests.page_checks import exceeds_width, find_serious
from tests.scaffold import ADMINISTRATOR, SELLER, make_customer, make_seller, make_user, unique
from tests.sources import EXTERNAL, SOURCE, make_source, tell

CUSTOMER = "Cronus Customer"


def say(message: str, context: str | None = None) -> str:
	return _(message, lang="es", context=context)


@pytest.fixture
def erp(site):
	"""A source with an administrator, and a seller's customer that differs from what it told; committed."""
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name, customer_name=unique("Acme"), city="Quito", tax_id="1790011674001")
	source = make_source(url_template="https://erp.example.com/{kind}/{id}", last_told_on=frappe.utils.now())
	told = {"customer_name": customer.customer_name, "city": "Quito", "tax_id": customer.tax_id}
	key = tell(source, customer, told, external_id="C/1")
	customer.update({"city": "Loja"}).save()
	found = frappe._dict(source=source, seller=seller, customer=customer, key=key)
	found.administrator = make_user(ADMINISTRATOR, **SPANISH)
	frappe.db.commit()
	yield found
	frappe.db.rollback()
	frappe.db.delete(EXTERNAL, {"source": source.name})
	for doc in (customer, source):
		frappe.delete_doc(doc.doctype, doc.name, force=True)
	frappe.db.commit()


def stored(erp, fieldname: str):
	frappe.db.rollback()
	return frappe.db.get_value(CUSTOMER, erp.customer.name, fieldname)


def open_source(page: Page, erp) -> None:
	page.goto("/app/cronus-sources")
	page.locator(f".source-card[data-source='{erp.source.name}']").click()
	expect(page.locator(".source-head h3")).to_have_text(erp.source.name)


def test_an_administrator_decides_what_differs(desk, erp):
	page = desk(erp.administrator)
	open_source(page, erp)
	row = page.locator(".source-row", has_text=erp.customer.customer_name)
	expect(row).to_contain_text("C/1")
	expect(row.locator(".source-field")).to_contain_text("Quito")
	expect(row.locator(".source-field")).to_contain_text("Loja")
	assert find_serious(page) == []
	row.get_by_role("button", name=say("Ask again")).click()
	expect(row).to_contain_text(say("Asked for"))
	row.get_by_role("button", name=say("Take theirs")).click()
	expect(page.locator(".source-empty")).to_have_text(say("Nothing differs."))
	assert stored(erp, "city") == "Quito"


def test_ours_is_kept_on_a_telephone(desk, erp):
	page = desk(erp.administrator, screen=NARROW)
	open_source(page, erp)
	assert not exceeds_width(page)
	page.locator(".source-field").get_by_role("button", name=say("Take ours")).click()
	expect(page.locator(".source-empty")).to_be_visible()
	assert stored(erp, "city") == "Loja"


def test_refused_and_waiting_rows_and_runs_are_listed(desk, erp):
	for state, code, words in (
		("Refused", "unknown_value", {"reason": "No existe el vendedor X."}),
		("Waiting", "waits_for", {"waits_for": "customer C-77"}),
	):
		values = {"source": erp.source.name, "kind": "Contact", "external_id": f"P-{code}", "state": state}
		frappe.get_doc({"doctype": EXTERNAL, "code": code, **values, **words}).insert()
	run = {"doctype": "Cronus Exchange Run", "source": erp.source.name, "batch": "lote-1", "state": "Done"}
	run |= {"began_on": frappe.utils.now(), "rows_created": 3, "rows_refused": 1, "origin": "Request"}
	run = frappe.get_doc(run).insert()
	frappe.db.commit()
	page = desk(erp.administrator)
	open_source(page, erp)
	lists = page.locator(".source-tab")
	lists.filter(has_text=say("Refused rows")).click()
	expect(page.locator(".source-row")).to_contain_text("No existe el vendedor X.")
	expect(page.locator(".source-row code")).to_have_text("unknown_value")
	lists.filter(has_text=say("Waiting rows")).click()
	expect(page.locator(".source-row")).to_contain_text(f"{say('Customer')} C-77")
	lists.filter(has_text=say("Last runs")).click()
	expect(page.locator(".source-row")).to_contain_text("lote-1")
	expect(page.locator(".source-row .source-bad")).to_contain_text("1")
	frappe.delete_doc(run.doctype, run.name, force=True)
	frappe.db.commit()


def test_a_source_is_switched_off_and_on(desk, erp):
	page = desk(erp.administrator)
	open_source(page, erp)
	for button, is_on in ((say("Switch off"), 0), (say("Switch on"), 1)):
		page.locator(".source-head").get_by_role("button", name=button, exact=True).click()
		confirm(page)
		other = say("Switch on") if not is_on else say("Switch off")
		expect(page.locator(".source-head").get_by_role("button", name=other, exact=True)).to_be_visible()
		frappe.db.rollback()
		assert frappe.db.get_value(SOURCE, erp.source.name, "enabled") == is_on


def test_a_form_names_the_erp_and_its_fields_are_read_only(desk, erp):
	page = desk(erp.seller.user, at=f"/app/cronus-customer/{erp.customer.name}")
	page.wait_for_function(f"window.cur_frm && cur_frm.doc.name === '{erp.customer.name}'")
	strip = page.locator(".cronus-origin")
	expect(strip).to_contain_text(erp.source.name)
	link = strip.get_by_role("link", name="C/1")
	expect(link).to_have_attribute("href", "https://erp.example.com/customer/C%2F1")
	expect(link).to_have_attribute("rel", "noopener noreferrer")
	field = page.locator(".frappe-control[data-fieldname=customer_name]").first
	expect(field).to_contain_text(erp.source.name)
	expect(field.locator("input:visible")).to_have_count(0)
	expect(page.locator(".frappe-control[data-fieldname=city] input:visible").first).to_be_editable()
	# The next customer in the same form is nobody else's.
	other = make_customer(erp.seller.name)
	frappe.db.commit()
	page.goto(f"/app/cronus-customer/{other.name}")
	page.wait_for_function(f"window.cur_frm && cur_frm.doc.name === '{other.name}'")
	expect(field.locator("input:visible")).to_be_editable()
	expect(page.locator(".cronus-origin:visible")).to_have_count(0)
	frappe.delete_doc(other.doctype, other.name, force=True)
	frappe.db.commit()


def test_the_form_leads_an_administrator_to_what_differs(desk, erp):
	page = desk(erp.administrator, at=f"/app/cronus-customer/{erp.customer.name}")
	page.locator(".cronus-origin").get_by_role("link", name=say("Differs from it")).click()
	expect(page.locator(".source-head h3")).to_have_text(erp.source.name)
	expect(page.locator(".source-field")).to_contain_text("Loja")


def test_a_seller_does_not_open_the_page(desk, erp):
	page = desk(erp.seller.user, at="/app/cronus-sources")
	expect(page.locator(".source-card")).to_have_count(0)
