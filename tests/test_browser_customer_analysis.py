"""Figures of a customer and what they lead to, as its seller and manager meet them: Chromium, in Spanish."""

import re

import frappe
import pytest
from babel.dates import format_date
from frappe.utils import add_days, date_diff, formatdate, get_first_day, getdate, nowdate
from playwright.sync_api import Locator, Page, expect

from tests.browser import SPANISH, framework_says
from tests.erp import Erp, invoice
from tests.scaffold import (
	MANAGER,
	SELLER,
	VIEWER,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	pay,
	unique,
)


def month_day(back: int, day: int = 10) -> str:
	return str(add_days(get_first_day(nowdate(), d_months=-back), day - 1))


@pytest.fixture(scope="module")
def shop(site):
	"""A customer that bought 400, 1200 and 300, and paid 500 late; its seller, the manager and a stranger."""
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, VIEWER, **SPANISH))
	seller = make_seller(manager.name, user=make_user(SELLER, **SPANISH))
	stranger = make_seller(user=make_user(SELLER, **SPANISH))
	customer = make_customer(seller.name, credit_limit=2000, payment_days=30)
	product = ensure_product(unique("MESA").replace(" ", "-").upper())

	def propose(quantity: float, **fields):
		proforma = new_proforma(seller.name, customer=customer.name, quantity=quantity, **fields)
		proforma.items[0].product = product
		proforma.insert().submit()
		return proforma

	def sell(day: str, quantity: float, **fields):
		return invoice_of(propose(quantity, posting_date=day), posting_date=day, **fields)

	first = sell(month_day(14), 4)
	pay(first, posting_date=month_day(13))
	late = sell(month_day(2), 12, due_date=add_days(nowdate(), -40))
	payment = pay(late, 500, posting_date=add_days(nowdate(), -5))
	last = sell(nowdate(), 3, due_date=add_days(nowdate(), 30))
	propose(9, posting_date=add_days(nowdate(), -60), valid_until=add_days(nowdate(), -50))
	# As the night writes it.
	customer.db_set({"alert_pays_late": 1, "alerts_since": nowdate()})
	# What another seller has of its own is in no figure here.
	invoice_of(issue_proforma(stranger.name))
	offer = propose(5)
	frappe.db.commit()
	return frappe._dict(
		manager=manager,
		seller=seller,
		stranger=stranger,
		customer=customer.name,
		name=customer.customer_name,
		product=product,
		late=late.name,
		last=last.name,
		invoices=[(invoice.name, invoice.posting_date) for invoice in (first, late, last)],
		payment=payment.name,
		offer=offer.name,
		peak=format_date(getdate(month_day(2)), "MMM y", locale="es"),
		days_between=f"{date_diff(nowdate(), month_day(14)) / 2:g}",
		days_to_pay=date_diff(add_days(nowdate(), -5), month_day(2)),
	)


def open_analysis(page: Page, shop) -> Locator:
	page.goto(f"/app/cronus-customer/{shop.customer}")
	page.get_by_role("tab", name="Análisis").click()
	return page.locator("[data-fieldname=analysis_html]")


def card(analysis: Locator, title: str) -> Locator:
	return analysis.locator(f".row > div:has(> .h4):has(> .text-muted:text-is('{title}'))")


def expect_figure(analysis: Locator, title: str, figure: str, *lines: str) -> None:
	"""The card of that title shows the figure, and below it the lines."""
	shown = card(analysis, title)
	expect(shown.locator(".h4")).to_have_text(figure)
	expect(shown.locator(".d-flex")).to_have_text(list(lines))


def expect_figures_as_sold(analysis: Locator, shop) -> None:
	"""Each figure of the customer, as worked out by hand."""
	expect_figure(analysis, "Cupo disponible", "$ 1,000.00", "Cupo de crédito $ 2,000.00", "Usado $ 1,000.00")
	expect_figure(
		analysis,
		"Por cobrar",
		"$ 1,000.00",
		"Por vencer $ 300.00",
		"Vencido hasta 30 días $ 0.00",
		"De 31 a 60 días $ 700.00",
		"De 61 a 90 días $ 0.00",
		"Más de 90 días $ 0.00",
	)
	expect_figure(
		analysis,
		"Últimos 12 meses",
		"$ 1,200.00",
		"Promedio mensual $ 100.00",
		"Este mes $ 300.00",
		"Este mes contra el promedio 300.0%",
		"Tendencia ▲ 200.0%",
	)
	expect_figure(
		analysis,
		"Última compra",
		formatdate(nowdate()),
		"Días transcurridos 0 días",
		f"Mediana entre compras {shop.days_between} días",
		"Proformas abiertas 1",
		"Por facturar de ellas $ 500.00",
	)
	expect_figure(analysis, "Promedio de días de pago", f"{shop.days_to_pay} días", "Acordado 30 días")


