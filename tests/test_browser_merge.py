"""Customers that are the same: found, compared, merged, led to by the old number, and taken apart again.
Chromium, in Spanish."""

import frappe
import pytest
from frappe import _
from playwright.sync_api import Page, expect

from tests.browser import SPANISH, confirm
from tests.scaffold import MANAGER, SELLER, make_customer, make_opportunity, make_seller, make_user, unique

CUSTOMER, MERGE = "Cronus Customer", "Cronus Customer Merge"


def say(message: str) -> str:
	return _(message, lang="es")


@pytest.fixture
def manager(site):
	frappe.set_user("Administrator")
	return make_seller(user=make_user(SELLER, MANAGER, **SPANISH))


@pytest.fixture
def twins(manager):
	"""Two customers with nearly the same name and the same e-mail, the second with an opportunity."""
	name, email = unique("Ferretería El Yunque"), f"{unique('y')}@example.com".replace(" ", "")
	first = make_customer(
		manager.name, customer_name=f"{name} S.A.", email=email, city="Quito", phone="022345678"
	)
	second = make_customer(
		manager.name, customer_name=name, email=email, city="Loja", notes="Paga los viernes"
	)
	opportunity = make_opportunity(manager.name, second.name)
	frappe.db.commit()
	yield first, second, opportunity
	frappe.db.rollback()
	for merge in frappe.get_all(MERGE, {"merged": second.name}, pluck="name", order_by="name"):
		frappe.db.delete("Cronus Merge Entry", {"customer_merge": merge})
		frappe.db.delete(MERGE, merge)
	for doc in (opportunity, first, second):
		frappe.delete_doc(doc.doctype, doc.name, force=True)
	frappe.db.commit()


def customer_of(opportunity) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Cronus Opportunity", opportunity.name, "customer")


def merge_from_worklist(page: Page, first, second) -> None:
	"""Ticks the pair among the likely doubles, lets the first stay, and takes the city of the second."""
	page.goto("/app/query-report/Cronus Likely Doubles")
	row = page.locator(".dt-row[data-row-index]", has_text=first.customer_name)
	expect(row.first).to_contain_text(second.name)
	row.locator(".dt-cell--col-0 input[type=checkbox]").first.check()
	page.get_by_role("button", name=say("Merge"), exact=True).click()
	dialog = page.locator(".modal.show")
	expect(dialog).to_contain_text(first.customer_name)
	expect(dialog).to_contain_text("Loja")
	dialog.locator(f"input[name=survivor][value='{first.name}']").check()
	dialog.locator(f"input[name=city][value='{second.name}']").check()
	confirm(page)


def test_a_pair_is_merged_and_taken_apart(desk, manager, twins):
	first, second, opportunity = twins
	page = desk(manager.user)
	merge_from_worklist(page, first, second)
	expect(page.locator(".dt-row[data-row-index]:visible", has_text=first.customer_name)).to_have_count(0)
	assert customer_of(opportunity) == first.name
	values = frappe.db.get_value(CUSTOMER, first.name, ["city", "notes", "customer_name"])
	assert values == ("Loja", "Paga los viernes", first.customer_name)

	# The bookmark of the one that is gone.
	page.goto(f"/app/cronus-customer/{second.name}")
	page.wait_for_function(f"window.cur_frm && cur_frm.doc.name === '{first.name}'")
	expect(page.locator(".page-title:visible").first).to_contain_text(first.customer_name)

	page.locator(".menu-btn-group:visible button").first.click()
	page.locator(".menu-btn-group .dropdown-menu:visible a", has_text=say("What was merged into it")).click()
	page.locator(".list-row-container:visible .list-subject a").first.click()
	page.get_by_role("button", name=say("Undo the merge")).click()
	confirm(page)
	page.wait_for_function("window.cur_frm && cur_frm.doc.state === 'Undone'")
	assert customer_of(opportunity) == second.name
	assert frappe.db.get_value(CUSTOMER, first.name, ["city", "notes"]) == ("Quito", None)
	assert frappe.db.get_value(CUSTOMER, second.name, ["merged_into", "disabled"]) == (None, 0)


def test_a_seller_cannot_merge(desk, manager, twins):
	first, second, _opportunity = twins
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	for customer in (first, second):
		frappe.db.set_value(CUSTOMER, customer.name, "seller", seller.name)
	frappe.db.commit()
	page = desk(seller.user, at=f"/app/cronus-customer/{first.name}")
	page.wait_for_function(f"window.cur_frm && cur_frm.doc.name === '{first.name}'")
	page.locator(".menu-btn-group:visible button").first.click()
	menu = page.locator(".menu-btn-group .dropdown-menu:visible")
	expect(menu).to_be_visible()
	expect(menu).not_to_contain_text(say("Merge with another customer"))
