import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.cronus_analytics.report.cronus_invoices_owed.cronus_invoices_owed import execute
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_terms,
	make_user,
	pay,
)

AGES = ("not_due", "overdue_30", "overdue_60", "overdue_90", "overdue_older")


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	return frappe._dict(manager=manager, first=first, second=second, customer=make_customer(first.name))


def owe(seller, quantity, days_overdue=0, customer=None, **fields):
	day = add_days(nowdate(), -150)
	proforma = issue_proforma(seller.name, customer=customer, quantity=quantity, posting_date=day)
	fields = fields or {"due_date": add_days(nowdate(), -days_overdue)}
	return invoice_of(proforma, posting_date=day, **fields)


def rows_of(user, **filters):
	frappe.set_user(user)
	_columns, rows, message, _chart, summary, _skip_total = execute(filters)
	assert message and summary
	return rows


def test_invoices_stand_below_their_customer_by_age(team):
	customer = team.customer.name
	invoices = [
		owe(team.first, n, days, customer) for n, days in ((1, 0), (2, 30), (3, 31), (4, 90), (5, 91))
	]
	pay(invoices[4], 100)
	credit_note_of(invoices[3], quantity=1)
	owe(team.first, 9, 50, customer).cancel()
	pay(owe(team.first, 9, 50, customer))
	rows = rows_of(team.manager.user)
	head, *below, total = rows
	assert (head["customer"], head["indent"], head["invoices"]) == (customer, 0, 5)
	assert [head[age] for age in AGES] == [100, 200, 300, 300, 400]
	assert {row["source_name"] for row in below} == {invoice.name for invoice in invoices}
	assert [row["days_overdue"] for row in below] == [91, 90, 31, 30, None]
	assert all(row["indent"] == 1 for row in below)
	assert total["balance"] == head["balance"] == 1300


def test_an_invoice_in_instalments_is_in_several_ages(team):
	terms = make_terms((40, 100), (60, 300))
	invoice = owe(team.first, 10, customer=team.customer.name, due_date=None, payment_terms=terms)
	_head, row, _total = rows_of(team.first.user)
	assert row["source_name"] == invoice.name
	assert (row["not_due"], row["overdue_60"], row["balance"]) == (600, 400, 1000)
	assert row["due_date"] == getdate(add_days(nowdate(), -50))


def test_customers_that_owe_most_come_first_and_the_total_is_of_all(team):
	small, large = owe(team.first, 1, 10), owe(team.second, 7, 10)
	rows = rows_of(team.manager.user)
	assert [row["customer"] for row in rows if row["indent"] == 0] == [
		large.customer,
		small.customer,
		"Total",
	]
	cut = rows_of(team.manager.user, at_most=1)
	assert [row["customer"] for row in cut] == [large.customer, large.customer, "Total"]
	assert cut[-1]["balance"] == 800


def test_each_sees_their_own_and_whoever_bills_sees_all(team):
	mine, theirs, foreign = owe(team.first, 1), owe(team.second, 2), owe(make_seller(), 4)

	def seen_by(user, **filters):
		return {row["source_name"] for row in rows_of(user, **filters) if row.get("source_name")}

	assert seen_by(team.first.user) == {mine.name}
	assert seen_by(team.manager.user) == {mine.name, theirs.name}
	for user in ("Administrator", make_user(BILLING)):
		for invoice in (mine, theirs, foreign):
			assert seen_by(user, customer=invoice.customer) == {invoice.name}
			assert seen_by(user, seller=invoice.seller) == {invoice.name}


def test_filters(team):
	due, overdue = owe(team.first, 1, 0), owe(team.second, 2, 1)
	user = team.manager.user
	(_head, row, _total) = rows_of(user, overdue=1)
	assert row["source_name"] == overdue.name
	(_head, row, _total) = rows_of(user, seller=team.first.name)
	assert row["source_name"] == due.name
	assert rows_of(user, work_center="None such") == []
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		rows_of(user, seller=make_seller().name)


def test_the_name_of_a_customer_that_has_moved_to_another_team_is_not_told(team):
	invoice = owe(team.first, 1)
	frappe.db.set_value("Cronus Customer", invoice.customer, "seller", make_seller().name)
	head, _row, _total = rows_of(team.first.user)
	assert head["customer"] == invoice.customer
	assert head["customer_name"] is None
