import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_billing.doctype.invoice.invoice import mark_overdue
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from tests.scaffold import (
	activity_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_terms,
	new_proforma,
	pay,
)

FUTURE = "2031-01-06"


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
	names = convert_documents(
		"Proforma", frappe.as_json([first.name, second.name, other.name, first.name]), "Invoice"
	)
	assert len(names) == 2
	invoice = frappe.get_doc("Invoice", names[0])
	assert [row.source_name for row in invoice.items] == [first.name, second.name]
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
		convert_documents("Proforma", proforma.name, "Invoice")


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"customer": "other"}, "another customer"),
		({"posting_date": "2020-01-01"}, "cannot bear an earlier date"),
		({"due_date": "2020-01-01"}, "due before its own date"),
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
		convert_documents("Proforma", draft.name, "Invoice")
	one, other = issue_proforma(seller), issue_proforma(seller)
	invoice = invoice_of(one, issue=False)
	invoice.items[0].source_row = other.items[0].name
	with pytest.raises(frappe.ValidationError, match="is not from the lines of"):
		invoice.save()


def test_payment_settles_invoice_collection_and_ledger(seller):
	invoice = invoice_of(issue_proforma(seller), due_date=add_days(nowdate(), 10))
	assert (invoice.state, activity_of(invoice).state) == ("Issued", "Pending")
	pay(invoice, 50)
	assert (invoice.state, invoice.balance, entry_of(invoice).balance) == ("Partly paid", 150, 150)
	assert activity_of(invoice).state == "Pending"
	rest = pay(invoice)
	assert (invoice.state, entry_of(invoice).balance) == ("Paid", 0)
	assert activity_of(invoice).state == "Done"
	rest.cancel()
	invoice.reload()
	assert (invoice.state, invoice.balance, entry_of(invoice).balance) == ("Partly paid", 150, 150)
	assert activity_of(invoice).state == "Pending"


@pytest.mark.parametrize("issue", [False, True])
def test_nobody_writes_what_is_paid(seller, issue):
	invoice = invoice_of(issue_proforma(seller), issue=issue)
	invoice.update({"paid_amount": 200, "credited_amount": 200, "state": "Paid", "balance": 0}).save()
	invoice.reload()
	assert (invoice.paid_amount, invoice.credited_amount, invoice.balance) == (0, 0, 200)
	assert invoice.state == ("Issued" if issue else "Draft")


def test_terms_divide_an_invoice_into_instalments_that_sum_to_it(seller):
	terms = make_terms((33.33, 0), (33.33, 30), (33.34, 60))
	customer = make_customer(seller, payment_terms=terms).name
	line = {"product": ensure_product(), "quantity": 1, "price": 100.01}
	invoice = invoice_of(
		issue_proforma(seller, customer=customer, items=[line]), posting_date=FUTURE, issue=False
	)
	assert [row.amount for row in invoice.instalments] == [33.33, 33.33, 33.35]
	assert [str(row.due_date) for row in invoice.instalments] == [
		add_days(FUTURE, days) for days in (0, 30, 60)
	]
	assert str(invoice.due_date) == FUTURE
	invoice.instalments[1].due_date = add_days(FUTURE, 45)
	invoice.notes = "x"
	invoice.save()
	assert str(invoice.instalments[1].due_date) == add_days(FUTURE, 45)
	invoice.update({"posting_date": add_days(FUTURE, 1)}).save()
	assert str(invoice.instalments[1].due_date) == add_days(FUTURE, 31)


def test_a_payment_fills_the_earliest_instalment_first(seller):
	invoice = in_three(seller)
	pay(invoice, 60)
	assert [(row.paid, row.balance) for row in invoice.instalments] == [(50, 0), (10, 40), (0, 100)]
	assert str(invoice.due_date) == add_days(nowdate(), 30)
	assert str(entry_of(invoice).due_date) == add_days(nowdate(), 30)


def test_each_instalment_has_its_collection_which_payment_completes(seller):
	invoice = in_three(seller)
	assert states_of(invoice) == ["Pending", "Pending", "Pending"]
	payment = pay(invoice, 110)
	assert states_of(invoice) == ["Done", "Done", "Pending"]
	payment.cancel()
	assert states_of(invoice) == ["Pending", "Pending", "Pending"]
	invoice.reload()
	invoice.cancel()
	assert states_of(invoice) == ["Cancelled", "Cancelled", "Cancelled"]


def test_a_collection_goes_with_its_due_date_and_stays_where_a_person_put_it(seller):
	invoice = in_three(seller)
	first, _second, third = collections_of(invoice)
	by_hand = frappe.get_doc("Cronus Activity", third.name)
	by_hand.update({"starts_on": "2031-03-03 11:00:00"}).save()
	invoice.instalments[1].due_date = "2031-05-05"
	invoice.save()
	moved = collections_of(invoice)
	assert str(moved[1].starts_on) == "2031-05-05 09:00:00"
	assert (moved[0].starts_on, str(moved[2].starts_on)) == (first.starts_on, "2031-03-03 11:00:00")


def test_the_due_date_of_an_undivided_invoice_moves_its_collection(seller):
	invoice = invoice_of(issue_proforma(seller))
	invoice.update({"due_date": "2031-05-05"}).save()
	assert str(activity_of(invoice).starts_on) == "2031-05-05 09:00:00"
	assert (str(invoice.instalments[0].due_date), str(entry_of(invoice).due_date)) == ("2031-05-05",) * 2


@pytest.mark.parametrize("change", ["amount", "fewer", "more", "early"])
def test_an_issued_invoice_keeps_its_instalments(seller, change):
	invoice = in_three(seller)
	rows = invoice.instalments
	if change == "amount":
		rows[0].amount, rows[1].amount = 49, 51
	elif change == "fewer":
		invoice.remove(rows[2])
	elif change == "more":
		invoice.append("instalments", {"due_date": FUTURE, "amount": 1})
	else:
		rows[0].due_date = "2020-01-01"
	with pytest.raises(frappe.ValidationError, match="nstalment"):
		invoice.save()


def in_three(seller):
	"""200 in parts of 50, 50 and 100."""
	terms = make_terms((25, 0), (25, 30), (50, 60))
	return invoice_of(issue_proforma(seller, customer=make_customer(seller, payment_terms=terms).name))


def collections_of(invoice):
	return frappe.get_all(
		"Cronus Activity",
		filters={"reference_name": invoice.name},
		fields=["name", "state", "starts_on"],
		order_by="origin_key asc",
	)


def states_of(invoice):
	return [activity.state for activity in collections_of(invoice)]


def test_time_makes_an_invoice_overdue(seller):
	invoice = invoice_of(issue_proforma(seller), due_date=add_days(nowdate(), 3))
	frappe.db.set_value("Invoice", invoice.name, "due_date", add_days(nowdate(), -1))
	mark_overdue()
	assert frappe.db.get_value("Invoice", invoice.name, "state") == "Overdue"


def test_days_to_pay_are_the_customers_or_the_settings(seller):
	own = make_customer(seller, payment_days=5).name
	assert str(invoice_of(issue_proforma(seller, customer=own)).due_date) == add_days(nowdate(), 5)
	assert str(invoice_of(issue_proforma(seller)).due_date) == add_days(nowdate(), 30)
