import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_billing.doctype.invoice.invoice import make_from_proformas, mark_overdue
from tests.scaffold import (
	activity_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	new_proforma,
)


@pytest.fixture
def seller():
	return make_seller().name


def test_several_proformas_of_a_customer_go_on_one_invoice(seller):
	customer = make_customer(seller).name
	first, second, other = (
		issue_proforma(seller, customer=customer),
		issue_proforma(seller, customer=customer),
		issue_proforma(seller),
	)
	names = make_from_proformas(frappe.as_json([first.name, second.name, other.name, first.name]))
	assert len(names) == 2
	invoice = frappe.get_doc("Invoice", names[0])
	assert [row.proforma for row in invoice.items] == [first.name, second.name]
	assert invoice.docstatus == 0


def test_nothing_is_invoiced_above_what_is_left(seller):
	proforma = issue_proforma(seller, quantity=2)
	invoice = invoice_of(proforma, quantity=2.5, issue=False)
	with pytest.raises(frappe.ValidationError, match="are left to invoice"):
		invoice.submit()
	frappe.db.rollback()


def test_the_same_rest_is_not_invoiced_twice(seller):
	proforma = issue_proforma(seller)
	first, second = invoice_of(proforma, issue=False), invoice_of(proforma, issue=False)
	first.submit()
	with pytest.raises(frappe.ValidationError, match=r"are left to invoice"):
		second.submit()
	assert frappe.db.get_value("Proforma", proforma.name, "left_to_invoice") == 0
	with pytest.raises(frappe.ValidationError, match="Nothing is left"):
		make_from_proformas(proforma.name)


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"customer": "other"}, "another customer"),
		({"posting_date": "2020-01-01"}, "cannot be dated before its proforma"),
		({"due_date": "2020-01-01"}, "due before its own date"),
		({"paid_amount": 1000}, "What is paid must be"),
	],
)
def test_bad_input_is_refused(seller, wrong, says):
	invoice = invoice_of(issue_proforma(seller), issue=False)
	if wrong.get("customer"):
		wrong = {"customer": make_customer(seller).name}
	with pytest.raises(frappe.ValidationError, match=says):
		invoice.update(wrong).save()


def test_lines_of_drafts_and_of_other_proformas_are_refused(seller):
	draft = new_proforma(seller).insert()
	with pytest.raises(frappe.ValidationError, match="is not issued"):
		make_from_proformas(draft.name)
	one, other = issue_proforma(seller), issue_proforma(seller)
	invoice = invoice_of(one, issue=False)
	invoice.items[0].proforma_item = other.items[0].name
	with pytest.raises(frappe.ValidationError, match="is not from the lines of"):
		invoice.save()


def test_payment_settles_invoice_collection_and_ledger(seller):
	invoice = invoice_of(issue_proforma(seller), due_date=add_days(nowdate(), 10))
	assert (invoice.state, activity_of(invoice).state) == ("Issued", "Pending")
	invoice.update({"paid_amount": 50}).save()
	assert (invoice.state, invoice.balance, entry_of(invoice).balance) == ("Partly paid", 150, 150)
	assert activity_of(invoice).state == "Pending"
	invoice.update({"paid_amount": 200}).save()
	assert (invoice.state, entry_of(invoice).balance) == ("Paid", 0)
	assert activity_of(invoice).state == "Done"
	invoice.update({"paid_amount": 0}).save()
	assert (invoice.state, activity_of(invoice).state) == ("Issued", "Pending")


def test_an_invoice_paid_at_once_has_nothing_to_collect(seller):
	invoice = invoice_of(issue_proforma(seller), paid_amount=200)
	assert invoice.state == "Paid"
	assert activity_of(invoice) is None


def test_time_makes_an_invoice_overdue(seller):
	invoice = invoice_of(issue_proforma(seller), due_date=add_days(nowdate(), 3))
	frappe.db.set_value("Invoice", invoice.name, "due_date", add_days(nowdate(), -1))
	mark_overdue()
	assert frappe.db.get_value("Invoice", invoice.name, "state") == "Overdue"


def test_days_to_pay_are_the_customers_or_the_settings(seller):
	own = make_customer(seller, payment_days=5).name
	assert str(invoice_of(issue_proforma(seller, customer=own)).due_date) == add_days(nowdate(), 5)
	assert str(invoice_of(issue_proforma(seller)).due_date) == add_days(nowdate(), 30)
