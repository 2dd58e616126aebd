"""Each kind of page and dialog of ours in Chromium, in Spanish: no serious finding of axe, no word of
English, and nothing on a telephone that has to be moved sideways. Each role signs in once, and sees each kind
once."""

from dataclasses import dataclass, field

import frappe
import pytest
from playwright.sync_api import Page, expect

from cronus_crm.api.merging import merge_customers
from tests.browser import NARROW, SPANISH, WIDE, framework_says, wait_for_dialog
from tests.import_helper import forget_import, make_import
from tests.page_checks import exceeds_width, find_english, find_serious, read_texts, settle
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	SELLER,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	new_proforma,
	pay,
	unique,
)

# With {DocType} for the name of a record that the fixture has made.
PAGES_OF_SELLER = (
	"cronus-crm",
	"cronus-pending",
	"cronus-activity/view/calendar/default",
	"cronus-opportunity/view/kanban/Deals",
	"cronus-dashboard",
	"cronus-my-month",
	"cronus-prospect",
	"cronus-customer",
	"cronus-activity",
	"invoice",
	"cronus-customer/{Cronus Customer}",
	"cronus-opportunity/{Cronus Opportunity}",
	"cronus-activity/{Cronus Activity}",
	"proforma/new-proforma-1",
	"invoice/{Invoice}",
	"query-report/Cronus Customer Portfolio",
)
PAGES_OF_OFFICE = (
	"cronus-crm",
	"cronus-getting-started",
	"cronus-billing-today",
	"cronus-opportunity",
	"cronus-activity-type/Call",
	"cronus-product/new-cronus-product-1",
	"cronus-payment/{Cronus Payment}",
	"cronus-customer-import/{Cronus Customer Import}",
	"cronus-customer-merge/{Cronus Customer Merge}",
	"cronus-sales-target/new-cronus-sales-target-1",
	"cronus-crm-settings",
	"cronus-seller/view/tree",
	"query-report/Cronus Seller Efficiency",
	"query-report/Cronus Likely Doubles",
)


@dataclass
class Tour:
	"""What is wrong on the pages that are opened one after the other, in a desk that is loaded once."""

	page: Page
	names: dict[str, str]
	is_narrow: bool = False
	wrong: dict[str, list[str]] = field(default_factory=dict)

	def open(self, route: str) -> None:
		self.page.evaluate("(route) => frappe.set_route(route)", route.format_map(self.names))
		settle(self.page)

	def look(self, what: str) -> None:
		found = [*find_serious(self.page), *find_english(read_texts(self.page))]
		if self.is_narrow and exceeds_width(self.page):
			found.append("it has to be moved sideways")
		if found:
			self.wrong[what] = found

	def look_at_pages(self, routes: tuple[str, ...]) -> None:
		for route in routes:
			self.open(route)
			self.look(route)

	def look_at_dialog(self, what: str) -> None:
		"""The dialog that has just been asked for; closes it."""
		wait_for_dialog(self.page)
		settle(self.page)
		self.look(f"dialog: {what}")
		self.page.evaluate("cur_dialog.hide()")
		expect(self.page.locator(".modal.show")).to_have_count(0)

	def report(self) -> str:
		return "\n".join("\n  ".join([what, *found]) for what, found in self.wrong.items())


@pytest.fixture(scope="module")
def made(site):
	"""A seller and an administrator who bills too, with records of each kind."""
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name, phone="+52 55 1234 5678", email="compras@example.com")
	opportunity = make_opportunity(seller.name, customer.name)
	proforma = issue_proforma(seller.name, customer=customer.name, opportunity=opportunity.name)
	new_proforma(seller.name, customer=customer.name).insert()
	invoice = invoice_of(proforma)
	payment = pay(invoice, 10)
	prospect = make_prospect(seller.name)
	activity = make_activities(seller.name, customer.name)
	twins = [make_customer(seller.name).name for _twin in range(3)]
	merge_customers(survivor=twins[0], merged=[twins[1]])
	office = make_user(ADMINISTRATOR, BILLING, **SPANISH)
	frappe.db.commit()
	imported = make_import(f"Nombre;Ciudad;Ingresos\n{unique('Ferretería')};Quito;doce\n")
	records = [seller, customer, opportunity, proforma, invoice, payment, prospect, activity]
	names = {doc.doctype: doc.name for doc in records} | {"Cronus Customer Import": imported}
	names["Cronus Customer Merge"] = frappe.get_last_doc("Cronus Customer Merge").name
	# The framework tells changes with the stored names of what was chosen.
	frappe.db.delete("Version", {"ref_doctype": "Cronus CRM Settings"})
	frappe.db.commit()
	yield frappe._dict(seller=seller.user, office=office, names=names, twins=[twins[0], twins[2]])
	forget_import(imported)


def make_prospect(seller: str):
	fields = {"prospect_name": unique("Ana Ruiz"), "seller": seller, "appointment_on": "2031-05-05 10:00:00"}
	# Text that is not legible on its colour.
	colours = {"color": "#fcd34d", "text_color": "#ffffff"}
	return frappe.get_doc({"doctype": "Cronus Prospect", **fields, **colours}).insert()


def make_activities(seller: str, customer: str):
	"""Overdue and planned ones of each type; gives back the last."""
	for kind in frappe.get_all("Cronus Activity Type", pluck="name", order_by="name"):
		for day in ("2020-05-05", frappe.utils.nowdate()):
			fields = {"activity_type": kind, "seller": seller, "customer": customer, "subject": "Llamar"}
			activity = frappe.get_doc(
				{"doctype": "Cronus Activity", "starts_on": f"{day} 10:00:00", **fields}
			)
			activity.insert()
	return activity


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_a_seller(made, desk, screen):
	page = desk(made.seller, screen)
	tour = Tour(page, made.names, screen is NARROW)
	tour.look_at_pages(PAGES_OF_SELLER)
	page.evaluate("void cronus_crm.activities.open_dialog()")
	tour.look_at_dialog("activity")
	tour.open("proforma/{Proforma}")
	tour.look("form of an issued proforma")
	for label in ("Send by e-mail", "WhatsApp"):
		steps = page.locator(".cronus-next-steps:visible")
		steps.get_by_role("button", name=framework_says(label), exact=True).click()
		tour.look_at_dialog(label)
	tour.open("cronus-prospect/{Cronus Prospect}")
	tour.look("form of a prospect")
	page.evaluate("void cronus_crm.prospects.convert(cur_frm.doc.name)")
	tour.look_at_dialog("convert")
	assert not tour.wrong, tour.report()


def test_pages_of_an_administrator_who_bills(made, desk):
	page = desk(made.office)
	tour = Tour(page, made.names)
	tour.look_at_pages(PAGES_OF_OFFICE)
	tour.open("cronus-seller/{Cronus Seller}")
	tour.look("form of a seller")
	page.locator(".page-head button:visible", has_text=framework_says("Hand over…")).click()
	tour.look_at_dialog("hand-over")
	page.evaluate("(names) => void cronus_crm.customer.open_merge_dialog(names, () => {})", made.twins)
	tour.look_at_dialog("merge")
	assert not tour.wrong, tour.report()