def expect_bars(chart: Locator, number: int) -> None:
	"""The chart has so many bars that stand above its axis."""
	expect(chart.locator("rect.bar:not([height='0'])")).to_have_count(number)


def cell(page: Page, heading: str, row: int = 0) -> Locator:
	"""The cell of the report below a heading."""
	# A chart of the framework that is left while it moves in fails.
	expect(page.locator(".chart-wrapper:visible rect.bar:not([height='0'])").first).to_be_attached()
	head = page.locator(".report-wrapper:visible .dt-cell--header").filter(
		has=page.locator(f"[title='{heading}']")
	)
	column = head.get_attribute("data-col-index")
	return page.locator(f".report-wrapper:visible .dt-row-{row} .dt-cell--col-{column}")


def filter_of(page: Page, fieldname: str) -> Locator:
	"""A filter of the report."""
	return page.locator(f".page-form:visible [data-fieldname={fieldname}]:is(input, select)")


def expect_report(page: Page, report: str, **filters: str) -> None:
	expect(page).to_have_url(re.compile(f"query-report/{report.replace(' ', '%20')}"))
	for fieldname, value in filters.items():
		expect(filter_of(page, fieldname)).to_have_value(value)


def expect_list(page: Page, doctype: str, *names: str) -> None:
	"""The list of a DocType is open, and has these records and no others."""
	expect(page).to_have_url(re.compile(f"/(app|desk)/{doctype}[?]"))
	found = page.locator(".frappe-list:visible .list-row .list-row-checkbox")
	expect(found).to_have_count(len(names))
	assert {row.get_attribute("data-name") for row in found.all()} == set(names)


def test_a_seller_reads_the_figures_of_a_customer(shop, desk):
	page = desk(shop.seller.user)
	analysis = open_analysis(page, shop)
	expect(page.locator(".page-head .indicator-pill:visible")).to_have_text("Paga después de lo acordado")
	expect(page.locator(".form-message:visible")).to_contain_text("Con alertas desde")
	expect_figures_as_sold(analysis, shop)
	expect(card(analysis, "Promedio de días de pago").locator(".text-danger")).to_be_visible()
	expect_bars(analysis.locator("[data-months]"), 3)
	this_year = getdate(nowdate()).year
	in_both = [day for day in (month_day(14), month_day(2), nowdate()) if getdate(day).year >= this_year - 1]
	expect_bars(analysis.locator("[data-years]"), len(in_both))
	expect(analysis.locator("[data-years] .legend-dataset-label")).to_have_text(
		[str(this_year - 1), str(this_year)]
	)
	expect(analysis).to_contain_text("Tendencia: los últimos tres meses completos contra los mismos tres")
	expect(analysis).to_contain_text("Solo de los documentos que usted puede ver")


def test_a_figure_leads_to_what_it_is_made_of(shop, desk):
	page = desk(shop.seller.user)
	analysis = open_analysis(page, shop)
	card(analysis, "Por cobrar").locator(".h4 a").click()
	expect_report(page, "Cronus Invoices Owed", customer=shop.name)
	expect(cell(page, "Factura", 1)).to_have_text(shop.late)
	expect(cell(page, "Factura", 2)).to_have_text(shop.last)
	page.go_back()
	card(analysis, "Últimos 12 meses").locator(".h4 a").click()
	expect_report(page, "Cronus Purchase Peaks", customer=shop.name, months="24")
	expect(cell(page, "Total")).to_have_text("$ 1,900.00")
	page.go_back()
	card(analysis, "Última compra").locator(".h4 a").click()
	expect_list(page, "invoice", shop.last)
	page.go_back()
	card(analysis, "Última compra").locator(".d-flex a").click()
	expect_list(page, "proforma", shop.offer)
	page.go_back()
	card(analysis, "Promedio de días de pago").locator(".h4 a").click()
	expect_list(page, "cronus-payment", shop.payment)


def test_the_figures_of_a_past_day_lead_to_the_report_of_that_day(shop, desk):
	day = add_days(nowdate(), -6)  # before the payment and the last sale
	page = desk(shop.seller.user)
	analysis = open_analysis(page, shop)
	expect_figures_as_sold(analysis, shop)
	field = analysis.locator("[data-as-of] input")
	field.fill(formatdate(day))
	field.press("Tab")
	expect(card(analysis, "Por cobrar").locator(".h4")).to_have_text("$ 1,200.00")
	expect(field).to_have_value(formatdate(day))
	card(analysis, "Por cobrar").locator(".h4 a").click()
	expect_report(page, "Cronus Invoices Owed", customer=shop.name, as_of=formatdate(day))
	expect(cell(page, "Factura", 1)).to_have_text(shop.late)


