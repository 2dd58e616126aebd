"""From the proforma to the payment as people meet it: Chromium, in Spanish, a seller and a billing user."""

import re
from dataclasses import dataclass

import frappe
import pytest
from frappe.utils import nowdate
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from tests.browser import SPANISH, choose, confirm, open_tab, wait_for_dialog
from tests.scaffold import (
	BILLING,
	SELLER,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	unique,
)

ORDER, DELIVERY_NOTE, SALES_NOTE, PAYMENT = (
	"Cronus Order",
	"Cronus Delivery Note",
	"Cronus Sales Note",
	"Cronus Payment",
)


@pytest.fixture(scope="module")
def people(site):
	"""A seller and somebody who bills, both in Spanish."""
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, **SPANISH))
	billing = make_user(BILLING, **SPANISH)
	frappe.db.commit()
	return frappe._dict(seller=seller, billing=billing)


@pytest.fixture
def offer(people):
	"""A customer whose price list has a product at 100, and at 90 from ten."""
	prices = frappe.get_doc(
		{"doctype": "Cronus Price List", "title": unique("Lista"), "currency": "USD"}
	).insert()
	product = ensure_product(unique("MESA").replace(" ", "-").upper(), price=130, tax_rate=15)
	for minimum_quantity, price in ((0, 100), (10, 90)):
		frappe.get_doc(
			{
				"doctype": "Cronus Product Price",
				"price_list": prices.name,
				"product": product,
				"minimum_quantity": minimum_quantity,
				"price": price,
				"valid_from": "2020-01-01",
			}
		).insert()
	customer = make_customer(people.seller.name, currency="USD", price_list=prices.name)
	frappe.db.commit()
	return frappe._dict(customer=customer, product=product, price_list=prices.name)


@pytest.fixture
def console():
	"""What the consoles of the pages that it watches have said is wrong; empty at the end of the test."""
	said = []

	def listen(message: ConsoleMessage) -> None:
		told = f"{message.location.get('url')}: {message.text}"
		# The tests run without the server of live updates, of which both the browser and the desk tell; the
		# desktop of 16 may look for the picture of an icon that has none.
		if message.type == "error" and not re.search(r"socket\.io|/undefined", told):
			said.append(told)

	def watch(page: Page) -> Page:
		page.on("console", listen)
		return page

	yield watch
	assert not said, "\n".join(said)


@dataclass
class Form:
	"""The form of a DocType: those that were open before stay in the page, hidden."""

	page: Page
	doctype: str

	@property
	def whole(self) -> Locator:
		return self.page.locator(f".page-container[data-page-route='{self.doctype}']")

	@property
	def name(self) -> str:
		# Frappe 16 adds the open tab.
		return self.page.url.rsplit("/", 1)[1].split("#")[0]

	def open(self, name: str) -> "Form":
		self.page.goto(f"/app/{self.doctype.lower().replace(' ', '-')}/{name}")
		return self

	def expect_state(self, state: str) -> None:
		expect(self.whole.locator(".page-head .indicator-pill:visible")).to_have_text(state)

	def field(self, fieldname: str) -> Locator:
		return self.whole.locator(f".frappe-control[data-fieldname={fieldname}]:visible").first

	def cell(self, table: str, fieldname: str) -> Locator:
		row = f".frappe-control[data-fieldname={table}] .grid-row[data-idx='1']"
		return self.whole.locator(f"{row} .grid-static-col[data-fieldname={fieldname}]")

	def write(self, table: str, fieldname: str, text: str) -> None:
		"""Writes in a column of the first row of a table, and leaves it."""
		self.cell(table, fieldname).click()
		written = self.cell(table, fieldname).locator("input")
		written.fill(text)
		# From the last column Tab makes a row, which the framework looks for when saving has removed it.
		written.blur()

	def press(self, label: str) -> None:
		"""Presses a button of the form's head, which slides away under a pointer while the page scrolls."""
		self.whole.get_by_role("button", name=label, exact=True).press("Enter")

	def save(self) -> None:
		self.press("Guardar")

	def save_draft(self) -> None:
		self.save()
		self.expect_state("Borrador")
		expect(self.whole.get_by_role("button", name="Emitir", exact=True)).to_be_visible()

	def submit(self) -> None:
		self.press("Emitir")
		self.page.locator(".modal.show .btn-primary:visible").click()

	def issue(self, state: str = "Emitida") -> None:
		self.press("Emitir")
		confirm(self.page)
		self.expect_state(state)

	def make(self, label: str, doctype: str) -> "Form":
		"""Makes a draft of what the menu calls so."""
		self.whole.locator(".inner-group-button button:visible", has_text="Generar").click()
		self.whole.locator(".inner-group-button .dropdown-item:visible", has_text=label).click()
		return self.follow(doctype)

	def follow(self, doctype: str) -> "Form":
		made = Form(self.page, doctype)
		made.expect_state("Borrador")
		return made

	def expect_documents_beside(self, *documents: str) -> None:
		"""The documents that the form shows around its own, each with its state."""
		links = self.whole.locator(".form-dashboard:visible .cronus-chain a")
		expect(links).to_have_text(list(documents))


