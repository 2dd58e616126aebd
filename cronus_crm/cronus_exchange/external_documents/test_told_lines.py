"""Documents of ERPs in the reports that read lines: Products sold and Order status."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.report.cronus_order_status import cronus_order_status
from cronus_crm.cronus_analytics.report.cronus_products_sold import cronus_products_sold
from tests.erp import Erp, invoice, payment
from tests.scaffold import ensure_product, invoice_of, issue_proforma, make_customer, make_seller, unique

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def erp():
	"""An ERP with a customer of a seller, and a product that it has told."""
	frappe.set_user("Administrator")
	seller = make_seller()
	erp = Erp({"C-1": make_customer(seller.name).name})
	erp.seller, erp.product = seller, ensure_product(unique("P"))
	erp._know("product", "A", "Cronus Product", erp.product, {})
	return erp


def line(quantity: int, amount: str | None = None, **more) -> dict:
	return {"product": "A", "quantity": quantity, "price": "10", "amount": amount, **more}


def run(report, erp, **filters) -> list[dict]:
	frappe.set_user(erp.seller.user)
	rows = report.execute(filters)[1]
	frappe.set_user("Administrator")
	return [row for row in rows if not row.get("bold")]


def test_lines_of_an_erp_are_among_the_products_sold_less_its_credit_notes(erp):
	own = invoice_of(issue_proforma(erp.seller.name))
	erp.tell(
		invoice("F-1", items=[line(5, "45"), line(2), {"description": "Freight", "amount": "7"}]),
		invoice("F-2", items=[line(1, "10")], currency="EUR", exchange_rate="1.5"),
		invoice("N-1", kind="credit_note", items=[line(1, "9")]),
		invoice("P-1", kind="proforma", items=[line(90)]),
		invoice("F-3", items=[line(64)]),
	)
	erp.tell({"id": "F-3", "cancelled": True})
	products = {row["product"]: row for row in run(cronus_products_sold, erp)}
	sold = products[erp.product]
	assert (sold["quantity"], sold["amount"]) == (5 + 2 + 1 - 1, 45 + 20 + 15 - 9)
	assert (sold["invoices"], sold["customers"]) == (2, 1)
	assert products[own.items[0].product]["amount"] == own.net_total
	assert products[None]["amount"] == 7
	told = {row["number"]: row for row in run(cronus_products_sold, erp, line_by_line=1)}
	assert set(told) == {own.name, "F-1", "F-2", "N-1"}
	assert (told["N-1"]["kind"], told["N-1"]["amount"]) == ("Credit Note", -9)
	assert told["F-2"]["source_doctype"] == "Cronus External Document"


def test_nobody_sees_lines_of_others(erp):
	erp.tell(invoice("F-1", items=[line(5)]), invoice("O-1", kind="order", items=[line(5)]))
	erp.seller = make_seller()
	assert not run(cronus_products_sold, erp, product=erp.product)
	assert not run(cronus_order_status, erp)


def test_orders_of_an_erp_have_their_status_by_what_is_invoiced_and_paid(erp):
	erp.tell(
		invoice(
			"O-1",
			kind="order",
			due_date=add_days(nowdate(), 5),
			items=[line(6, "60"), {"description": "Freight", "amount": "40"}],
		),
		invoice("O-2", kind="order", net="30", total="33.60"),
	)
	erp.tell(invoice("F-1", net="50", total="56", origins=[{"kind": "order", "id": "O-1"}]))
	erp.tell(payment("PAY-1", "28", {"id": "F-1"}))
	rows = run(cronus_order_status, erp)
	found = [
		(row["number"], row["product"], row["ordered"], row["amount"], row["invoiced_amount"])
		for row in sorted(rows, key=lambda row: (row["number"], -row["amount"]))
	]
	assert found == [
		("O-1", erp.product, 6, 60, 30),
		("O-1", None, None, 40, 20),
		("O-2", None, None, 30, 0),
	]
	assert sum(row["paid_amount"] for row in rows) == 25
	assert {row["order_doctype"] for row in rows} == {"Cronus External Document"}
	assert not run(cronus_order_status, erp, show="To deliver")
	assert len(run(cronus_order_status, erp, show="To invoice", customer=erp.customers["C-1"])) == 3
