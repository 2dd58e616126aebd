"""Credit notes without their invoice, and the use of credits on invoices."""

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_analytics.report.cronus_statement_of_account.cronus_statement_of_account import (
	read_statement,
)
from cronus_crm.cronus_billing.money.credit_use import list_credits, take_back_credit, use_credit
from cronus_crm.cronus_billing.money.payment_allocation import allocate_payment, take_back_allocation
from tests.scaffold import (
	BILLING,
	SELLER,
	activity_of,
	credit_note_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_seller,
	make_user,
	pay,
)

SETTINGS = "Cronus CRM Settings"


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def customer(seller):
	return make_customer(seller).name


@pytest.fixture(autouse=True)
def allowed():
	frappe.db.set_single_value(SETTINGS, "credits_without_invoice", 1)


def new_credit(seller, customer, amount=150, **fields):
	fields = {"credit_reason": "Bonus of the year", **fields}
	items = [{"product": ensure_product(), "quantity": 1, "price": amount}]
	values = {"doctype": "Invoice", "is_return": 1, "customer": customer, "seller": seller, "items": items}
	return frappe.get_doc({**values, **fields})


def issue_credit(seller, customer, amount=150):
	credit = new_credit(seller, customer, amount).insert()
	credit.submit()
	return credit


def bill(seller, customer):
	"""An invoice of 200."""
	return invoice_of(issue_proforma(seller, customer=customer))


def balances(*documents):
	for document in documents:
		document.reload()
		assert abs(entry_of(document).balance) == document.balance
	return [document.balance for document in documents]


def test_a_credit_settles_an_invoice_in_parts_and_a_part_is_taken_back(seller, customer):
	credit, invoice = issue_credit(seller, customer), bill(seller, customer)
	assert (credit.name[:3], credit.state, credit.balance) == ("NC-", "Issued", 150)
	owed = read_statement(customer).closing
	assert use_credit(credit.name, invoice.name, 40) == {"credit": 110, "balance": 160}
	use_credit(credit.name, invoice.name, 110)
	assert balances(credit, invoice) == [0, 50]
	assert (credit.state, invoice.state, invoice.credited_amount) == ("Settled", "Partly paid", 150)
	assert [row.amount for row in credit.credit_uses] == [40, 110]
	assert read_statement(customer).closing == owed == 50
	take_back_credit(credit.name, credit.credit_uses[0].name)
	assert balances(credit, invoice) == [40, 90]
	assert [row.amount for row in credit.credit_uses] == [110]
	assert list(verify.find_differences()) == []


def test_an_invoice_that_a_credit_settles_is_collected_no_more_until_it_is_cancelled(seller, customer):
	credit, invoice = issue_credit(seller, customer, 200), bill(seller, customer)
	use_credit(credit.name, invoice.name, 200)
	balances(invoice)
	assert (invoice.state, activity_of(invoice).state) == ("Paid", "Done")
	with pytest.raises(frappe.LinkExistsError, match=credit.name):
		invoice.cancel()
	credit.reload()
	credit.cancel()
	assert balances(invoice) == [200]
	assert activity_of(invoice).state == "Pending"


def test_the_credit_of_a_returned_invoice_settles_another(seller, customer):
	paid, other = bill(seller, customer), bill(seller, customer)
	pay(paid)
	note = credit_note_of(paid, quantity=1)
	use_credit(note.name, other.name, 100)
	assert balances(note, other, paid) == [0, 100, 0]
	note.cancel()
	assert balances(other, paid) == [200, 0]


@pytest.mark.parametrize(
	("amount", "says"),
	[(150.01, "has 150|left"), (0, "above zero"), (-5, "above zero"), (0.001, "above zero")],
)
def test_more_than_is_left_or_nothing_is_refused(seller, customer, amount, says):
	credit, invoice = issue_credit(seller, customer), bill(seller, customer)
	with pytest.raises(frappe.ValidationError, match=says):
		use_credit(credit.name, invoice.name, amount)


def test_more_than_the_invoice_is_refused(seller, customer):
	credit, invoice = issue_credit(seller, customer, 500), bill(seller, customer)
	with pytest.raises(frappe.ValidationError, match="has a balance of"):
		use_credit(credit.name, invoice.name, 200.01)


def test_a_credit_of_another_customer_and_a_draft_are_refused(seller, customer):
	credit = issue_credit(seller, make_customer(seller).name)
	with pytest.raises(frappe.ValidationError, match="different customers"):
		use_credit(credit.name, bill(seller, customer).name, 10)
	draft = new_credit(seller, customer).insert()
	with pytest.raises(frappe.ValidationError, match="not an issued credit note"):
		use_credit(draft.name, bill(seller, customer).name, 10)


def test_nobody_writes_what_is_used(seller, customer):
	credit, invoice = issue_credit(seller, customer), bill(seller, customer)
	use_credit(credit.name, invoice.name, 40)
	credit.reload()
	credit.credit_uses[0].amount = 1
	try:
		credit.save()
	except frappe.ValidationError:
		pass
	credit.reload()
	assert [row.amount for row in credit.credit_uses] == [40]
	draft = new_credit(seller, customer, credit_uses=[{"invoice": invoice.name, "amount": 9}]).insert()
	assert draft.credit_uses == []


def test_the_settings_say_whether_and_how_much(seller, customer):
	frappe.db.set_single_value(SETTINGS, "credit_without_invoice_limit", 149)
	with pytest.raises(frappe.ValidationError, match=r"150\.00.*149\.00"):
		new_credit(seller, customer).insert()
	frappe.db.set_single_value(SETTINGS, "credit_without_invoice_limit", 0)
	with pytest.raises(frappe.MandatoryError, match="Write the reason"):
		new_credit(seller, customer, credit_reason=" ").insert()
	frappe.db.set_single_value(SETTINGS, "credits_without_invoice", 0)
	with pytest.raises(frappe.MandatoryError, match="needs the invoice"):
		new_credit(seller, customer).insert()


@pytest.mark.parametrize(("role", "may"), [(SELLER, False), (BILLING, True)])
def test_only_who_prices_freely_makes_them(role, may):
	user = make_user(role)
	seller = make_seller(user=user).name
	credit = new_credit(seller, make_customer(seller).name)
	frappe.set_user(user)
	if may:
		assert credit.insert().docstatus == 0
	else:
		with pytest.raises(frappe.PermissionError):
			credit.insert()


def test_what_is_left_is_listed_and_paid_out(seller, customer):
	credit, invoice = issue_credit(seller, customer), bill(seller, customer)
	use_credit(credit.name, invoice.name, 50)
	assert [(row.name, row.balance) for row in list_credits(customer, credit.currency)] == [
		(credit.name, 100)
	]
	credit.reload()
	pay(credit)
	assert balances(credit) == [0]
	assert list_credits(customer, credit.currency) == []


def test_an_allocation_of_an_advance_is_taken_back(seller, customer):
	payment, invoice = make_advance(customer), bill(seller, customer)
	allocate_payment(payment.name, invoice.name, 60)
	payment.reload()
	(row,) = payment.allocations
	assert take_back_allocation(payment.name, row.name) == {"unallocated_amount": 100, "balance": 200}
	payment.reload()
	assert (payment.allocations, payment.state, entry_of(payment).balance) == ([], "Advance", 100)
	assert balances(invoice) == [200]
	with pytest.raises(frappe.ValidationError, match="no such allocation"):
		take_back_allocation(payment.name, row.name)