def refusal(page: Page) -> Locator:
	return page.locator(".modal.show .msgprint:visible")


def close_message(page: Page) -> None:
	wait_for_dialog(page)
	page.locator(".modal.show .btn-modal-close:visible").click()
	expect(page.locator(".modal.show")).to_have_count(0)


def test_a_sale_goes_from_an_empty_form_to_its_payment(people, offer, desk, console):
	page = console(desk(people.seller.user))
	proforma = new_proforma(page, offer)
	proforma.issue()
	names = {"Proforma": proforma.name}
	order = proforma.make("Pedido", ORDER)
	names["Pedido"] = order.name

	page = console(desk(people.billing))
	order = Form(page, ORDER).open(order.name)
	order.issue("Emitido")
	note = order.make("Nota de entrega", DELIVERY_NOTE)
	note.write("items", "quantity", "4")
	note.save_draft()
	note.issue()
	names["Nota de entrega"] = note.name
	invoice = note.make("Factura", "Invoice")
	invoice.issue()
	expect(invoice.field("discount_percent").locator(".control-value")).to_have_text("0%")
	open_tab(page, "Condiciones")
	expect(invoice.cell("instalments", "due_date")).to_be_visible()
	expect(invoice.field("instalments").locator(".grid-footer button:visible")).to_have_count(0)
	names["Factura"] = invoice.name
	names["Pago"] = pay(invoice)

	states = {
		"Proforma": "Facturada en parte",
		"Pedido": "Entregado en parte",
		"Nota de entrega": "Facturada",
		"Factura": "Pagada",
		"Pago": "Aplicado",
	}
	for kind, doctype in zip(states, ("Proforma", ORDER, DELIVERY_NOTE, "Invoice", PAYMENT), strict=True):
		form = Form(page, doctype).open(names[kind])
		form.expect_state(states[kind])
		# A payment says what it settles; what stands behind that is on the invoice.
		beside = ["Factura"] if kind == "Pago" else [other for other in states if other != kind]
		form.expect_documents_beside(*(f"{other} {names[other]} · {states[other]}" for other in beside))
	frappe.db.rollback()
	paid = frappe.get_doc("Invoice", names["Factura"])
	assert (paid.grand_total, paid.balance) == (414, 0)


def new_proforma(page: Page, offer) -> Form:
	"""A draft of ten tables, from an empty form: they cost what the list of the customer asks from ten."""
	form = Form(page, "Proforma").open("new")
	# What comes of the customer is drawn anew, also the line that somebody has begun to write in.
	with page.expect_response(re.compile("documents.preview")):
		choose(page, "customer", offer.customer.customer_name, offer.customer.customer_name)
	expect(form.field("seller").locator("input")).to_have_value(offer.customer.seller)
	form.cell("items", "product").click()
	form.cell("items", "product").locator("input").fill(offer.product)
	page.locator(f".awesomplete [role=option]:visible:has-text('{offer.product}')").first.click()
	expect(form.cell("items", "price").locator("input")).to_have_value(re.compile("100"))
	form.write("items", "quantity", "10")
	expect(form.cell("items", "price").locator("input")).to_have_value(re.compile("^90"))

	row = form.whole.locator(".frappe-control[data-fieldname=items] .grid-row[data-idx='1']")
	row.locator(".btn-open-row").click()
	source = row.locator(".grid-form-body .frappe-control[data-fieldname=price_source]")
	expect(source).to_contain_text(f"Lista de precios {offer.price_list}, desde 10")
	row.locator(".grid-collapse-row").click()
	form.save_draft()
	expect(form.field("grand_total")).to_contain_text(re.compile(r"1[.,]035[.,]00"))
	expect(form.cell("taxes", "rate")).to_have_text("15%")
	return form


def pay(invoice: Form) -> str:
	"""Pays an issued invoice as a whole, and gives back the number of the payment."""
	invoice.press("Pago")
	payment = invoice.follow(PAYMENT)
	payment.field("reference_number").locator("input").fill("TR-8812")
	payment.page.keyboard.press("Tab")
	payment.save_draft()
	payment.issue("Aplicado")
	return payment.name


