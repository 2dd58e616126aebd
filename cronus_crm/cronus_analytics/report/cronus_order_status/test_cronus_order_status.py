import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.report.cronus_order_status.cronus_order_status import execute
from cronus_crm.cronus_billing.documents.test_document_chain import DELIVERY, ORDER, issue
from tests.scaffold import issue_proforma, make_seller


def rows_of(**filters) -> list[dict]:
	return execute(filters)[1]


@pytest.fixture
def order():
	"""Ten at 100: six delivered, of which four are invoiced, and one invoiced directly."""
	seller = make_seller()
	order = issue(issue_proforma(seller.name, quantity=10), into=ORDER, delivery_date=nowdate())
	delivery = issue(order, into=DELIVERY, quantity=6)
	issue(delivery, into="Invoice", quantity=4)
	issue(order, into="Invoice", quantity=1)
	issue(order, into="Invoice", quantity=2).cancel()
	frappe.set_user(seller.user)
	return order


def test_a_line_tells_how_far_it_went(order):
	(row,) = rows_of()
	assert (row.ordered, row.delivered, row.invoiced, row.to_deliver) == (10, 6, 5, 4)
	assert (row.amount, row.invoiced_amount, row.paid_amount) == (1000, 500, 0)
	assert row.days_late is None


def test_what_is_late_is_told_by_days(order):
	frappe.db.set_value(ORDER, order.name, "delivery_date", add_days(nowdate(), -3))
	assert [row.days_late for row in rows_of(show="Late")] == [3]
	assert len(rows_of(show="To deliver")) == len(rows_of(show="To invoice")) == 1


def test_paid_is_the_part_of_the_invoice_that_is_paid(order):
	invoice = frappe.get_last_doc("Invoice", {"customer": order.customer, "docstatus": 1, "net_total": 400})
	frappe.db.set_value("Invoice", invoice.name, "paid_amount", invoice.grand_total / 4)
	assert rows_of()[0].paid_amount == 100


def test_nobody_else_sees_the_order(order):
	frappe.set_user("Administrator")
	frappe.set_user(make_seller().user)
	assert rows_of(customer=order.customer) == []


def test_bad_filters_are_refused():
	with pytest.raises(frappe.ValidationError, match="ends before it begins"):
		rows_of(from_date="2026-02-01", to_date="2026-01-01")
	with pytest.raises(frappe.ValidationError, match="Lost"):
		rows_of(show="Lost")
