"""What a list says of its customers is what their analysis says, to each reader their own."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.figures.customer_analysis import analyse_customer
from cronus_crm.cronus_analytics.figures.customer_rows import read_customer_rows as read_rows
from tests.scaffold import MANAGER, SELLER, invoice_of, issue_proforma, make_customer, make_seller, pay


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	own, colleague = make_seller(manager.name), make_seller(manager.name)
	customer = make_customer(own.name).name
	for seller, quantity, days in ((own, 3, -20), (colleague, 5, -4)):
		day = add_days(nowdate(), days)
		proforma = issue_proforma(seller.name, customer=customer, quantity=quantity, posting_date=day)
		invoice = invoice_of(proforma, posting_date=day)
	pay(invoice, 50)
	return frappe._dict(manager=manager, own=own, stranger=make_seller(), customer=customer)


def test_the_row_says_what_the_analysis_says(team):
	for user, recency in ((team.manager.user, 4), (team.own.user, 20)):
		frappe.set_user(user)
		row, analysis = read_rows([team.customer])[team.customer], analyse_customer(team.customer)
		assert row["recency"] == analysis["purchases"]["recency"] == recency
		assert row["last_purchase"] == analysis["purchases"]["last"]
		assert row["balance"] == analysis["owed"]["total"] > 0
		assert row["overdue"] == analysis["owed"]["overdue"]
		assert row["currency"] == analysis["currency"]


def test_a_customer_of_another_has_no_row(team):
	frappe.set_user(team.stranger.user)
	assert read_rows(frappe.as_json([team.customer])) == {}


def test_one_that_has_bought_nothing_owes_nothing(team):
	new = make_customer(team.own.name).name
	frappe.set_user(team.own.user)
	row = read_rows([new])[new]
	assert (row["balance"], row["overdue"], row["last_purchase"], row["recency"]) == (0, 0, None, None)


def test_a_page_of_rows_is_read_at_once(team, monkeypatch):
	customers = [make_customer(team.own.name).name for _number in range(6)]
	frappe.set_user(team.own.user)

	def count(names):
		asked = []
		sql = frappe.db.sql
		monkeypatch.setattr(
			frappe.db, "sql", lambda *args, **kwargs: asked.append(args) or sql(*args, **kwargs)
		)
		read_rows(names)
		monkeypatch.undo()
		return len(asked)

	count(customers)
	assert count(customers) == count(customers[:1])


def test_no_more_than_a_page_is_asked_for(team):
	frappe.set_user(team.own.user)
	with pytest.raises(frappe.ValidationError, match="2500"):
		read_rows([str(number) for number in range(2501)])
	with pytest.raises(frappe.ValidationError):
		read_rows("no list")