def test_a_document_bears_the_day_of_the_company_wherever_its_author_is(people, offer, desk, console):
	# 25 hours lie between the two: at any moment the day of one of them is not the company's.
	for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
		user = make_user(BILLING, **SPANISH)
		frappe.db.set_value("User", user, "time_zone", zone)
		frappe.db.commit()
		page = console(desk(user))
		for doctype in ("proforma", "invoice", "cronus-payment", "cronus-product-price"):
			page.goto(f"/app/{doctype}/new")
			page.wait_for_function("window.cur_frm?.is_new()")
			field = "valid_from" if doctype == "cronus-product-price" else "posting_date"
			assert page.evaluate(f"cur_frm.doctype + ' ' + cur_frm.doc.{field}").endswith(nowdate())
		page.goto("/app/invoice/new")
		page.wait_for_function("window.cur_frm?.is_new() && cur_frm.fields_dict.posting_date.$input")
		date = Form(page, "Invoice").field("posting_date").locator("input")
		date.fill("")
		date.press("t")
		page.wait_for_function(f"cur_frm.doc.posting_date === '{nowdate()}'")


def test_several_sales_notes_selected_in_the_list_become_one_invoice(people, offer, desk, console):
	seller = people.seller.name
	notes = [issue_sales_note(issue_proforma(seller, customer=offer.customer.name)) for _note in range(2)]
	frappe.db.commit()
	page = console(desk(people.billing))
	page.goto(f"/app/cronus-sales-note?customer={offer.customer.name}")
	boxes = page.locator(".list-row-checkbox:visible")
	expect(boxes).to_have_count(2)
	for box in boxes.all():
		box.check()
	page.locator(".actions-btn-group button:visible").first.click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text="Generar facturas").click()
	page.wait_for_url(re.compile("/(app|desk)/invoice"), wait_until="commit")
	invoices = page.locator(".result .list-row-container:visible", has_text=offer.customer.customer_name)
	expect(invoices).to_have_count(1)
	invoices.locator("a.ellipsis").first.click()
	invoice = Form(page, "Invoice")
	invoice.issue()
	around = invoice.whole.locator(".form-dashboard:visible .cronus-chain a")
	for note in notes:
		expect(around.filter(has_text=f"Nota de venta {note} · Facturada")).to_have_count(1)


def issue_sales_note(proforma) -> str:
	(name,) = convert_documents("Proforma", [proforma.name], SALES_NOTE)
	frappe.get_doc(SALES_NOTE, name).submit()
	return name


def test_more_than_is_left_is_refused_and_what_was_written_stays(people, offer, desk):
	proforma = issue_proforma(people.seller.name, customer=offer.customer.name, quantity=10)
	frappe.db.commit()
	page = desk(people.billing)
	note = Form(page, "Proforma").open(proforma.name).make("Nota de entrega", DELIVERY_NOTE)
	note.write("items", "quantity", "12")
	note.save_draft()
	note.submit()
	expect(refusal(page)).to_contain_text(
		f"{proforma.name}, línea 1 (TEST-1): quedan 10 por entregar, y este documento tiene 12."
	)
	close_message(page)
	note.expect_state("Borrador")
	expect(note.cell("items", "quantity").locator(".static-area")).to_have_text(re.compile("^ *12"))
	note.write("items", "quantity", "10")
	note.save_draft()
	note.issue()


def test_a_payment_above_the_balance_is_refused_and_what_was_written_stays(people, offer, desk):
	invoice = invoice_of(issue_proforma(people.seller.name, customer=offer.customer.name))
	frappe.db.commit()
	page = desk(people.billing)
	form = Form(page, "Invoice").open(invoice.name)
	form.press("Pago")
	payment = form.follow(PAYMENT)
	payment.field("reference_number").locator("input").fill("CH-0041")
	payment.write("allocations", "amount", "500")
	payment.save()
	expect(refusal(page)).to_contain_text(f"Fila 1: {invoice.name} tiene un saldo de")
	close_message(page)
	expect(payment.field("reference_number").locator("input")).to_have_value("CH-0041")
	expect(payment.cell("allocations", "amount").locator("input")).to_have_value(re.compile("^500"))
	payment.write("allocations", "amount", "150")
	payment.field("amount").locator("input").fill("150")
	page.keyboard.press("Tab")
	payment.save_draft()
	payment.issue("Aplicado")
	frappe.db.rollback()
	assert frappe.db.get_value("Invoice", invoice.name, "balance") == invoice.grand_total - 150
