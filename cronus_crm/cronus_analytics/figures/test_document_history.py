import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.figures.document_history import list_documents_of_customer
from tests.scaffold import (
	BILLING,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
)


@pytest.fixture
def busy():
	"""A customer with a document in each state."""
	seller = make_seller()
	customer = make_customer(seller.name).name
	long_ago = add_days(nowdate(), -20)
	partly, cancelled = (issue_proforma(seller.name, customer=customer) for _number in range(2))
	late = issue_proforma(seller.name, customer=customer, posting_date=long_ago)
	open_invoice = invoice_of(partly, quantity=1)
	cancelled.cancel()
	overdue = invoice_of(late, posting_date=long_ago, due_date=add_days(nowdate(), -10))
	draft = new_proforma(seller.name, customer=customer).insert(ignore_permissions=True)
	frappe.set_user(seller.user)
	return frappe._dict(
		customer=customer,
		seller=seller,
		states={
			partly.name: "With balance",
			cancelled.name: "Cancelled",
			late.name: "Settled",
			open_invoice.name: "With balance",
			overdue.name: "Overdue",
			draft.name: "Draft",
		},
	)


def read(customer: str, limit: int = 3, **filters) -> list[dict]:
	rows, before = [], None
	while True:
		page = list_documents_of_customer(customer, before=before, limit=limit, **filters)
		rows += page["rows"]
		if not page["next"]:
			return rows
		before = frappe.as_json(page["next"])


def test_every_document_stands_once_with_its_state(busy):
	for limit in (1, 3, 100):
		rows = read(busy.customer, limit)
		assert len(rows) == len(busy.states)
		assert {row["name"]: row["state"] for row in rows} == busy.states
		assert rows[0]["state"] == "Draft"


def test_a_state_narrows_them(busy):
	for state in ("Draft", "Overdue", "Settled", "Cancelled"):
		expected = {name for name, its_state in busy.states.items() if its_state == state}
		assert {row["name"] for row in read(busy.customer, state=state)} == expected
	# What is overdue has a balance too.
	expected = {name for name, state in busy.states.items() if state in ("With balance", "Overdue")}
	assert {row["name"] for row in read(busy.customer, state="With balance")} == expected


def test_an_unknown_state_is_refused():
	with pytest.raises(frappe.ValidationError, match="Lost"):
		list_documents_of_customer(make_customer().name, state="Lost")


def test_kind_and_dates_narrow_them(busy):
	assert {row["kind"] for row in read(busy.customer, kind="Invoice")} == {"Invoice"}
	old = read(busy.customer, until=add_days(nowdate(), -5))
	assert sorted(row["state"] for row in old) == ["Overdue", "Settled"]
	assert not read(busy.customer, since=add_days(nowdate(), 1))


def test_each_sees_their_own_and_billing_sees_all(busy):
	frappe.set_user("Administrator")
	other = make_seller()
	issue_proforma(other.name, customer=busy.customer)
	new_proforma(other.name, customer=busy.customer).insert(ignore_permissions=True)
	frappe.set_user(busy.seller.user)
	assert len(read(busy.customer)) == len(busy.states)
	frappe.set_user("Administrator")
	frappe.set_user(make_user(BILLING))
	assert len(read(busy.customer)) == len(busy.states) + 2
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		list_documents_of_customer(busy.customer)