def test_the_manager_sees_the_same_and_a_stranger_nothing(shop, desk):
	expect_figures_as_sold(open_analysis(desk(shop.manager.user), shop), shop)
	page = desk(shop.stranger.user, at=f"/app/cronus-customer/{shop.customer}")
	expect(page.get_by_text(framework_says("Not permitted")).first).to_be_visible()
	expect(page.get_by_role("tab", name="Análisis")).to_have_count(0)


def test_the_portfolio_leads_to_months_and_invoices_of_the_customer(shop, desk):
	page = desk(shop.manager.user, at="/app/query-report/Cronus Customer Portfolio?alert=alert_pays_late")
	expect(cell(page, "Nombre")).to_have_text(shop.name)
	expect(cell(page, "Nombre", 2)).to_have_count(0)
	cell(page, "Últimos 12 meses").locator("a").click()
	expect_report(page, "Cronus Purchase Peaks", customer=shop.name)
	expect(cell(page, shop.peak)).to_have_text("▲$ 1,200.00")
	cell(page, "Cliente").locator("a").click()
	expect(page).to_have_url(re.compile(f"/(app|desk)/cronus-customer/{shop.customer}"))

	page.goto(f"/app/query-report/Cronus Customer Portfolio?customer={shop.customer}")
	cell(page, "De 31 a 60 días").locator("a").click()
	expect_report(page, "Cronus Invoices Owed", customer=shop.name)
	# A heading that the report before has too is looked for when this one is there.
	expect(cell(page, "Factura", 1)).to_have_text(shop.late)
	expect(cell(page, "Por cobrar", 1)).to_have_text("$ 700.00")
	cell(page, "Factura", 1).locator("a").click()
	expect(page).to_have_url(re.compile(f"/(app|desk)/invoice/{shop.late}"))


def test_a_year_leads_to_its_invoices(shop, desk):
	page = desk(
		shop.manager.user, at=f"/app/query-report/Cronus Year against Year?seller={shop.manager.name}"
	)
	this_month, this_year = getdate(nowdate()).month, str(getdate(nowdate()).year)
	cell(page, this_year, this_month - 1).locator("a").click()
	expect_list(page, "invoice", shop.last)
	page.goto(f"/app/query-report/Cronus Year against Year?seller={shop.manager.name}&by=Seller")
	expect(cell(page, "Vendedor")).to_have_text(shop.seller.name)
	cell(page, this_year).locator("a").click()
	expect_list(page, "invoice", *(name for name, day in shop.invoices if str(day).startswith(this_year)))


def test_a_product_leads_to_its_lines_and_a_line_to_its_invoice(shop, desk):
	page = desk(shop.manager.user, at=f"/app/query-report/Cronus Products Sold?customer={shop.customer}")
	expect(cell(page, "Producto")).to_have_text(shop.product)
	cell(page, "Monto").locator("a").click()
	expect(page).to_have_url(re.compile("line_by_line=1"))
	expect_report(page, "Cronus Products Sold", customer=shop.name, product=shop.product)
	expect(cell(page, "Documento")).to_have_text(shop.last)
	expect(cell(page, "Documento", 1)).to_have_text(shop.late)
	cell(page, "Documento").locator("a").click()
	expect(page).to_have_url(re.compile(f"/(app|desk)/invoice/{shop.last}"))


def test_a_figure_leads_to_the_documents_of_an_erp_too(site, desk):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, MANAGER, VIEWER, **SPANISH))
	erp = Erp({"C-1": make_customer(seller.name).name})
	erp.tell(invoice("F-1"), invoice("F-2"))
	erp.tell({"id": "F-2", "cancelled": True})
	bill = invoice_of(issue_proforma(seller.name))
	frappe.db.commit()
	page = desk(seller.user, at=f"/app/query-report/Cronus Year against Year?seller={seller.name}")
	cell(page, str(getdate(nowdate()).year), getdate(nowdate()).month - 1).locator("a").click()
	expect_report(page, "Cronus Issued Documents", seller=seller.name, kind="Invoices and credit notes")
	shown = page.locator(".report-wrapper:visible .datatable")
	for name in ("F-1", bill.name):
		expect(shown.get_by_role("link", name=name, exact=True)).to_be_visible()
	expect(shown.get_by_role("link", name="F-2", exact=True)).to_have_count(0)
	erp.tell({"id": "F-1", "cancelled": True})
	frappe.db.commit()
